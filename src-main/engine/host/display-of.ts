import { displayBytes } from '../../../src-shared/imaging/display/display-bytes';
import { CHANNELS } from '../../../src-shared/imaging/display/display-view';
import { toDisplayView } from '../../../src-shared/imaging/display/to-display-view';
import type { ViewDisplay } from '../screener';
import type { DrawableView } from './decode-scan';

/** A decoded view as the viewer draws it. */
export function displayOf({
  view,
  pixels,
}: DrawableView): Pick<ViewDisplay, 'widthPx' | 'heightPx' | 'channels' | 'bytes'> {
  const display = toDisplayView({ ...view, pixels });
  const { widthPx, heightPx, kind } = display;
  return { widthPx, heightPx, channels: CHANNELS[kind], bytes: displayBytes(display) };
}
