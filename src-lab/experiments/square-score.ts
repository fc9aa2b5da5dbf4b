import type { Box, TileScore } from '../../src-shared/domain/screening-outcome';
import type { Square } from './square';

/**
 * What a screened scan says of a square of it: the highest score among the tiles that share more
 * than half of the smaller of the two with it, so that tiles of any size can be asked; where there
 * is none, of the tiles that share most with it; −∞ where no scored tile touches it.
 */
export function squareScore(square: Square, tiles: readonly TileScore[]): number {
  let highest = Number.NEGATIVE_INFINITY;
  let largestShare = 0;
  for (const tile of tiles) {
    const share = sharedArea(square, tile) / Math.min(square.sidePx ** 2, tile.width * tile.height);
    if (share === 0) continue;
    // Beyond a half all are equal; below, only the largest counts.
    const weight = Math.min(share, HALF);
    if (weight > largestShare) highest = Number.NEGATIVE_INFINITY;
    if (weight < largestShare) continue;
    largestShare = weight;
    if (tile.anomalyScore > highest) highest = tile.anomalyScore;
  }
  return highest;
}

/** Just over a half: a neighbour that overlaps by exactly half does not count. */
const HALF = 0.5 + 1e-9;

function sharedArea({ left, top, sidePx }: Square, { x, y, width, height }: Box): number {
  const columns = Math.min(left + sidePx, x + width) - Math.max(left, x);
  const rows = Math.min(top + sidePx, y + height) - Math.max(top, y);
  return columns > 0 && rows > 0 ? columns * rows : 0;
}
