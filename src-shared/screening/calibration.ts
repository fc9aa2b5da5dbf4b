import type { Calibration } from '../domain/model-bundle';
import { PhiscanError } from '../domain/phiscan-error';
import type { Rarity } from '../domain/review';
import type { PixelKind } from '../domain/scan';
import { fitParetoTail } from './pareto-tail';

/** Under this many benign bags no scale is made. */
export const MIN_CALIBRATION_BAGS = 20;
/** From this many benign bags on, φ = 0.2 and 0.4 rest on enough bags to be trusted. */
export const RECOMMENDED_CALIBRATION_BAGS = 200;

/** Decades of rarity that a displayScore of 1 stands for: 1 benign bag in 100,000. */
const DECADES = 5;

/**
 * Freezes the scale of the score from benign bags that were not trained on.
 *
 * The tail begins above the top tenth of the bags, or above the top 30 where a tenth is fewer (the
 * top half of samples under 60), and is a generalised Pareto fitted to those bags' excesses.
 * @param bagMaxima the highest tile's anomalyScore of each benign bag, in any order
 * @throws PhiscanError `calibration-impossible` for too few bags, a value that is not finite, or
 * bags that all score the same.
 */
export function calibrate(
  bagMaxima: readonly number[],
  about: {
    readonly scannerKinds: readonly string[];
    readonly pixelKinds: readonly PixelKind[];
    readonly benignSet: string;
  },
): Calibration {
  const sorted = [...bagMaxima].sort((a, b) => a - b);
  const count = sorted.length;
  if (count < MIN_CALIBRATION_BAGS) {
    throw new PhiscanError(
      'calibration-impossible',
      `At least ${MIN_CALIBRATION_BAGS} benign bags are needed for a scale, ${count} were scored. Give a folder with more benign scans; ${RECOMMENDED_CALIBRATION_BAGS} or more make a scale that can be trusted.`,
    );
  }
  if (!sorted.every(Number.isFinite)) {
    throw new PhiscanError(
      'calibration-impossible',
      'Finite scores were expected, and a bag scored something else. The model bundle is broken: verify or replace it.',
    );
  }
  const inTail = Math.max(Math.round(count / 10), Math.min(30, Math.floor(count / 2)));
  const threshold = sorted[count - 1 - inTail] ?? Number.NaN;
  const excesses = sorted.filter((value) => value > threshold).map((value) => value - threshold);
  if (excesses.length === 0) {
    throw new PhiscanError(
      'calibration-impossible',
      `The highest-scoring bags all score exactly ${threshold}, so no scale can be made. The benign scans may be copies of one another, or the model may not be trained.`,
    );
  }
  return {
    method: 'empirical-gpd-1',
    bagMaxima: sorted,
    tail: {
      threshold,
      exceedanceShare: shareReaching(sorted, threshold),
      ...fitParetoTail(excesses),
    },
    scannerKinds: [...about.scannerKinds],
    pixelKinds: [...about.pixelKinds],
    benignSet: about.benignSet,
  };
}

/**
 * p(a): the estimated share of benign bags whose highest tile reaches anomalyScore a. Continuous
 * and non-increasing in a.
 *
 * - Between the calibration's bags: k / (n + 1) at the k-th highest of n bags, which is the mean
 *   share of further bags that reach it whatever their distribution; linear in between.
 * - Below the lowest bag: rises linearly to 1 over the distance from the lowest to the median bag.
 * - Above the tail's threshold u: p(u) · (1 + ξ (a − u) / σ)^(−1/ξ), the generalised Pareto tail;
 *   p(u) · e^(−(a − u) / σ) where ξ = 0.
 */
