import { expect, test } from 'vitest';
import { bootstrapIntervals } from '../../src-lab/evaluation/bootstrap';

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const bags = Array.from({ length: 100 }, (_, i) => i % 2);

test('the interval of a share is the binomial one, near enough', () => {
  const { share } = bootstrapIntervals([bags], ([drawn = []]) => ({ share: mean(drawn) }), 2000, 1);
  // ± 1.96 · √(0.25 / 100) around one half.
  expect(share?.low).toBeGreaterThan(0.38);
  expect(share?.low).toBeLessThan(0.43);
  expect(share?.high).toBeGreaterThan(0.57);
  expect(share?.high).toBeLessThan(0.62);
});

test('the same seed gives the same interval, another seed another', () => {
  const at = (seed: number) =>
    bootstrapIntervals([bags], ([drawn = []]) => ({ share: mean(drawn) * 1.01 }), 51, seed);
  expect(at(1)).toEqual(at(1));
  const many = [1, 2, 3, 4, 5].map((seed) => JSON.stringify(at(seed)));
  expect(new Set(many).size).toBeGreaterThan(1);
});

test('groups keep their sizes, and figures of one round see the same draw', () => {
  const seen: [number, number][] = [];
  const { difference } = bootstrapIntervals(
    [bags, [1, 1, 1]],
    ([first = [], second = []]) => {
      seen.push([first.length, second.length]);
      return { difference: mean(first) - mean(first) };
    },
    20,
    3,
  );
  expect(new Set(seen.map(String))).toEqual(new Set(['100,3']));
  expect(difference).toEqual({ low: 0, high: 0 });
});

test('a figure that most rounds leave undefined has no interval', () => {
  const intervals = bootstrapIntervals([[1]], () => ({ undefined: Number.NaN }), 10, 1);
  expect(intervals).toEqual({ undefined: null });
});
