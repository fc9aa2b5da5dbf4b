/** How a scan's channel is noisy, as measured on the scan itself. */
export interface ScannerNoise {
  /** Variance in counts² for each count of signal: counts a photon. */
  readonly gain: number;
  /** Variance of readout in counts². */
  readonly readoutVariance: number;
  /** Correlation of the noise of neighbours along x and along y, at least 0. */
  readonly correlation: { readonly x: number; readonly y: number };
}

/** Air within this share of its level; noise of a lane scanner is under 1 %. */
const AIR_REACH = 0.05;
/** Photons a pixel and readout that are assumed where air tells nothing (clipped, or too little of it). */
const NOMINAL_PHOTONS = 30_000;
const NOMINAL_READOUT = 1 / 10_000;
/** Fewer runs of air than this measure nothing. */
const LEAST_RUNS = 400;

/**
 * Measures a channel's photon noise on its open beam. Differences along rows and along columns
 * leave out slow drifts; the direction with less of them leaves out the gains of single detector
 * channels, which are no noise: they multiply, and a projection keeps them as they are.
 * @param open level of air in counts
 */
export function measureNoise(
  counts: Uint16Array,
  widthPx: number,
  heightPx: number,
  open: number,
): ScannerNoise {
  const x = airDifferences(counts, widthPx, heightPx, open, 1);
  const y = airDifferences(counts, widthPx, heightPx, open, widthPx);
  const readoutVariance = (NOMINAL_READOUT * open) ** 2;
  const correlation = { x: x.correlation, y: y.correlation };
  const variance = Math.min(x.variance, y.variance);
  if (!Number.isFinite(variance) || variance <= 2 * readoutVariance) {
    return { gain: open / NOMINAL_PHOTONS, readoutVariance, correlation };
  }
  return { gain: (variance - readoutVariance) / open, readoutVariance, correlation };
}

/** Pixels between two runs that are looked at: noise does not need them all. */
const EVERY_PX = 3;
/** Median of the square of a standard normal number. */
const MEDIAN_SQUARE = 0.4549;

/**
 * Variance of single pixels and correlation of neighbours from differences over one and over two
 * pixels: E(x₀ − x₁)² = 2σ²(1 − ρ), E(x₀ − x₂)² = 2σ² where pixels two apart do not hang together.
 * Both through medians: thin cloth at a bag's edge is nearly air.
 */
function airDifferences(
  counts: Uint16Array,
  widthPx: number,
  heightPx: number,
  open: number,
  step: number,
): { variance: number; correlation: number } {
  const isAir = (count: number): boolean => Math.abs(count - open) < AIR_REACH * open;
  const near: number[] = [];
  const far: number[] = [];
  const lastRow = step === 1 ? heightPx : heightPx - 4;
  const lastColumn = step === 1 ? widthPx - 4 : widthPx;
  for (let row = 0; row < lastRow; row++) {
    for (let column = row % EVERY_PX; column < lastColumn; column += EVERY_PX) {
      const at = row * widthPx + column;
      const a = counts[at] ?? 0;
      const b = counts[at + step] ?? 0;
      const c = counts[at + 2 * step] ?? 0;
      // What lies behind is looked at too: a run that ends at a bag's edge is darker there.
      if (!isAir(a) || !isAir(b) || !isAir(c) || !isAir(counts[at + 4 * step] ?? 0)) continue;
      near.push((a - b) ** 2);
      far.push((a - c) ** 2);
    }
  }
  if (far.length < LEAST_RUNS) return { variance: Infinity, correlation: 0 };
  const [nearSquare, farSquare] = [median(near), median(far)];
  const correlation = farSquare > 0 ? Math.max(0, 1 - nearSquare / farSquare) : 0;
  return {
    variance: farSquare / (2 * MEDIAN_SQUARE),
    // Under this the measure's own noise is larger.
    correlation: correlation < 0.08 ? 0 : correlation,
  };
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? 0;
}
