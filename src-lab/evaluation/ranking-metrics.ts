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
