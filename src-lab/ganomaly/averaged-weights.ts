import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';

/** Share of the former average that stays at each move. */
const KEPT = 0.9;

/**
 * A running mean of a network's weights: what is measured and shipped, since the weights of a
 * single step swing with its batch.
 */
export class AveragedWeights {
  private arrays: Map<string, WeightArray> | null = null;

  constructor(from: WeightSet | null = null) {
    if (from !== null) this.move(from);
  }

  move(weights: WeightSet): void {
    if (this.arrays === null) {
      this.arrays = new Map(
        [...weights].map(([name, { shape, values }]) => [name, { shape, values: values.slice() }]),
      );
      return;
    }
    for (const [name, { values }] of weights) {
      const average = this.arrays.get(name)?.values;
      if (average === undefined) throw new RangeError(`${name} was not averaged before.`);
      for (let i = 0; i < average.length; i++) {
        average[i] = KEPT * (average[i] ?? 0) + (1 - KEPT) * (values[i] ?? 0);
      }
    }
  }

  /** Goes back to a former average, or to none. */
  reset(to: WeightSet | null): void {
    this.arrays = null;
    if (to !== null) this.move(to);
  }

  get isEmpty(): boolean {
    return this.arrays === null;
  }

  /** @throws RangeError before the first move */
  get weights(): WeightSet {
    if (this.arrays === null) throw new RangeError('No weights have been averaged yet.');
    return this.arrays;
  }
}
