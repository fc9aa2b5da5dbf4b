import type { DrawingSurface } from './drawing-surface';
import type { ViewPainter } from './picture/view-painter';

/** A canvas' 2D context, which every Chromium gives unless the canvas already has another kind. */
export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This canvas has no 2D context: it was used for another.');
  return context;
}

/** The drawing surface of a canvas element. */
export function canvasSurface(
  context: CanvasRenderingContext2D,
  painter: ViewPainter,
): DrawingSurface {
  return {
    fill: (box, colour) => {
      context.fillStyle = colour;
      context.fillRect(box.x, box.y, box.width, box.height);
    },
    stroke: (box, colour, lineWidthPx) => {
      context.strokeStyle = colour;
      context.lineWidth = lineWidthPx;
      context.strokeRect(box.x, box.y, box.width, box.height);
    },
    drawView: (view, request, x, y) => painter.draw(context, view, request, x, y),
  };
}
