/**
 * Area under the ROC curve: the chance that a positive scores above a negative, ties counting
 * half (Mann and Whitney's U over the number of pairs).
 * @returns NaN where one side is empty
 */
export function auroc(negatives: ArrayLike<number>, positives: ArrayLike<number>): number {
  const low = Float64Array.from(negatives).sort();
  const high = Float64Array.from(positives).sort();
  if (low.length === 0 || high.length === 0) return Number.NaN;
  let below = 0;
  let upTo = 0;
  let pairs = 0;
  for (const score of high) {
    while (below < low.length && (low[below] ?? 0) < score) below += 1;
    if (upTo < below) upTo = below;
    while (upTo < low.length && (low[upTo] ?? 0) <= score) upTo += 1;
    pairs += below + (upTo - below) / 2;
  }
  return pairs / (low.length * high.length);
}

/**
 * Area under the precision–recall curve as average precision: the sum of precision over the steps
 * in recall, from the highest score down; equal scores are one step.
 * @returns NaN where there is no positive
 */
export function averagePrecision(
  negatives: ArrayLike<number>,
  positives: ArrayLike<number>,
): number {
  const low = Float64Array.from(negatives).sort();
  const high = Float64Array.from(positives).sort();
  if (high.length === 0) return Number.NaN;
  let falseAlarms = 0;
  let found = 0;
  let sum = 0;
  while (found < high.length) {
    const score = high[high.length - 1 - found] ?? Number.NaN;
    const before = found;
    while (found < high.length && high[high.length - 1 - found] === score) found += 1;
    while (
      falseAlarms < low.length &&
      (low[low.length - 1 - falseAlarms] ?? Number.NEGATIVE_INFINITY) >= score
    ) {
      falseAlarms += 1;
    }
    sum += ((found - before) / high.length) * (found / (found + falseAlarms));
  }
  return sum;
}

/**
 * The quantile of a sample, linear between order statistics: position (n − 1)·share, counted
 * from 0 (Hyndman and Fan's type 7).
 * @returns NaN of an empty sample
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  const position = (sorted.length - 1) * share;
  const index = Math.floor(position);
  const lower = sorted[index] ?? Number.NaN;
  const upper = sorted[Math.min(index + 1, sorted.length - 1)] ?? Number.NaN;
  return lower + (upper - lower) * (position - index);
}

/**
 * The lowest threshold that at most the given share of the values exceeds: what "at 10 % false
 * alarms" means on a finite number of benign bags.
 * @returns NaN of an empty sample
 */
export function thresholdAtRate(values: ArrayLike<number>, rate: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  // A whole number of bags may be a hair under itself in binary: 0.1 · 30 is not quite 3.
  const allowed = Math.floor(rate * sorted.length + 1e-9);
  return allowed >= sorted.length
    ? Number.NEGATIVE_INFINITY
    : (sorted[sorted.length - 1 - allowed] ?? Number.NaN);
}

/** Share of the values above a threshold; NaN of an empty sample. */
export function shareAbove(values: ArrayLike<number>, threshold: number): number {
  if (values.length === 0) return Number.NaN;
  let above = 0;
  for (const value of Array.from(values)) if (value > threshold) above += 1;
  return above / values.length;
}
