import { setImmediate } from 'node:timers/promises';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { RandomStream } from '../simulator/random-stream';
import type { BagWeights } from './ranked-pool';
import { quantile } from './ranking-metrics';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly rounds: number;
  readonly seed: number;
  /**
   * Length of the blocks of neighbouring bags that are drawn together; 1 draws single bags. Longer
   * blocks keep what neighbours share (the same bag scanned twice) together (Künsch 1989; circular
   * blocks: Politis and Romano 1992).
   */
  readonly blockLength: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Rounds between two moments at which an interrupt is heard. */
const ROUNDS_BETWEEN_BREAKS = 20;

/**
 * 95 % percentile intervals of several figures by bootstrap over bags: bags are drawn with
 * replacement within each group, so that the numbers of benign and threat bags stay, and all
 * figures of one round see the same draw, which makes the interval of a difference a paired one.
 * @param groupSizes numbers of benign and of threat bags, in the weights' order
 * @param figures computes every figure from the draw; NaN where one is not defined
 * @returns an interval a figure; null where fewer than half of the rounds defined it, or where a
 * group is shorter than two blocks, so that blocks say nothing about its spread
 * @throws PhiscanError `cancelled`
 */
export async function bootstrapIntervals(
  groupSizes: readonly number[],
  figures: (weights: BagWeights) => Readonly<Record<string, number>>,
  options: BootstrapOptions,
): Promise<Readonly<Record<string, Interval | null>>> {
  const { rounds, seed, blockLength, onProgress, signal } = options;
  const samples = new Map<string, number[]>();
  const random = new RandomStream([seed, 'bootstrap', blockLength]);
  const isTooShort = blockLength > 1 && groupSizes.some((size) => size < 2 * blockLength);
  for (let round = 0; round < (isTooShort ? 1 : rounds); round += 1) {
    if (round % ROUNDS_BETWEEN_BREAKS === 0) {
      await setImmediate();
      if (signal?.aborted === true) {
        throw new PhiscanError('cancelled', 'Stopped before the end; nothing was written.');
      }
      onProgress?.(round, rounds);
    }
    const weights = drawWeights(groupSizes, blockLength, random);
    for (const [name, value] of Object.entries(figures(weights))) {
      const values = samples.get(name) ?? [];
      if (!Number.isNaN(value)) values.push(value);
      samples.set(name, values);
    }
  }
  onProgress?.(rounds, rounds);
  return Object.fromEntries(
    [...samples].map(([name, values]) => [
      name,
      isTooShort || values.length < rounds / 2
        ? null
        : { low: quantile(values, 0.025), high: quantile(values, 0.975) },
    ]),
  );
}

/**
 * How often each bag is drawn in one round: as many bags as a group has, in blocks of neighbours
 * that begin anywhere, the last bag's neighbour being the first, the last block cut.
 */
export function drawWeights(
  groupSizes: readonly number[],
  blockLength: number,
  random: RandomStream,
): BagWeights {
  const weights = new Float64Array(groupSizes.reduce((sum, size) => sum + size, 0));
  let first = 0;
  for (const size of groupSizes) {
    for (let drawn = 0; drawn < size; drawn += blockLength) {
      const start = random.integer(0, size - 1);
      for (let step = 0; step < Math.min(blockLength, size - drawn); step += 1) {
        const bag = first + ((start + step) % size);
        weights[bag] = (weights[bag] ?? 0) + 1;
      }
    }
    first += size;
  }
  return weights;
}
