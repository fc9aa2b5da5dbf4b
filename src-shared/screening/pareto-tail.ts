/** A generalised Pareto distribution of excesses y ≥ 0: P(Y > y) = (1 + ξ y / σ)^(−1/ξ). */
export interface ParetoTail {
  /** ξ: above 0 the tail is heavy, below 0 it ends at −σ/ξ. */
  readonly shape: number;
  /** σ, in the units of the excesses. */
  readonly scale: number;
}

/** Excesses' worth of belief in an exponential tail (ξ = 0) that a sample has to outweigh. */
const PRIOR_EXCESSES = 10;
const MIN_SHAPE = -0.25;
const MAX_SHAPE = 0.5;
/** A tail that ends may do so no nearer than this multiple of the largest excess seen. */
const MIN_END = 1.25;

/**
 * Fits a generalised Pareto tail to excesses over a threshold.
 *
 * The shape is the probability-weighted-moments estimate (Hosking and Wallis, Technometrics 29,
 * 1987: ξ = 2 − a₀ / (a₀ − 2a₁), a₁ = mean of (1 − pᵢ)·y₍ᵢ₎, pᵢ = (i − 0.35) / k), drawn towards the
 * exponential tail by the weight k / (k + 10), because the shape of a few excesses is mostly
 * noise, and kept within [−0.25, 0.5] and off the largest excess. The scale then gives the tail
 * the excesses' own mean: σ = mean · (1 − ξ).
 * @param excesses at least one, each above 0, in any order
 */
export function fitParetoTail(excesses: readonly number[]): ParetoTail {
  const sorted = [...excesses].sort((a, b) => a - b);
  const count = sorted.length;
  const largest = sorted[count - 1] ?? Number.NaN;
  if (!sorted.every((excess) => excess > 0 && Number.isFinite(excess)) || count === 0) {
    throw new RangeError('At least one excess was expected, each finite and above 0.');
  }
  const mean = sorted.reduce((sum, excess) => sum + excess, 0) / count;
  const weighted =
    sorted.reduce((sum, excess, i) => sum + (1 - (i + 1 - 0.35) / count) * excess, 0) / count;
  const estimate = 2 - mean / (mean - 2 * weighted);
  const drawn = Number.isFinite(estimate) ? (estimate * count) / (count + PRIOR_EXCESSES) : 0;
  // The end −σ/ξ = mean · (1 − ξ) / −ξ lies at MIN_END · largest exactly where ξ is this.
  const shapeOfNearestEnd = -mean / (MIN_END * largest - mean);
  const shape = Math.min(MAX_SHAPE, Math.max(MIN_SHAPE, shapeOfNearestEnd, drawn));
  return { shape, scale: mean * (1 - shape) };
}
