/** Standard normal numbers by Box and Muller. @param uniform gives numbers in [0, 1) */
export function normalNumbers(uniform: () => number): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/**
 * A field of standard normal numbers that hang together from pixel to pixel as a scanner's noise
 * does: each is mixed with its neighbours by [a, 1, a] along rows and columns.
 * @param correlation of neighbours along x and y, see ScannerNoise
 */
export function normalField(
  width: number,
  height: number,
  correlation: { readonly x: number; readonly y: number },
  uniform: () => number,
): Float32Array {
  const normal = normalNumbers(uniform);
  const padded = width + 2;
  const white = Float32Array.from({ length: padded * (height + 2) }, normal);
  const [ax, ay] = [neighbourWeight(correlation.x), neighbourWeight(correlation.y)];
  const norm = 1 / Math.sqrt((1 + 2 * ax * ax) * (1 + 2 * ay * ay));
  const field = new Float32Array(width * height);
  const along = (at: number): number =>
    (white[at] ?? 0) + ax * ((white[at - 1] ?? 0) + (white[at + 1] ?? 0));
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++, to++) {
      const at = (row + 1) * padded + column + 1;
      field[to] = norm * (along(at) + ay * (along(at - padded) + along(at + padded)));
    }
  }
  return field;
}

/** a such that neighbours under [a, 1, a] correlate by 2a / (1 + 2a²); at most 0.7. */
function neighbourWeight(correlation: number): number {
  const rho = Math.min(0.7, Math.max(0, correlation));
  return rho < 1e-3 ? 0 : (1 - Math.sqrt(1 - 2 * rho * rho)) / (2 * rho);
}
