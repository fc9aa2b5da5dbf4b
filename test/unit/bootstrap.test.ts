import { expect, test } from 'vitest';
import { bootstrapIntervals, drawWeights } from '../../src-lab/evaluation/bootstrap';
import { RandomStream } from '../../src-lab/simulator/random-stream';

const values = Array.from({ length: 100 }, (_, i) => i % 2);
const mean = (weights: Float64Array, of: readonly number[]) =>
  of.reduce((sum, value, bag) => sum + value * (weights[bag] ?? 0), 0) / of.length;
const bags = { rounds: 2000, seed: 1, blockLength: 1 };

test('the interval of a share is the binomial one, near enough', async () => {
  const { share } = await bootstrapIntervals(
    [100],
    (draw) => ({ share: mean(draw, values) }),
    bags,
  );
  // ± 1.96 · √(0.25 / 100) around one half.
  expect(share?.low).toBeGreaterThan(0.38);
  expect(share?.low).toBeLessThan(0.43);
  expect(share?.high).toBeGreaterThan(0.57);
  expect(share?.high).toBeLessThan(0.62);
});

test('the same seed gives the same interval, another seed another', async () => {
  const at = (seed: number) =>
    bootstrapIntervals([100], (draw) => ({ share: mean(draw, values) * 1.01 }), {
      rounds: 51,
      seed,
      blockLength: 1,
    });
  expect(await at(1)).toEqual(await at(1));
  const many = await Promise.all(
    [1, 2, 3, 4, 5].map(async (seed) => JSON.stringify(await at(seed))),
  );
  expect(new Set(many).size).toBeGreaterThan(1);
});

test('groups keep their sizes, and figures of one round see the same draw', async () => {
  const seen: [number, number][] = [];
  const { difference } = await bootstrapIntervals(
    [100, 3],
    (draw) => {
      const sum = (from: number, to: number) => draw.slice(from, to).reduce((a, b) => a + b, 0);
      seen.push([sum(0, 100), sum(100, 103)]);
      return { difference: mean(draw, values) - mean(draw, values) };
    },
    { rounds: 20, seed: 3, blockLength: 1 },
  );
  expect(new Set(seen.map(String))).toEqual(new Set(['100,3']));
  expect(difference).toEqual({ low: 0, high: 0 });
});

test('blocks take neighbours together, around the end, and keep the number of bags', () => {
  const random = new RandomStream([7, 'blocks']);
  for (let round = 0; round < 20; round += 1) {
    const weights = drawWeights([50, 45], 20, random);
    expect(weights.slice(0, 50).reduce((a, b) => a + b, 0)).toBe(50);
    expect(weights.slice(50).reduce((a, b) => a + b, 0)).toBe(45);
    // Two blocks of 20 and one of 10 that begin anywhere: at most three steps up around the ring.
    const steps = [...weights.slice(0, 50)].filter(
      (weight, at) => weight > (weights[(at + 49) % 50] ?? 0),
    );
    expect(steps.length).toBeLessThanOrEqual(3);
  }
});

test('where neighbours are alike, blocks see the spread that single bags hide', async () => {
  const alike = Array.from({ length: 200 }, (_, i) => Math.floor(i / 20) % 2);
  const width = async (blockLength: number) => {
    const { share } = await bootstrapIntervals([200], (draw) => ({ share: mean(draw, alike) }), {
      rounds: 500,
      seed: 1,
      blockLength,
    });
    return (share?.high ?? 0) - (share?.low ?? 0);
  };
  // Ten independent blocks against two hundred bags: about √20 wider, less what borders mix.
  expect(await width(20)).toBeGreaterThan(2 * (await width(1)));
});

test('a figure that most rounds leave undefined has no interval, nor a group without two blocks', async () => {
  const undefinedFigure = () => ({ figure: Number.NaN });
  const options = { rounds: 10, seed: 1, blockLength: 1 };
  expect(await bootstrapIntervals([1], undefinedFigure, options)).toEqual({ figure: null });
  const short = await bootstrapIntervals([100, 39], () => ({ figure: 1 }), {
    ...options,
    blockLength: 20,
  });
  expect(short).toEqual({ figure: null });
});

test('a person can stop it', async () => {
  const signal = AbortSignal.abort();
  const run = bootstrapIntervals([3], () => ({ figure: 1 }), { ...bags, signal });
  await expect(run).rejects.toMatchObject({ code: 'cancelled' });
});
