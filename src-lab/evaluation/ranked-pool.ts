/**
 * How often each bag counts: 1 each for the figures themselves, how often it was drawn in a round
 * of a bootstrap. Benign bags come first, then threat bags.
 */
export type BagWeights = Float64Array;

/** A value that belongs to a bag. */
export interface OwnedValue {
  readonly value: number;
  /** The bag's place in the weights. */
  readonly bag: number;
  /** How many equal values it stands for; 1 by default. */
  readonly amount?: number;
}

/** A point of an ROC or precision–recall curve, at the level that everything above it passes. */
export interface CurvePoint {
  readonly falseRate: number;
  readonly recall: number;
  readonly precision: number;
}

/**
 * Negatives and positives of many bags, ranked once, so that a bootstrap round is one walk along
 * them with other weights.
 */
export class RankedPool {
  /** All entries from the highest value down; `positive` or `negative` of each is 0. */
  readonly #values: Float64Array;
  readonly #bags: Uint32Array;
  readonly #positive: Float64Array;
  readonly #negative: Float64Array;

  constructor(negatives: readonly OwnedValue[], positives: readonly OwnedValue[]) {
    const entries = [
      ...negatives.map((entry) => ({ ...entry, isPositive: false })),
      ...positives.map((entry) => ({ ...entry, isPositive: true })),
    ].sort((a, b) => (a.value === b.value ? 0 : b.value - a.value));
    this.#values = Float64Array.from(entries, ({ value }) => value);
    this.#bags = Uint32Array.from(entries, ({ bag }) => bag);
    const amounts = (ofPositives: boolean) =>
      Float64Array.from(entries, ({ isPositive, amount = 1 }) =>
        isPositive === ofPositives ? amount : 0,
      );
    this.#positive = amounts(true);
    this.#negative = amounts(false);
  }

  /**
   * Area under the ROC curve: the chance that a positive lies above a negative, ties counting half.
   * @returns NaN where one side is empty
   */
  auroc(weights: BagWeights): number {
    let falseAlarms = 0;
    let area = 0;
    const { found, negatives } = this.#walk(weights, (positive, negative) => {
      area += positive * (falseAlarms + negative / 2);
      falseAlarms += negative;
    });
    return 1 - area / (found * negatives);
  }

  /**
   * Average precision: the sum of precision over the steps in recall, from the highest value down;
   * equal values are one step.
   * @returns NaN where there is no positive
   */
  averagePrecision(weights: BagWeights): number {
    let found = 0;
    let falseAlarms = 0;
    let sum = 0;
    const totals = this.#walk(weights, (positive, negative) => {
      found += positive;
      falseAlarms += negative;
      if (positive > 0) sum += positive * (found / (found + falseAlarms));
    });
    return sum / totals.found;
  }

  /**
   * Area under the ROC curve up to a false rate, as a share of that rate: linear between levels.
   * @returns NaN where one side is empty
   */
  partialArea(weights: BagWeights, limit: number): number {
    const totals = this.#walk(weights, () => undefined);
    if (totals.found === 0 || totals.negatives === 0) return Number.NaN;
    let area = 0;
    let recall = 0;
    let falseRate = 0;
    this.#walk(weights, (positive, negative) => {
      const rise = positive / totals.found;
      const step = negative / totals.negatives;
      const width = Math.min(limit - falseRate, step);
      if (width > 0) area += width * (recall + ((width / step) * rise) / 2);
      recall += rise;
      falseRate += step;
    });
    return area / limit;
  }

  /** The curve's points from the highest level down; empty where one side is. */
  curve(weights: BagWeights): CurvePoint[] {
    const steps: { found: number; falseAlarms: number }[] = [];
    let found = 0;
    let falseAlarms = 0;
    const totals = this.#walk(weights, (positive, negative) => {
      found += positive;
      falseAlarms += negative;
      steps.push({ found, falseAlarms });
    });
    if (totals.found === 0 || totals.negatives === 0) return [];
    return steps.map((step) => ({
      falseRate: step.falseAlarms / totals.negatives,
      recall: step.found / totals.found,
      precision: step.found / (step.found + step.falseAlarms),
    }));
  }

  /** Calls with the weighted positives and negatives of each distinct value, from the highest down. */
  #walk(
    weights: BagWeights,
    onValue: (positive: number, negative: number) => void,
  ): { found: number; negatives: number } {
    const values = this.#values;
    let found = 0;
    let negatives = 0;
    for (let at = 0; at < values.length;) {
      const value = values[at];
      let positive = 0;
      let negative = 0;
      for (; at < values.length && values[at] === value; at += 1) {
        const weight = weights[this.#bags[at] ?? 0] ?? 0;
        positive += weight * (this.#positive[at] ?? 0);
        negative += weight * (this.#negative[at] ?? 0);
      }
      if (positive === 0 && negative === 0) continue;
      found += positive;
      negatives += negative;
      onValue(positive, negative);
    }
    return { found, negatives };
  }
}

/** Values of benign bags from the highest down, to read the level of a false-alarm rate from. */
export class RankedLevels {
  readonly #descending: readonly OwnedValue[];

  constructor(values: readonly OwnedValue[]) {
    this.#descending = [...values].sort((a, b) => (a.value === b.value ? 0 : b.value - a.value));
  }

  /**
   * The lowest level that at most the given share of the values exceeds: what "at 10 % false
   * alarms" means on a finite number of benign bags.
   * @returns NaN of nothing
   */
  levelAt(weights: BagWeights, rate: number): number {
    const weightOf = ({ bag, amount = 1 }: OwnedValue) => (weights[bag] ?? 0) * amount;
    const total = this.#descending.reduce((sum, entry) => sum + weightOf(entry), 0);
    if (total === 0) return Number.NaN;
    // A whole number of bags may be a hair under itself in binary: 0.1 · 30 is not quite 3.
    const allowed = rate * total * (1 + 1e-9);
    let above = 0;
    for (const entry of this.#descending) {
      above += weightOf(entry);
      if (above > allowed) return entry.value;
    }
    return Number.NEGATIVE_INFINITY;
  }
}

/** Weighted share of the values above a level; NaN of nothing. */
export function shareAbove(
  values: readonly OwnedValue[],
  weights: BagWeights,
  level: number,
): number {
  return weightedMean(
    values.map(({ value, bag }) => ({ value: value > level ? 1 : 0, bag })),
    weights,
  );
}

/** Weighted mean of the values; NaN of nothing. */
export function weightedMean(values: readonly OwnedValue[], weights: BagWeights): number {
  let sum = 0;
  let total = 0;
  for (const { value, bag } of values) {
    const weight = weights[bag] ?? 0;
    sum += weight * value;
    total += weight;
  }
  return sum / total;
}