export function exceedanceProbability(calibration: Calibration, anomalyScore: number): number {
  const { bagMaxima, tail } = calibration;
  if (Number.isNaN(anomalyScore)) return Number.NaN;
  if (anomalyScore > tail.threshold) {
    const excess = (anomalyScore - tail.threshold) / tail.scale;
    if (tail.shape === 0) return tail.exceedanceShare * Math.exp(-excess);
    const base = 1 + tail.shape * excess;
    return base <= 0 ? 0 : tail.exceedanceShare * base ** (-1 / tail.shape);
  }
  const below = countBelow(bagMaxima, anomalyScore);
  const upper = bagMaxima[below] ?? tail.threshold;
  const shareAtUpper = shareReaching(bagMaxima, upper);
  if (upper === anomalyScore) return shareAtUpper;
  const [lower, shareAtLower] = anchorBelow(bagMaxima, below);
  if (anomalyScore <= lower) return 1;
  const way = (anomalyScore - lower) / (upper - lower);
  return shareAtLower + (shareAtUpper - shareAtLower) * way;
}

/** displayScore = min(1, max(0, −log10(p) / 5)): 0.2 is one benign bag in ten, 0.4 one in a hundred. */
export function displayScore(calibration: Calibration, anomalyScore: number): number {
  return displayScoreOfShare(exceedanceProbability(calibration, anomalyScore));
}

/** The displayScore of a share p of benign bags, in [0, 1]; NaN of NaN. */
export function displayScoreOfShare(share: number): number {
  return Math.min(1, Math.max(0, -Math.log10(share) / DECADES));
}

/** Share of benign bags that alarm at φ, in [0, 1]: 10^(−5φ). */
export function benignBagRate(threshold: number): number {
  return 10 ** (-DECADES * threshold);
}

/**
 * The anomalyScore at which displayScore reaches φ: the inverse of `displayScore` on (0, 1).
 * @returns Infinity where the fitted tail ends before φ is reached
 */
export function anomalyScoreAt(calibration: Calibration, threshold: number): number {
  const { bagMaxima, tail } = calibration;
  const share = benignBagRate(threshold);
  if (share < tail.exceedanceShare) {
    const ratio = share / tail.exceedanceShare;
    const excess = tail.shape === 0 ? -Math.log(ratio) : (ratio ** -tail.shape - 1) / tail.shape;
    return tail.threshold + tail.scale * excess;
  }
  // p falls with the score: find the lowest bag whose share is no higher than the one sought.
  let low = 0;
  let high = countBelow(bagMaxima, tail.threshold);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (shareReaching(bagMaxima, bagMaxima[middle] ?? tail.threshold) <= share) high = middle;
    else low = middle + 1;
  }
  const upper = bagMaxima[low] ?? tail.threshold;
  const shareAtUpper = shareReaching(bagMaxima, upper);
  const [lower, shareAtLower] = anchorBelow(bagMaxima, countBelow(bagMaxima, upper));
  return upper - ((upper - lower) * (share - shareAtUpper)) / (shareAtLower - shareAtUpper);
}

/**
 * How rare a score is among benign bags. Beyond the highest bag of the calibration the tail is an
 * extrapolation, so nothing is called rarer than one bag in the number that were measured.
 */
export function rarity(calibration: Calibration, anomalyScore: number): Rarity {
  const { bagMaxima } = calibration;
  const measured = bagMaxima.length;
  const highest = bagMaxima[measured - 1] ?? Number.NaN;
  if (anomalyScore > highest) return { oneIn: measured, beyondSample: true };
  const oneIn = 1 / exceedanceProbability(calibration, anomalyScore);
  return { oneIn: Math.min(oneIn, measured), beyondSample: false };
}

/** Number of ascending values that are under a value. */
function countBelow(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? Number.POSITIVE_INFINITY) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** k / (n + 1), k being the number of bags that reach the value. */
function shareReaching(ascending: readonly number[], value: number): number {
  return (ascending.length - countBelow(ascending, value)) / (ascending.length + 1);
}

/** The point under the bag of the given rank from which p falls linearly: [score, p]. */
function anchorBelow(ascending: readonly number[], rank: number): [number, number] {
  const lower = ascending[rank - 1];
  if (lower !== undefined) return [lower, shareReaching(ascending, lower)];
  const lowest = ascending[0] ?? Number.NaN;
  const median = ascending[ascending.length >> 1] ?? Number.NaN;
  return [lowest - (median - lowest), 1];
}
