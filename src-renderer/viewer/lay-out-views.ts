import type { Box } from '../../src-shared/domain/screening-outcome';
import { dividePlace, type Size } from './viewpoint';

/** Room around a fitted view: the caption stands above it, the read-out below. */
const PANE_MARGIN = { top: 36, bottom: 36, side: 12 } as const;

/** The place of each of some views on the stage, and the frame in it that the view is fitted into. */
export function layOutViews(
  stage: Size,
  count: number,
): readonly { readonly place: Box; readonly frame: Box }[] {
  return dividePlace({ x: 0, y: 0, ...stage }, count).map((place) => ({
    place,
    frame: {
      x: place.x + PANE_MARGIN.side,
      y: place.y + PANE_MARGIN.top,
      width: Math.max(1, place.width - 2 * PANE_MARGIN.side),
      height: Math.max(1, place.height - PANE_MARGIN.top - PANE_MARGIN.bottom),
    },
  }));
}
