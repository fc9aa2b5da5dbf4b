import type { Box } from '../../../src-shared/domain/screening-outcome';
import type { Point } from '../viewpoint';
import { afterStretch, moveBox, movePoint } from './affine';
import { HATCH, OVERLAY_COLOURS } from './overlay-colours';
import type {
  Contour,
  Heat,
  OverlayDescription,
  PaneOverlay,
  Path,
  RegionMark,
} from './overlay-description';
import type { LineStyle, OverlaySurface } from './overlay-surface';

/** Draws the machine's marks. A pure function of the description: the same gives the same pixels. */
export function drawOverlay(surface: OverlaySurface, overlay: OverlayDescription): void {
  for (const pane of overlay.panes) {
    surface.within(pane.place, () => drawPane(surface, pane, overlay.pixelRatio));
  }
}

function drawPane(surface: OverlaySurface, pane: PaneOverlay, ratio: number): void {
  const { heat, area, toScreen } = pane;
  const onScreen = (path: Path): Path => path.map((point) => movePoint(toScreen, point));
  surface.within(moveBox(toScreen, pane.view), () => {
    if (heat !== null) drawHeat(surface, heat, pane);
    if (area?.hatched === true) {
      const boxes = area.boxes.map((box) => moveBox(toScreen, box));
      surface.hatch(boxes, HATCH.spacingPx * ratio, casing(HATCH.casingPx * ratio));
      surface.hatch(boxes, HATCH.spacingPx * ratio, alarm(HATCH.linePx * ratio));
    }
    if (area !== null) {
      const outline = area.outline.map(onScreen);
      surface.lines(outline, casing(6 * ratio));
      surface.lines(outline, alarm(3 * ratio));
    }
    const contours = pane.contours.map((contour) => ({
      ...contour,
      paths: contour.paths.map(onScreen),
    }));
    for (const contour of contours) drawContour(surface, contour, ratio);
    writeScores(surface, contours, ratio);
  });
  for (const box of pane.opaque) {
    drawOpaque(surface, moveBox(toScreen, box), pane.opaqueWord, ratio);
  }
  // The selected and the strongest region are drawn last, so that no other frame lies over them.
  const weakestFirst = [...pane.regions].sort(
    (one, other) => Number(one.selected) - Number(other.selected) || other.number - one.number,
  );
  for (const mark of weakestFirst) drawRegion(surface, moveBox(toScreen, mark.box), mark, ratio);
}

const alarm = (widthPx: number): LineStyle => ({ colour: OVERLAY_COLOURS.alarm, widthPx });
const casing = (widthPx: number): LineStyle => ({ colour: OVERLAY_COLOURS.casing, widthPx });

function drawHeat(surface: OverlaySurface, heat: Heat, { toScreen }: PaneOverlay): void {
  const { raster, covers, opacity } = heat;
  const perPixelX = covers.width / raster.widthPx;
  const perPixelY = covers.height / raster.heightPx;
  surface.drawRaster(raster, afterStretch(toScreen, covers, perPixelX, perPixelY), opacity);
}

function drawContour(surface: OverlaySurface, contour: Contour, ratio: number): void {
  surface.lines(contour.paths, casing(3.5 * ratio));
  const line = alarm(1.5 * ratio);
  const dashPx = [4 * ratio, 4 * ratio] as const;
  surface.lines(contour.paths, contour.aboveThreshold ? line : { ...line, dashPx });
}

/** Room that a line needs before its score is written on it. */
const LABELLED_FROM_PX = 56;

