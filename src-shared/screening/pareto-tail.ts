/** A generalised Pareto distribution of excesses y ≥ 0: P(Y > y) = (1 + ξ y / σ)^(−1/ξ). */
export interface ParetoTail {
  /** ξ: above 0 the tail is heavy, below 0 it ends at −σ/ξ. */
  readonly shape: number;
  /** σ, in the units of the excesses. */
  readonly scale: number;
}

/** Excesses' worth of belief in an exponential tail (ξ = 0) that a sample has to outweigh. */
const PRIOR_EXCESSES = 5;
/** ξ of a uniform distribution; anything under it would be densest at its very end. */
const MIN_SHAPE = -1;
/** From here on the variance of the excesses is infinite. */
const MAX_SHAPE = 0.5;

/** The share of excesses above y ≥ 0; e^(−y/σ) where ξ = 0. */
export function shareAbove({ shape, scale }: ParetoTail, excess: number): number {
  if (shape === 0) return Math.exp(-excess / scale);
  const base = 1 + (shape * excess) / scale;
  return base <= 0 ? 0 : base ** (-1 / shape);
}

/** The excess that a share in (0, 1] of them lies above: the inverse of `shareAbove`. */
export function excessAt({ shape, scale }: ParetoTail, share: number): number {
  return scale * (shape === 0 ? -Math.log(share) : (share ** -shape - 1) / shape);
}

/**
 * ξ of the excesses over a threshold: the quasi-Bayesian estimate of Zhang and Stephens
 * (Technometrics 51, 2009), which holds for tails that end as well as for heavy ones, drawn
 * towards the exponential tail by the weight k / (k + 5), because the shape of a few excesses is
 * mostly noise, and kept within [−1, 0.5].
 * @param excesses ascending, each above 0, at least one
 */
export function estimateShape(excesses: readonly number[]): number {
  const count = excesses.length;
  const largest = excesses[count - 1] ?? Number.NaN;
  const quartile = excesses[Math.max(0, Math.floor(count / 4 + 0.5) - 1)] ?? Number.NaN;
  if (!(quartile > 0 && Number.isFinite(largest))) {
    throw new RangeError('At least one excess was expected, each finite and above 0.');
  }
  const mean = meanOf(excesses);
  // θ = −ξ/σ; each candidate has its own best ξ and is weighed by its profile likelihood.
  const candidates = 20 + Math.floor(Math.sqrt(count));
  const thetas: number[] = [];
  const logLikelihoods: number[] = [];
  for (let j = 1; j <= candidates; j += 1) {
    const theta = 1 / largest + (1 - Math.sqrt(candidates / (j - 0.5))) / (3 * quartile);
    const shape = shapeGiven(theta, excesses);
    thetas.push(theta);
    // −θ/ξ = 1/σ, which is 1/mean where both are 0.
    const rate = shape === 0 ? 1 / mean : -theta / shape;
    logLikelihoods.push(count * (Math.log(rate) - shape - 1));
  }
  const best = Math.max(...logLikelihoods);
  let weightSum = 0;
  let weightedSum = 0;
  for (const [j, logLikelihood] of logLikelihoods.entries()) {
    const weight = Math.exp(logLikelihood - best);
    weightSum += weight;
    weightedSum += weight * (thetas[j] ?? 0);
  }
  const estimate = shapeGiven(weightedSum / weightSum, excesses);
  const drawn = (estimate * count) / (count + PRIOR_EXCESSES);
  return Math.min(MAX_SHAPE, Math.max(MIN_SHAPE, drawn));
}

/** The likeliest ξ where −ξ/σ = θ: the mean of ln(1 − θ y). */
function shapeGiven(theta: number, excesses: readonly number[]): number {
  let sum = 0;
  for (const excess of excesses) sum += Math.log1p(-theta * excess);
  return sum / excesses.length;
}

/**
 * The tail of a given shape that has the excesses' own mean: σ = mean · (1 − ξ). A tail that ends
 * does so no nearer than 1 + 1/k times the largest of its k excesses: ξ is raised until it does.
 * @param excesses as for `estimateShape`
 */
export function tailOfShape(shape: number, excesses: readonly number[]): ParetoTail {
  const count = excesses.length;
  const mean = meanOf(excesses);
  const nearestEnd = (excesses[count - 1] ?? Number.NaN) * (1 + 1 / count);
  // The end −σ/ξ = mean · (1 − ξ) / −ξ lies at nearestEnd exactly where ξ is this.
  const kept = Math.max(shape, -mean / (nearestEnd - mean));
  return { shape: kept, scale: mean * (1 - kept) };
}

function meanOf(excesses: readonly number[]): number {
  return excesses.reduce((sum, excess) => sum + excess, 0) / excesses.length;
}
