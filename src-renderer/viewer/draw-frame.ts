import type { DrawingSurface } from './drawing-surface';
import type { FrameDescription, PaneDescription } from './frame-description';
import { toScreen } from './viewpoint';

const GROUNDS = { light: '#ffffff', dark: '#000000', empty: '#0c0f14' } as const;

/** Enlarged past this, a view's own pixels are shown as they are; below it they are smoothed. */
const CRISP_FROM_SCALE = 2;

/** Draws one frame. A pure function of the description: the same frame gives the same pixels. */
export function drawFrame(surface: DrawingSurface, frame: FrameDescription): void {
  const whole = { x: 0, y: 0, width: frame.widthPx, height: frame.heightPx };
  surface.fill(whole, GROUNDS[frame.ground]);
  for (const pane of frame.panes) {
    surface.within(pane.place, () => drawPane(surface, pane, frame.pixelRatio));
  }
  if (frame.panes.length > 1) {
    for (const pane of frame.panes) surface.stroke(pane.place, '#8d98a8', frame.pixelRatio);
  }
}

function drawPane(surface: DrawingSurface, pane: PaneDescription, pixelRatio: number): void {
  const { picture, placement } = pane;
  if (picture === null) return;
  const view = { x: 0, y: 0, width: picture.widthPx, height: picture.heightPx };
  const smooth = placement.scale <= CRISP_FROM_SCALE * pixelRatio;
  surface.drawRaster(picture, toScreen(placement, view), { smooth, opacity: 1 });
}
