import type { Box } from '../../../src-shared/domain/screening-outcome';
import type { Raster } from '../raster';
import type { Path } from './overlay-description';
import type { LineStyle, OverlaySurface } from './overlay-surface';

/** A raster is turned into a canvas once and forgotten together with it. */
const canvasOfRaster = new WeakMap<Raster, OffscreenCanvas>();

function toCanvas(raster: Raster): OffscreenCanvas {
  const known = canvasOfRaster.get(raster);
  if (known !== undefined) return known;
  const canvas = new OffscreenCanvas(raster.widthPx, raster.heightPx);
  const context = canvas.getContext('2d');
  context?.putImageData(new ImageData(raster.rgba, raster.widthPx, raster.heightPx), 0, 0);
  canvasOfRaster.set(raster, canvas);
  return canvas;
}

/** The overlay's drawing surface on a canvas element, cleared to let the picture through. */
export function canvasOverlaySurface(context: CanvasRenderingContext2D): OverlaySurface {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  const font = (sizePx: number) => `600 ${sizePx}px "Inter Variable", sans-serif`;
  const stroke = (style: LineStyle, trace: () => void): void => {
    context.strokeStyle = style.colour;
    context.lineWidth = style.widthPx;
    context.lineJoin = 'round';
    context.lineCap = style.dashPx === undefined ? 'square' : 'butt';
    context.setLineDash(style.dashPx === undefined ? [] : [...style.dashPx]);
    context.beginPath();
    trace();
    context.stroke();
  };
  const within = (trace: () => void, paint: () => void): void => {
    context.save();
    context.beginPath();
    trace();
    context.clip();
    paint();
    context.restore();
  };
  const rectangle = ({ x, y, width, height }: Box) => context.rect(x, y, width, height);
  return {
    fill: (box, colour) => {
      context.fillStyle = colour;
      context.fillRect(box.x, box.y, box.width, box.height);
    },
    stroke: (box, style) => stroke(style, () => rectangle(box)),
    lines: (paths, style) => stroke(style, () => paths.forEach((path) => tracePath(context, path))),
    hatch: (boxes, spacingPx, style) =>
      within(
        () => boxes.forEach(rectangle),
        () => stroke(style, () => boxes.forEach((box) => traceHatch(context, box, spacingPx))),
      ),
    drawRaster: (raster, { a, b, c, d, e, f }, opacity) => {
      context.save();
      context.imageSmoothingEnabled = true;
      context.imageSmoothingQuality = 'low';
      context.globalAlpha = opacity;
      context.transform(a, b, c, d, e, f);
      context.drawImage(toCanvas(raster), 0, 0);
      context.restore();
    },
    write: (words, x, y, colour, sizePx) => {
      context.font = font(sizePx);
      context.textBaseline = 'middle';
      context.fillStyle = colour;
      context.fillText(words, x, y);
    },
    measure: (words, sizePx) => {
      context.font = font(sizePx);
      return context.measureText(words).width;
    },
    within: (box, paint) => within(() => rectangle(box), paint),
  };
}

function tracePath(context: CanvasRenderingContext2D, path: Path): void {
  path.forEach(({ x, y }, index) => {
    if (index === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
}

/** Lines x + y = a whole number of spacings: they run on from one box into the next. */
function traceHatch(
  context: CanvasRenderingContext2D,
  { x, y, width, height }: Box,
  spacingPx: number,
): void {
  const last = x + width + y + height;
  for (let sum = Math.ceil((x + y) / spacingPx) * spacingPx; sum <= last; sum += spacingPx) {
    context.moveTo(sum - y, y);
    context.lineTo(sum - y - height, y + height);
  }
}
