import type { DisplayView } from '../../../src-shared/imaging/display/display-view';
import { materialMembers } from '../../../src-shared/imaging/display/material-members';
import {
  renderDisplay,
  type DisplayRequest,
} from '../../../src-shared/imaging/display/render-display';
import { GpuPainter } from './gpu-painter';

/** Undefined until the first view is drawn. */
let gpu: GpuPainter | null | undefined;

/**
 * One WebGL context for the whole program, made for the first view that is drawn: made with each
 * console that opens, and dropped at once where a supervisor goes on to another page, it could
 * block the window for good on a busy computer.
 */
function gpuPainter(): GpuPainter | null {
  if (gpu === undefined) gpu = GpuPainter.create();
  return gpu;
}

/** Draws views onto 2D canvases: by WebGL2 where there is any, else by plain arithmetic, with the same pixels. */
export class ViewPainter {
  constructor() {
    // Made once a program, before the first bag is there to wait for it.
    requestIdleCallback(() => materialMembers());
  }

  draw(
    context: CanvasRenderingContext2D,
    view: DisplayView,
    request: DisplayRequest,
    x: number,
    y: number,
  ): void {
    const { widthPx, heightPx } = request;
    const painter = gpuPainter();
    if (painter?.draw(view, request) === true) {
      const { canvas } = painter;
      const top = canvas.height - heightPx;
      context.drawImage(canvas, 0, top, widthPx, heightPx, x, y, widthPx, heightPx);
      return;
    }
    context.putImageData(new ImageData(renderDisplay(view, request), widthPx, heightPx), x, y);
  }

  /** Frees what was kept of all other views. */
  keepOnly(views: readonly DisplayView[]): void {
    gpu?.keepOnly(views);
  }
}
