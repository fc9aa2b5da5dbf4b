import type { Box } from '../../src-shared/domain/screening-outcome';
import type { DrawingSurface } from './drawing-surface';
import type { Raster } from './raster';

/** A raster is turned into a canvas once and forgotten together with it. */
const canvasOfRaster = new WeakMap<Raster, HTMLCanvasElement>();

function toCanvas(raster: Raster): HTMLCanvasElement {
  const known = canvasOfRaster.get(raster);
  if (known !== undefined) return known;
  const canvas = document.createElement('canvas');
  canvas.width = raster.widthPx;
  canvas.height = raster.heightPx;
  const context = contextOf(canvas);
  context.putImageData(new ImageData(raster.rgba, raster.widthPx, raster.heightPx), 0, 0);
  canvasOfRaster.set(raster, canvas);
  return canvas;
}

/** A canvas' 2D context, which every Chromium gives unless the canvas already has another kind. */
export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This canvas has no 2D context: it was used for another.');
  return context;
}

/** The drawing surface of a canvas element. */
export function canvasSurface(context: CanvasRenderingContext2D): DrawingSurface {
  const font = (sizePx: number) => `600 ${sizePx}px "Inter Variable", sans-serif`;
  return {
    fill: (box, colour) => {
      context.fillStyle = colour;
      context.fillRect(box.x, box.y, box.width, box.height);
    },
    stroke: (box, colour, lineWidthPx, dashPx) => {
      context.strokeStyle = colour;
      context.lineWidth = lineWidthPx;
      context.lineJoin = 'round';
      context.setLineDash(dashPx === undefined ? [] : [...dashPx]);
      context.strokeRect(box.x, box.y, box.width, box.height);
    },
    drawRaster: (raster, place, how) => {
      context.imageSmoothingEnabled = how.smooth;
      context.imageSmoothingQuality = 'high';
      context.globalAlpha = how.opacity;
      context.drawImage(toCanvas(raster), place.x, place.y, place.width, place.height);
      context.globalAlpha = 1;
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
    within: (box: Box, paint) => {
      context.save();
      context.beginPath();
      context.rect(box.x, box.y, box.width, box.height);
      context.clip();
      paint();
      context.restore();
    },
  };
}
