import { expect, test } from 'vitest';
import type { OwnedValue } from '../../src-lab/evaluation/ranked-pool';
import { RankedLevels, RankedPool, shareAbove } from '../../src-lab/evaluation/ranked-pool';
import { auroc } from '../../src-lab/evaluation/ranking-metrics';
import { RandomStream } from '../../src-lab/simulator/random-stream';

const owned = (values: readonly number[], first = 0): OwnedValue[] =>
  values.map((value, at) => ({ value, bag: first + at }));
const ones = (count: number) => new Float64Array(count).fill(1);

test('with every bag once the area is that of the plain samples, ties included', () => {
  const random = new RandomStream([1, 'ranked']);
  for (let round = 0; round < 20; round += 1) {
    const draw = (count: number) => Array.from({ length: count }, () => random.integer(0, 6));
    const negatives = draw(9);
    const positives = draw(5);
    const pool = new RankedPool(owned(negatives), owned(positives, 9));
    expect(pool.auroc(ones(14))).toBeCloseTo(auroc(negatives, positives), 12);
  }
});

test('average precision by hand', () => {
  // In falling order: + (1/1), − , + (2/3), − : (1 + 2/3) / 2.
  const pool = new RankedPool(owned([3, 1]), owned([4, 2], 2));
  expect(pool.averagePrecision(ones(4))).toBeCloseTo((1 + 2 / 3) / 2, 12);
  // A tie is one step: both positives and the negative at once, precision 2/3.
  const tied = new RankedPool(owned([5]), owned([5, 5], 1));
  expect(tied.averagePrecision(ones(3))).toBeCloseTo(2 / 3, 12);
});

test('weights and amounts stand for copies', () => {
  const pool = new RankedPool(owned([1, 3]), [{ value: 2, bag: 2, amount: 2 }]);
  const copied = new RankedPool(owned([1, 3, 3, 3]), owned([2, 2], 4));
  expect(pool.auroc(Float64Array.of(1, 3, 1))).toBeCloseTo(copied.auroc(ones(6)), 12);
  expect(pool.averagePrecision(Float64Array.of(1, 3, 1))).toBeCloseTo(
    copied.averagePrecision(ones(6)),
    12,
  );
});

test('a side that is empty, or that no bag of the draw belongs to, has no area', () => {
  const pool = new RankedPool(owned([1]), owned([2], 1));
  expect(pool.auroc(Float64Array.of(0, 1))).toBeNaN();
  expect(pool.auroc(Float64Array.of(1, 0))).toBeNaN();
  expect(pool.averagePrecision(Float64Array.of(1, 0))).toBeNaN();
  expect(new RankedPool(owned([1]), []).curve(ones(1))).toEqual([]);
});

test('the partial area is the share of the rectangle up to the false rate', () => {
  // From the top: positive, negative, positive, negative: recall ½ up to false rate ½, then 1.
  const pool = new RankedPool(owned([3, 1]), owned([4, 2], 2));
  expect(pool.partialArea(ones(4), 1)).toBeCloseTo(0.75, 12);
  expect(pool.partialArea(ones(4), 0.25)).toBeCloseTo(0.5, 12);
  expect(pool.partialArea(ones(4), 0.75)).toBeCloseTo((0.5 * 0.5 + 0.25) / 0.75, 12);
  // One step of both is a slope: half of it up to the middle.
  const tied = new RankedPool(owned([1]), owned([1], 1));
  expect(tied.partialArea(ones(2), 0.5)).toBeCloseTo(0.25, 12);
});

test('curve points stand at every level, from the top', () => {
  expect(new RankedPool(owned([3, 1]), owned([4, 1], 2)).curve(ones(4))).toEqual([
    { falseRate: 0, recall: 0.5, precision: 1 },
    { falseRate: 0.5, recall: 0.5, precision: 0.5 },
    { falseRate: 1, recall: 1, precision: 0.5 },
  ]);
});

test('a level lets at most its share of the benign bags pass', () => {
  const levels = new RankedLevels(owned(Array.from({ length: 30 }, (_, i) => i)));
  // Three of thirty: 29, 28, 27 exceed 26.
  expect(levels.levelAt(ones(30), 0.1)).toBe(26);
  const weights = ones(30);
  weights[29] = 4;
  // The highest counts four of 33: already more than a tenth.
  expect(levels.levelAt(weights, 0.1)).toBe(29);
  // With ties none of the three highest may be let through.
  expect(new RankedLevels(owned([1, 2, 9, 9, 9])).levelAt(ones(5), 0.4)).toBe(9);
  expect(new RankedLevels(owned([5])).levelAt(ones(1), 1)).toBe(Number.NEGATIVE_INFINITY);
  expect(new RankedLevels([]).levelAt(ones(1), 0.1)).toBeNaN();
  expect(shareAbove(owned([1, 2, 3]), Float64Array.of(1, 1, 2), 2)).toBe(0.5);
});
