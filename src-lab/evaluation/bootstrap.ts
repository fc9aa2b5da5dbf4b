import { RandomStream } from '../simulator/random-stream';
import { quantile } from './ranking-metrics';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * 95 % percentile intervals of several figures by bootstrap over bags: bags are drawn with
 * replacement within each group, so that the numbers of benign and threat bags stay, and all
 * figures of one round see the same draw.
 * @param figures computes every figure from the drawn bags; NaN where one is not defined
 * @returns an interval a figure; null where fewer than half of the rounds defined it
 */
export function bootstrapIntervals<Bag, Name extends string>(
  groups: readonly (readonly Bag[])[],
  figures: (drawn: readonly (readonly Bag[])[]) => Readonly<Record<Name, number>>,
  rounds: number,
  seed: number,
): Readonly<Record<string, Interval | null>> {
  const samples = new Map<string, number[]>();
  const random = new RandomStream([seed, 'bootstrap']);
  for (let round = 0; round < rounds; round += 1) {
    const drawn = groups.map((bags) =>
      bags.flatMap(() => bags[random.integer(0, bags.length - 1)] ?? []),
    );
    for (const [name, value] of Object.entries<number>(figures(drawn))) {
      const values = samples.get(name) ?? [];
      if (!Number.isNaN(value)) values.push(value);
      samples.set(name, values);
    }
  }
  return Object.fromEntries(
    [...samples].map(([name, values]) => [
      name,
      values.length < rounds / 2
        ? null
        : { low: quantile(values, 0.025), high: quantile(values, 0.975) },
    ]),
  );
}
