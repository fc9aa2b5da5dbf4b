import { expect, test } from 'vitest';
import {
  anomalyScoreAt,
  benignBagRate,
  calibrate,
  displayScore,
  exceedanceProbability,
  rarity,
} from '../../src-shared/screening/calibration';
import { fitParetoTail } from '../../src-shared/screening/pareto-tail';

const about = { scannerKinds: ['rgb-export'], pixelKinds: ['rgb'], benignSet: 'test' } as const;
/** 99 bags that score 1, 2, …, 99: p(k) = (100 − k) / 100. */
const evenly = calibrate(
  Array.from({ length: 99 }, (_, i) => 99 - i),
  about,
);

function uniformNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

test('between bags p is the empirical share, linear in between', () => {
  expect(evenly.bagMaxima[0]).toBe(1);
  expect(exceedanceProbability(evenly, 50)).toBeCloseTo(0.5, 12);
  expect(exceedanceProbability(evenly, 50.5)).toBeCloseTo(0.495, 12);
  expect(exceedanceProbability(evenly, 1)).toBeCloseTo(0.99, 12);
});

test('below the lowest bag p rises to 1', () => {
  // The lowest bag scores 1, the median 50: p reaches 1 at 1 − 49.
  expect(exceedanceProbability(evenly, -48)).toBe(1);
  expect(exceedanceProbability(evenly, -23.5)).toBeCloseTo(0.995, 12);
  expect(displayScore(evenly, -1000)).toBe(0);
});

test('the tail begins above the top thirty of a small sample and joins without a step', () => {
  expect(evenly.tail.threshold).toBe(69);
  expect(evenly.tail.exceedanceShare).toBeCloseTo(0.31, 12);
  expect(exceedanceProbability(evenly, 69 + 1e-9)).toBeCloseTo(0.31, 6);
});

test('the tail begins above the top tenth of a large sample', () => {
  const large = calibrate(
    Array.from({ length: 999 }, (_, i) => i + 1),
    about,
  );
  expect(large.tail.threshold).toBe(899);
  expect(large.tail.exceedanceShare).toBeCloseTo(0.101, 12);
});

test('displayScore is minus log10 of p over five', () => {
  const p = exceedanceProbability(evenly, 65);
  expect(p).toBeCloseTo(0.35, 12);
  expect(displayScore(evenly, 65)).toBeCloseTo(-Math.log10(0.35) / 5, 12);
  expect(displayScore(evenly, 1e9)).toBe(1);
  expect(displayScore(evenly, Number.NaN)).toBeNaN();
});

test('φ names the share of benign bags that alarm', () => {
  expect(benignBagRate(0.2)).toBeCloseTo(0.1, 12);
  expect(benignBagRate(0.4)).toBeCloseTo(0.01, 12);
  expect(benignBagRate(0)).toBe(1);
  expect(displayScore(evenly, anomalyScoreAt(evenly, 0.2))).toBeCloseTo(0.2, 9);
});

test('rarity never claims more than the sample holds', () => {
  expect(rarity(evenly, 50).oneIn).toBeCloseTo(2, 9);
  expect(rarity(evenly, 50).beyondSample).toBe(false);
  expect(rarity(evenly, 99).oneIn).toBeLessThanOrEqual(99);
  expect(rarity(evenly, 99.01)).toEqual({ oneIn: 99, beyondSample: true });
});

test('tied bags count together', () => {
  const tied = calibrate(
    [...new Array<number>(30).fill(1), ...new Array<number>(29).fill(2), 3, 4, 5],
    about,
  );
  expect(exceedanceProbability(tied, 2)).toBeCloseTo(32 / 63, 12);
  expect(tied.tail.threshold).toBe(2);
  expect(tied.tail.exceedanceShare).toBeCloseTo(32 / 63, 12);
});

test('too few bags, equal bags and broken scores are refused', () => {
  const refusal: unknown = expect.objectContaining({ code: 'calibration-impossible' });
  expect(() =>
    calibrate(
      Array.from({ length: 19 }, (_, i) => i),
      about,
    ),
  ).toThrow(refusal);
  expect(() => calibrate(new Array<number>(40).fill(3), about)).toThrow(refusal);
  expect(() => calibrate([...new Array<number>(40).keys(), Number.NaN], about)).toThrow(refusal);
});

test('the tail fit follows Hosking and Wallis by hand', () => {
  // k = 2, y = 1 and 3: mean 2; a₁ = ((1 − 0.65/2)·1 + (1 − 1.65/2)·3) / 2 = (0.675 + 0.525) / 2 = 0.6;
  // ξ = 2 − 2 / (2 − 1.2) = −0.5, drawn by 2/12 to −1/12; σ = 2 · (1 + 1/12).
  const tail = fitParetoTail([3, 1]);
  expect(tail.shape).toBeCloseTo(-1 / 12, 12);
  expect(tail.scale).toBeCloseTo(2 * (13 / 12), 12);
});

test('a tail that ends does so clear of the largest excess', () => {
  const excesses = [...new Array<number>(200).fill(1), 1.05, 6];
  const { shape, scale } = fitParetoTail(excesses);
  if (shape < 0) expect(-scale / shape).toBeGreaterThanOrEqual(1.25 * 6 - 1e-9);
});

test.each([
  ['exponential', (u: number) => -Math.log(u)],
  ['heavy', (u: number) => (u ** -0.3 - 1) / 0.3],
  ['bounded', (u: number) => 1 - u ** 0.2],
])('on %s scores φ = 0.2 and 0.4 give the promised rates', (_, quantile) => {
  const next = uniformNumbers(7);
  const resplits = 200;
  const bags = 500;
  const totals = { low: 0, high: 0 };
  for (let i = 0; i < resplits; i += 1) {
    const calibration = calibrate(
      Array.from({ length: bags }, () => quantile(next())),
      about,
    );
    // The true share above each threshold, from the known distribution by bisection.
    const shareAbove = (threshold: number) => {
      let low = 0;
      let high = 1;
      for (let step = 0; step < 60; step += 1) {
        const middle = (low + high) / 2;
        if (quantile(middle) > threshold) low = middle;
        else high = middle;
      }
      return low;
    };
    totals.low += shareAbove(anomalyScoreAt(calibration, 0.2));
    totals.high += shareAbove(anomalyScoreAt(calibration, 0.4));
  }
  expect(totals.low / resplits).toBeGreaterThan(0.095);
  expect(totals.low / resplits).toBeLessThan(0.105);
  expect(totals.high / resplits).toBeGreaterThan(0.008);
  expect(totals.high / resplits).toBeLessThan(0.013);
});
