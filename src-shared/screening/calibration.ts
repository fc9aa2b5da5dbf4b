import type { Calibration } from '../domain/model-bundle';
import { PhiscanError } from '../domain/phiscan-error';
import type { Rarity } from '../domain/review';
import type { PixelKind } from '../domain/scan';
import { fitTail } from './calibration-tail';
import { excessAt, shareAbove } from './pareto-tail';
import type { Interval, Scale } from './share-intervals';
import { intervalOfShare, shareIntervals } from './share-intervals';

/** Under this many benign bags no scale is made. */
export const MIN_CALIBRATION_BAGS = 20;
/** From this many benign bags on, φ = 0.2 and 0.4 rest on enough bags to be trusted. */
export const RECOMMENDED_CALIBRATION_BAGS = 200;

/** Decades of rarity that a displayScore of 1 stands for: 1 benign bag in 100,000. */
const DECADES = 5;

/** The shares whose intervals are stored: φ = 0, 0.02, …, 1. */
const INTERVAL_SHARES = Array.from({ length: 51 }, (_, step) => benignBagRate(step / 50));

/** A scale as it is made now, with the intervals of its shares. */
export type CalibrationWithIntervals = Extract<Calibration, { method: 'empirical-gpd-2' }>;

/**
 * Freezes the scale of the score from benign bags that were not trained on, and how sure it is.
 * @param bagMaxima the highest tile's anomalyScore of each benign bag, in any order
 * @throws PhiscanError `calibration-impossible` as `fitScale` does
 */
export function calibrate(
  bagMaxima: readonly number[],
  about: {
    readonly scannerKinds: readonly string[];
    readonly pixelKinds: readonly PixelKind[];
    readonly benignSet: string;
  },
): CalibrationWithIntervals {
  const scale = fitScale(bagMaxima);
  return {
    method: 'empirical-gpd-2',
    bagMaxima: [...scale.bagMaxima],
    tail: scale.tail,
    intervals: shareIntervals(scale, INTERVAL_SHARES),
    scannerKinds: [...about.scannerKinds],
    pixelKinds: [...about.pixelKinds],
    benignSet: about.benignSet,
  };
}

/**
 * The scale of a sample alone, without intervals.
 * @throws PhiscanError `calibration-impossible` for too few bags, a value that is not finite, or
 * highest bags that all score the same.
 */
export function fitScale(bagMaxima: readonly number[]): Scale {
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
  const tail = fitTail(sorted, count);
  if (tail === null) {
    throw new PhiscanError(
      'calibration-impossible',
      `The highest-scoring bags all score exactly ${sorted[count - 1] ?? ''}, so no scale can be made. The benign scans may be copies of one another, the model may not be trained, or its score may have reached its bound.`,
    );
  }
  return { bagMaxima: sorted, tail };
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
export function exceedanceProbability(calibration: Scale, anomalyScore: number): number {
  const { bagMaxima, tail } = calibration;
  if (Number.isNaN(anomalyScore)) return Number.NaN;
  if (anomalyScore > tail.threshold) {
    return tail.exceedanceShare * shareAbove(tail, anomalyScore - tail.threshold);
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

/** The 95 % interval of p(a); null for a scale that was made without intervals. */
export function exceedanceInterval(
  calibration: Calibration,
  anomalyScore: number,
): Interval | null {
  if (calibration.method === 'empirical-gpd-1') return null;
  const share = exceedanceProbability(calibration, anomalyScore);
  return intervalOfShare(calibration.intervals, share);
}

/** The 95 % interval of the share of benign bags that alarm at φ; null as `exceedanceInterval`. */
export function benignBagRateInterval(
  calibration: Calibration,
  threshold: number,
): Interval | null {
  if (calibration.method === 'empirical-gpd-1') return null;
  return intervalOfShare(calibration.intervals, benignBagRate(threshold));
}

/** displayScore = min(1, max(0, −log10(p) / 5)): 0.2 is one benign bag in ten, 0.4 one in a hundred. */
export function displayScore(calibration: Scale, anomalyScore: number): number {
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
export function anomalyScoreAt(calibration: Scale, threshold: number): number {
  const { bagMaxima, tail } = calibration;
  const share = benignBagRate(threshold);
  if (share < tail.exceedanceShare) {
    return tail.threshold + excessAt(tail, share / tail.exceedanceShare);
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
export function rarity(calibration: Scale, anomalyScore: number): Rarity {
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
