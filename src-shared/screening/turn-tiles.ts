/**
 * Turns square tiles by quarters, clockwise: (tile, side, side, channels), row-major.
 * @param quarters 0 to 3
 */
export function turnTiles(
  tiles: Float32Array,
  side: number,
  channels: number,
  quarters: number,
): Float32Array {
  if (quarters % 4 === 0) return tiles;
  const turned = new Float32Array(tiles.length);
  const last = side - 1;
  const area = side * side;
  const count = tiles.length / (area * channels);
  for (let tile = 0; tile < count; tile++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        let from = y * side + x;
        if (quarters === 1) from = (last - x) * side + y;
        else if (quarters === 2) from = (last - y) * side + (last - x);
        else if (quarters === 3) from = x * side + (last - y);
        const source = (tile * area + from) * channels;
        const target = (tile * area + y * side + x) * channels;
        for (let c = 0; c < channels; c++) turned[target + c] = tiles[source + c] ?? 0;
      }
    }
  }
  return turned;
}
