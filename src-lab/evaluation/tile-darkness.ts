import type { Box } from '../../src-shared/domain/screening-outcome';

const PERCENTILE = 0.05;

/**
 * The baseline that a model has to beat: how dark the darkest twentieth of a tile is, 255 minus
 * the 5th percentile of its brightness (0 at open beam, 255 where nothing passes).
 * @param brightness one byte a pixel of the view, 255 at open beam
 * @returns one value a tile
 */
export function tileDarkness(
  brightness: Uint8Array,
  widthPx: number,
  tiles: readonly Box[],
): Float64Array {
  const histogram = new Uint32Array(256);
  return Float64Array.from(tiles, (tile) => {
    histogram.fill(0);
    for (let y = tile.y; y < tile.y + tile.height; y += 1) {
      const end = y * widthPx + tile.x + tile.width;
      for (let at = y * widthPx + tile.x; at < end; at += 1) {
        const level = brightness[at] ?? 255;
        histogram[level] = (histogram[level] ?? 0) + 1;
      }
    }
    const rank = PERCENTILE * tile.width * tile.height;
    let seen = 0;
    let level = 0;
    for (; level < 255; level += 1) {
      seen += histogram[level] ?? 0;
      if (seen > rank) break;
    }
    return 255 - level;
  });
}
