import type { ModelPicture, TileGrid } from '../../src-shared/screening/tiling';
import { tileOrigin } from '../../src-shared/screening/tiling';

const PERCENTILE = 0.05;
/** R + G + B of open beam. */
const WHITE = 765;

/**
 * How dark the darkest twentieth of a tile is: the baseline that a model has to beat.
 * 255 minus the 5th percentile of the mean of red, green and blue;
 * pixels outside the picture count as open beam.
 * @returns one value in [0, 255] for each of the tiles
 */
export function tileDarkness(
  { widthPx, heightPx, rgb }: ModelPicture,
  grid: TileGrid,
  tileIndices: readonly number[],
): Float64Array {
  const { tileSizePx } = grid;
  const histogram = new Uint32Array(WHITE + 1);
  return Float64Array.from(tileIndices, (index) => {
    histogram.fill(0);
    const { x, y } = tileOrigin(grid, index);
    const right = Math.min(widthPx, x + tileSizePx);
    for (let row = y; row < Math.min(heightPx, y + tileSizePx); row += 1) {
      const end = (row * widthPx + right) * 3;
      for (let at = (row * widthPx + x) * 3; at < end; at += 3) {
        const sum = (rgb[at] ?? 255) + (rgb[at + 1] ?? 255) + (rgb[at + 2] ?? 255);
        histogram[sum] = (histogram[sum] ?? 0) + 1;
      }
    }
    const rank = PERCENTILE * tileSizePx * tileSizePx;
    let seen = 0;
    let level = 0;
    for (; level < WHITE; level += 1) {
      seen += histogram[level] ?? 0;
      if (seen > rank) break;
    }
    return (WHITE - level) / 3;
  });
}
