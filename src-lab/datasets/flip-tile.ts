/**
 * Flips a square RGB tile in place: left–right when bit 0 of `choice` is set, upside down when
 * bit 1 is. An X-ray of a bag has no side of its own.
 */
export function flipTile(tile: Float32Array, sidePx: number, choice: number): void {
  const rowLength = sidePx * 3;
  if ((choice & 1) !== 0) {
    for (let row = 0; row < sidePx; row++) {
      for (let x = 0; x < sidePx >> 1; x++) {
        const left = row * rowLength + x * 3;
        swap(tile, left, row * rowLength + (sidePx - 1 - x) * 3, 3);
      }
    }
  }
  if ((choice & 2) !== 0) {
    for (let row = 0; row < sidePx >> 1; row++) {
      swap(tile, row * rowLength, (sidePx - 1 - row) * rowLength, rowLength);
    }
  }
}

function swap(values: Float32Array, a: number, b: number, length: number): void {
  for (let i = 0; i < length; i++) {
    const held = values[a + i] ?? 0;
    values[a + i] = values[b + i] ?? 0;
    values[b + i] = held;
  }
}
