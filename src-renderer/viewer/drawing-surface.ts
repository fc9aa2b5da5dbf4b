import type { Box } from '../../src-shared/domain/screening-outcome';
import type { DisplayView } from '../../src-shared/imaging/display/display-view';
import type { DisplayRequest } from '../../src-shared/imaging/display/render-display';

/**
 * What drawing a frame needs of a canvas; the seam between what is drawn and what draws it.
 * All places are in the surface's own pixels, colours are CSS hex colours.
 */
export interface DrawingSurface {
  fill(box: Box, colour: string): void;
  /** Strokes along the box's edge, half of the line on each side. */
  stroke(box: Box, colour: string, lineWidthPx: number): void;
  /** Draws what is asked for of a view with its upper left corner at a pixel. */
  drawView(view: DisplayView, request: DisplayRequest, x: number, y: number): void;
}
