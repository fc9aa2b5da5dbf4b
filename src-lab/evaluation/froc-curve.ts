import type { BagWeights, OwnedValue } from './ranked-pool';

/** At one level: how often a benign bag is pointed into, and how many threats are found. */
export interface FrocPoint {
  /** Places in a benign bag that reach the level, on the mean (see `peaks`). */
  readonly marksPerBag: number;
  /** Share of the single threats with a tile over them that reaches it. */
  readonly found: number;
}

/**
 * The free-response ROC curve: for every level at which another threat is found, the marks that a
 * benign bag gets at it.
 * @param marks values of the benign bags' peaks
 * @param threats the highest value over each threat
 * @param benignBags how many benign bags there are
 */
export function frocCurve(
  marks: readonly OwnedValue[],
  threats: readonly OwnedValue[],
  benignBags: number,
  weights: BagWeights,
): FrocPoint[] {
  const descending = (values: readonly OwnedValue[]) =>
    [...values].sort((a, b) => (a.value === b.value ? 0 : b.value - a.value));
  const sorted = descending(marks);
  const total = threats.reduce((sum, { bag }) => sum + (weights[bag] ?? 0), 0);
  const bags = weights.subarray(0, benignBags).reduce((sum, weight) => sum + weight, 0);
  const points: FrocPoint[] = [];
  let next = 0;
  let marked = 0;
  let found = 0;
  for (const { value, bag } of descending(threats)) {
    if (value === Number.NEGATIVE_INFINITY) break;
    found += weights[bag] ?? 0;
    for (; (sorted[next]?.value ?? Number.NEGATIVE_INFINITY) >= value; next += 1) {
      marked += weights[sorted[next]?.bag ?? 0] ?? 0;
    }
    points.push({ marksPerBag: marked / bags, found: found / total });
  }
  return points;
}
