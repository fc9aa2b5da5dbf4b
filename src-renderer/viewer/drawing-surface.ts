import type { Box } from '../../src-shared/domain/screening-outcome';
import type { Raster } from './raster';

/**
 * What drawing a frame needs of a canvas; the seam between what is drawn and what draws it.
 * All places are in the surface's own pixels, colours are CSS hex colours.
 */
export interface DrawingSurface {
  fill(box: Box, colour: string): void;
  /** Strokes along the box's edge, half of the line on each side. */
  stroke(box: Box, colour: string, lineWidthPx: number, dashPx?: readonly [number, number]): void;
  drawRaster(raster: Raster, place: Box, how: { smooth: boolean; opacity: number }): void;
  /** Writes words whose middle left lies at a point. */
  write(words: string, x: number, y: number, colour: string, sizePx: number): void;
  measure(words: string, sizePx: number): number;
  /** Everything that `paint` draws is cut at the box. */
  within(box: Box, paint: () => void): void;
}