/** The scores on their lines, where one does not cover another: below, right, above or left. */
function writeScores(surface: OverlaySurface, contours: readonly Contour[], ratio: number): void {
  const sizePx = 13 * ratio;
  const taken: Box[] = [];
  for (const { words, paths } of contours) {
    const width = surface.measure(words, sizePx) + 6 * ratio;
    const height = 17 * ratio;
    for (const path of paths) {
      const ends = endsOf(path);
      const [low, right, high, left] = ends;
      const longest = Math.max(right.x - left.x, low.y - high.y);
      if (longest < LABELLED_FROM_PX * ratio) continue;
      const boxes = ends.map(({ x, y }) => ({
        x: x - width / 2,
        y: y - height / 2,
        width,
        height,
      }));
      const free = boxes.find((box) => !taken.some((other) => overlap(box, other)));
      if (free === undefined) continue;
      taken.push(free);
      surface.fill(free, OVERLAY_COLOURS.casing);
      const middle = free.y + height / 2;
      surface.write(words, free.x + 3 * ratio, middle, OVERLAY_COLOURS.alarm, sizePx);
    }
  }
}

/** The lowest, rightmost, highest and leftmost point of a line. */
function endsOf(path: Path): readonly [Point, Point, Point, Point] {
  const origin = path[0] ?? { x: 0, y: 0 };
  const most = (worth: (point: Point) => number): Point =>
    path.reduce((best, point) => (worth(point) > worth(best) ? point : best), origin);
  return [most(({ y }) => y), most(({ x }) => x), most(({ y }) => -y), most(({ x }) => -x)];
}

const overlap = (one: Box, other: Box): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

function drawRegion(surface: OverlaySurface, box: Box, mark: RegionMark, ratio: number): void {
  const line = (mark.selected ? 3 : 2) * ratio;
  surface.stroke(box, casing(line + 4 * ratio));
  surface.stroke(box, alarm(line));
  if (mark.selected) drawBrackets(surface, box, ratio);
  drawFlag(surface, box, String(mark.number), OVERLAY_COLOURS.alarm, ratio);
}

/** The region that is looked at has corners of its own, not a thicker line alone. */
function drawBrackets(surface: OverlaySurface, box: Box, ratio: number): void {
  const out = 7 * ratio;
  const arm = 14 * ratio;
  const left = box.x - out;
  const top = box.y - out;
  const right = box.x + box.width + out;
  const bottom = box.y + box.height + out;
  const corner = (x: number, y: number, towardsX: number, towardsY: number): Path => [
    { x: x + towardsX * arm, y },
    { x, y },
    { x, y: y + towardsY * arm },
  ];
  const corners = [
    corner(left, top, 1, 1),
    corner(right, top, -1, 1),
    corner(right, bottom, -1, -1),
    corner(left, bottom, 1, -1),
  ];
  surface.lines(corners, casing(7 * ratio));
  surface.lines(corners, alarm(3 * ratio));
}

function drawOpaque(surface: OverlaySurface, box: Box, word: string, ratio: number): void {
  const dashPx = [6 * ratio, 4 * ratio] as const;
  surface.stroke(box, casing(5 * ratio));
  surface.stroke(box, { colour: OVERLAY_COLOURS.opaque, widthPx: 3 * ratio, dashPx });
  drawFlag(surface, box, word, OVERLAY_COLOURS.opaque, ratio);
}

/** A flag over the box's top left corner; inside the box where there is no room above it. */
function drawFlag(
  surface: OverlaySurface,
  box: Box,
  words: string,
  colour: string,
  ratio: number,
): void {
  const sizePx = 13 * ratio;
  const height = 20 * ratio;
  const width = surface.measure(words, sizePx) + 12 * ratio;
  const edge = 2 * ratio;
  const above = box.y - height - 3 * ratio;
  const y = above >= 0 ? above : box.y + 3 * ratio;
  const x = Math.max(edge, box.x - ratio);
  surface.fill(
    { x: x - edge, y: y - edge, width: width + 2 * edge, height: height + 2 * edge },
    OVERLAY_COLOURS.casing,
  );
  surface.fill({ x, y, width, height }, colour);
  surface.write(words, x + 6 * ratio, y + height / 2, OVERLAY_COLOURS.onFlag, sizePx);
}
