import { levelForScale } from '../../src-shared/imaging/display/display-view';
import type { DrawingSurface } from './drawing-surface';
import type { FrameDescription, PaneDescription } from './frame-description';
import { moveBox } from './overlay/affine';
import { inverseOf, scaleOf } from './viewpoint';

const GROUNDS = { light: '#ffffff', dark: '#000000', empty: '#0c0f14' } as const;

/** Enlarged past this, a view's own pixels are shown as they are; below it they are blended. */
const CRISP_FROM_SCALE = 4;

/** Draws one frame. A pure function of the description: the same frame gives the same pixels. */
export function drawFrame(surface: DrawingSurface, frame: FrameDescription): void {
  const whole = { x: 0, y: 0, width: frame.widthPx, height: frame.heightPx };
  surface.fill(whole, GROUNDS[frame.ground]);
  for (const pane of frame.panes) drawPane(surface, pane, frame.pixelRatio);
  if (frame.panes.length > 1) {
    for (const pane of frame.panes) surface.stroke(pane.place, '#8d98a8', frame.pixelRatio);
  }
}

/** Asks for the pixels alone that lie in the pane and on the view. */
function drawPane(surface: DrawingSurface, pane: PaneDescription, pixelRatio: number): void {
  const { picture, placement, place } = pane;
  if (picture === null) return;
  const { view, parameters } = picture;
  const lies = moveBox(placement, { x: 0, y: 0, width: view.widthPx, height: view.heightPx });
  const [x, right] = pixelsWithin(lies.x, lies.width, place.x, place.width);
  const [y, bottom] = pixelsWithin(lies.y, lies.height, place.y, place.height);
  if (right <= x || bottom <= y) return;
  const { a, b, c, d, e, f } = inverseOf(placement);
  const scale = scaleOf(placement);
  const request = {
    widthPx: right - x,
    heightPx: bottom - y,
    toView: { xx: a, xy: c, x0: a * x + c * y + e, yx: b, yy: d, y0: b * x + d * y + f },
    level: levelForScale(view, scale),
    crisp: scale > CRISP_FROM_SCALE * pixelRatio && !parameters.smooth,
    parameters,
  };
  surface.drawView(view, request, x, y);
}

/** First pixel and end of those whose centres lie within both spans. */
function pixelsWithin(
  from: number,
  length: number,
  placeFrom: number,
  placeLength: number,
): readonly [first: number, end: number] {
  const first = Math.ceil(Math.max(from, placeFrom) - 0.5);
  const end = Math.ceil(Math.min(from + length, placeFrom + placeLength) - 0.5);
  return [first, end];
}
