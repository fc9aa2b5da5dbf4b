import type { Box } from '../../../src-shared/domain/screening-outcome';
import type { Raster } from '../raster';
import type { Affine } from './affine';
import type { Path } from './overlay-description';

export interface LineStyle {
  readonly colour: string;
  readonly widthPx: number;
  /** Lengths of dash and gap; whole when left out. */
  readonly dashPx?: readonly [number, number];
}

/**
 * What drawing the overlay needs of a canvas; the seam between what is drawn and what draws it.
 * All places are in the surface's own pixels, colours are CSS hex colours.
 */
export interface OverlaySurface {
  fill(box: Box, colour: string): void;
  /** Strokes along the box's edge, half of the line on each side. */
  stroke(box: Box, style: LineStyle): void;
  lines(paths: readonly Path[], style: LineStyle): void;
  /** Rising parallel lines, so many pixels apart along x, inside some boxes that do not overlap. */
  hatch(boxes: readonly Box[], spacingPx: number, style: LineStyle): void;
  /** `toSurface` moves the raster's pixels. */
  drawRaster(raster: Raster, toSurface: Affine, opacity: number): void;
  /** Writes words whose middle left lies at a point. */
  write(words: string, x: number, y: number, colour: string, sizePx: number): void;
  measure(words: string, sizePx: number): number;
  /** Everything that `paint` draws is cut at the box. */
  within(box: Box, paint: () => void): void;
}
