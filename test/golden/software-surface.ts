import type { Box } from '../../src-shared/domain/screening-outcome';
import type { DisplayView } from '../../src-shared/imaging/display/display-view';
import {
  renderDisplay,
  type DisplayRequest,
} from '../../src-shared/imaging/display/render-display';
import type { DrawingSurface } from '../../src-renderer/viewer/drawing-surface';

/**
 * A drawing surface of plain arithmetic, so that a frame's pixels are the same on every machine.
 * Strokes and fills cover the pixels whose centres they cover.
 */
export class SoftwareSurface implements DrawingSurface {
  readonly rgb: Uint8Array;

  constructor(
    readonly widthPx: number,
    readonly heightPx: number,
  ) {
    this.rgb = new Uint8Array(widthPx * heightPx * 3);
  }

  fill(box: Box, colour: string): void {
    this.#each(box, colour, () => true);
  }

  stroke(box: Box, colour: string, lineWidthPx: number): void {
    const half = lineWidthPx / 2;
    const right = box.x + box.width - half;
    const bottom = box.y + box.height - half;
    const outer = {
      x: box.x - half,
      y: box.y - half,
      width: box.width + lineWidthPx,
      height: box.height + lineWidthPx,
    };
    this.#each(outer, colour, (x, y) => {
      return x < box.x + half || y < box.y + half || x > right || y > bottom;
    });
  }

  drawView(view: DisplayView, request: DisplayRequest, x: number, y: number): void {
    const rgba = renderDisplay(view, request);
    for (let row = 0; row < request.heightPx; row += 1) {
      for (let column = 0; column < request.widthPx; column += 1) {
        const from = (row * request.widthPx + column) * 4;
        if (rgba[from + 3] !== 255) throw new Error('A pixel was asked for outside of the view.');
        const to = ((y + row) * this.widthPx + x + column) * 3;
        this.rgb.set(rgba.subarray(from, from + 3), to);
      }
    }
  }

  #each(box: Box, colour: string, isCovered: (x: number, y: number) => boolean): void {
    const value = Number.parseInt(colour.slice(1), 16);
    const ink = [value >> 16, (value >> 8) & 255, value & 255];
    for (let y = 0; y < this.heightPx; y += 1) {
      for (let x = 0; x < this.widthPx; x += 1) {
        const [cx, cy] = [x + 0.5, y + 0.5];
        const isIn = cx > box.x && cy > box.y && cx < box.x + box.width && cy < box.y + box.height;
        if (isIn && isCovered(cx, cy)) this.rgb.set(ink, (y * this.widthPx + x) * 3);
      }
    }
  }
}
