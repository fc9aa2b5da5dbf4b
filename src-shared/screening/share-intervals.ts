import type { Calibration, ShareInterval } from '../domain/model-bundle';
import { mulberry32 } from '../mulberry32';
import { betaQuantile } from './beta-distribution';
import { fitTail, shapeBagsOf } from './calibration-tail';
import { excessAt, shareAbove } from './pareto-tail';

/** How far a scale's p may be off depends on nothing else of it. */
export type Scale = Pick<Calibration, 'bagMaxima' | 'tail'>;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Rounds of the bootstrap: its 2.5 % quantiles rest on 25 of them. */
const ROUNDS = 1000;
const SEED = 1;
/** What is left out on either side of a 95 % interval. */
const SIDE = 0.025;
/** Under this many bags expected above a score, nothing bounds the true share from below. */
const MIN_EXPECTED_BAGS = 3;
/** Slices of equal probability that stand for a Beta distribution. */
const SLICES = 200;

/**
 * The 95 % intervals of the true share of benign bags above the score at which a scale says p.
 *
 * - Down to the share at which the tail begins, with k = p (n + 1): quantiles of the
 *   Beta(k, n + 1 − k) distribution, which is exactly that of the true share above the k-th
 *   highest of n bags whatever the distribution of the scores (David and Nagaraja, Order
 *   Statistics, 2003, 2.3).
 * - Beyond: quantiles of a parametric bootstrap, seeded. Each round draws the highest of n bags
 *   from the fitted tail, gives them a scale by the same rule, and asks for the true share above
 *   the score at which that scale says p. The interval is widened where it does not hold p.
 * - Where fewer than three of the n bags are expected above, scores may have a bound that the
 *   sample does not show: the low end is 0 there.
 * @param shares falling, each in (0, 1]
 */
export function shareIntervals(scale: Scale, shares: readonly number[]): ShareInterval[] {
  const bags = scale.bagMaxima.length;
  const beyond = trueSharesBeyond(scale, shares);
  let last: Interval = { low: 1, high: 1 };
  return shares.map((share) => {
    const drawn = beyond.get(share);
    const interval =
      drawn === undefined
        ? betaInterval(share, bags)
        : { low: quantileOf(drawn, SIDE), high: quantileOf(drawn, 1 - SIDE) };
    const low = share * (bags + 1) < MIN_EXPECTED_BAGS ? 0 : interval.low;
    // Neither end may rise as the share falls, where the bootstrap takes over from the Beta.
    last = {
      low: Math.min(last.low, low, share),
      high: Math.min(last.high, Math.max(interval.high, share)),
    };
    return { share, ...last };
  });
}

/**
 * The interval of a share that lies between those listed: linear in the shares' logarithms, and 0
 * as soon as the next is 0.
 */
export function intervalOfShare(intervals: readonly ShareInterval[], share: number): Interval {
  const next = intervals.findIndex((entry) => entry.share <= share);
  const upper = intervals[next === -1 ? intervals.length - 1 : Math.max(1, next) - 1];
  const lower = intervals[next === -1 ? intervals.length - 1 : next];
  if (upper === undefined || lower === undefined || Number.isNaN(share)) {
    return { low: Number.NaN, high: Number.NaN };
  }
  // Rarer than all that is listed: nothing holds from below.
  if (share < lower.share) return { low: 0, high: lower.high };
  const way =
    upper.share === lower.share
      ? 0
      : Math.log(upper.share / share) / Math.log(upper.share / lower.share);
  const between = (a: number, b: number): number =>
    way === 0 ? a : b === 0 ? 0 : Math.exp((1 - way) * Math.log(a) + way * Math.log(b));
  return { low: between(upper.low, lower.low), high: between(upper.high, lower.high) };
}

/**
 * Equally likely values of the true share of benign bags above the score at which a scale says
 * p, ascending: the distributions that `shareIntervals` takes its quantiles from.
 */
export function possibleTrueShares(scale: Scale, share: number): Float64Array {
  const drawn = trueSharesBeyond(scale, [share]).get(share);
  if (drawn !== undefined) return drawn;
  const bags = scale.bagMaxima.length;
  const k = share * (bags + 1);
  return Float64Array.from({ length: SLICES }, (_, slice) =>
    betaQuantile((slice + 0.5) / SLICES, k, bags + 1 - k),
  );
}

function betaInterval(share: number, bags: number): Interval {
  const k = share * (bags + 1);
  const rest = bags + 1 - k;
  if (rest <= 0) return { low: 1, high: 1 };
  return { low: betaQuantile(SIDE, k, rest), high: betaQuantile(1 - SIDE, k, rest) };
}

/** The bootstrap, for those of the shares that lie in the tail: share → true shares, ascending. */
function trueSharesBeyond(
  { bagMaxima, tail }: Scale,
  shares: readonly number[],
): ReadonlyMap<number, Float64Array> {
  const bags = bagMaxima.length;
  const beyond = shares.filter((share) => share < tail.exceedanceShare);
  const drawn = new Map(beyond.map((share) => [share, new Float64Array(ROUNDS)]));
  const next = mulberry32(SEED);
  for (let round = 0; beyond.length > 0 && round < ROUNDS; round += 1) {
    const { excesses, shareAtBegin } = drawHighest(bags, tail.shape, next);
    const fitted = fitTail(excesses, bags);
    if (fitted === null) throw new RangeError('Drawn excesses are never all alike.');
    for (const [share, values] of drawn) {
      const score = fitted.threshold + excessAt(fitted, share / fitted.exceedanceShare);
      values[round] = shareAtBegin * shareAbove({ shape: tail.shape, scale: 1 }, score);
    }
  }
  for (const values of drawn.values()) values.sort();
  return drawn;
}

/**
 * The highest of a sample of n bags, as excesses of scale 1 over the lowest of them, ascending:
 * `shapeBagsOf` of them and a 0; and the true share of bags above that lowest. With exponential
 * spacings E, the true share above the j-th highest is ΣE (j of them) / ΣE (n + 1 of them).
 */
function drawHighest(
  bags: number,
  shape: number,
  next: () => number,
): { excesses: number[]; shareAtBegin: number } {
  const count = shapeBagsOf(bags);
  const sums: number[] = [];
  let sum = 0;
  for (let j = 0; j <= count; j += 1) {
    sum -= Math.log(1 - next());
    sums.push(sum);
  }
  const unit = { shape, scale: 1 };
  return {
    excesses: sums.map((part) => excessAt(unit, part / sum)).reverse(),
    shareAtBegin: sum / (sum + drawGamma(bags - count, next)),
  };
}

/** A draw of the Gamma(shape, 1) distribution, shape ≥ 1 (Marsaglia and Tsang, ACM TOMS 26, 2000). */
function drawGamma(shape: number, next: () => number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    const v = (1 + c * normal) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - next()) < (normal * normal) / 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}

function quantileOf(ascending: Float64Array, share: number): number {
  return (
    ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? Number.NaN
  );
}
