import type { Box } from '../../src-shared/domain/screening-outcome';
import type { DrawingSurface } from './drawing-surface';
import type { FrameDescription, PaneDescription, RegionMark } from './frame-description';
import { toScreen } from './viewpoint';

/** Colours of the machine's marks: with the casing they show on black and on white. */
export const MARK_COLOURS = {
  alarm: '#ff4dc4',
  casing: '#16040f',
  onAlarm: '#16040f',
  opaque: '#f2b84b',
} as const;

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
  if (picture !== null) {
    const view = { x: 0, y: 0, width: picture.widthPx, height: picture.heightPx };
    const place = toScreen(placement, view);
    const smooth = placement.scale <= CRISP_FROM_SCALE * pixelRatio;
    surface.drawRaster(picture, place, { smooth, opacity: 1 });
    const { heat } = pane;
    if (heat !== null) {
      surface.within(place, () =>
        surface.drawRaster(heat.raster, toScreen(placement, heat.covers), {
          smooth: true,
          opacity: heat.opacity,
        }),
      );
    }
  }
  for (const box of pane.opaque) {
    drawOpaque(surface, toScreen(placement, box), pane.opaqueWord, pixelRatio);
  }
  // The strongest region is drawn last, so that no other frame lies over it.
  for (const mark of [...pane.regions].reverse()) {
    drawRegion(surface, toScreen(placement, mark.box), mark, pixelRatio);
  }
}

function drawRegion(surface: DrawingSurface, box: Box, mark: RegionMark, pixelRatio: number): void {
  const line = (mark.selected ? 3 : 2) * pixelRatio;
  surface.stroke(box, MARK_COLOURS.casing, line + 4 * pixelRatio);
  surface.stroke(box, MARK_COLOURS.alarm, line);
  drawFlag(surface, box, String(mark.number), MARK_COLOURS.alarm, pixelRatio);
}

function drawOpaque(surface: DrawingSurface, box: Box, word: string, pixelRatio: number): void {
  const dash = [6 * pixelRatio, 4 * pixelRatio] as const;
  surface.stroke(box, MARK_COLOURS.casing, 5 * pixelRatio);
  surface.stroke(box, MARK_COLOURS.opaque, 3 * pixelRatio, dash);
  drawFlag(surface, box, word, MARK_COLOURS.opaque, pixelRatio);
}

/** A flag over the box's top left corner; inside the box where there is no room above it. */
function drawFlag(
  surface: DrawingSurface,
  box: Box,
  words: string,
  colour: string,
  pixelRatio: number,
): void {
  const sizePx = 13 * pixelRatio;
  const height = 20 * pixelRatio;
  const width = surface.measure(words, sizePx) + 12 * pixelRatio;
  const casing = 2 * pixelRatio;
  const above = box.y - height - 3 * pixelRatio;
  const y = above >= 0 ? above : box.y + 3 * pixelRatio;
  const x = box.x - pixelRatio;
  surface.fill(
    { x: x - casing, y: y - casing, width: width + 2 * casing, height: height + 2 * casing },
    MARK_COLOURS.casing,
  );
  surface.fill({ x, y, width, height }, colour);
  surface.write(words, x + 6 * pixelRatio, y + height / 2, MARK_COLOURS.onAlarm, sizePx);
}
