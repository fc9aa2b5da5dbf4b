import { expect, test } from 'vitest';
import type { Calibration } from '../../src-shared/domain/model-bundle';
import { calibrationSchema } from '../../src-shared/domain/model-bundle';
import { mulberry32 } from '../../src-shared/mulberry32';
import {
  anomalyScoreAt,
  benignBagRate,
  benignBagRateInterval,
  calibrate,
  displayScore,
  exceedanceInterval,
  exceedanceProbability,
  fitScale,
  rarity,
} from '../../src-shared/screening/calibration';

const about = { scannerKinds: ['rgb-export'], pixelKinds: ['rgb'], benignSet: 'test' } as const;
/** 99 bags that score 1, 2, …, 99: p(k) = (100 − k) / 100. */
const evenly = calibrate(
  Array.from({ length: 99 }, (_, i) => 99 - i),
  about,
);

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

test('the tail begins above the top twenty and joins without a step', () => {
  expect(evenly.tail.threshold).toBe(79);
  expect(evenly.tail.exceedanceShare).toBeCloseTo(0.21, 12);
  expect(exceedanceProbability(evenly, 79 + 1e-9)).toBeCloseTo(0.21, 6);
  const large = fitScale(Array.from({ length: 999 }, (_, i) => i + 1));
  expect(large.tail.threshold).toBe(979);
  expect(large.tail.exceedanceShare).toBeCloseTo(0.021, 12);
});

test('the tail begins above the top half of a sample under forty', () => {
  expect(fitScale(Array.from({ length: 20 }, (_, i) => i)).tail.threshold).toBe(9);
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

test('down to where the tail begins the interval is that of an order statistic', () => {
  // The true share above the 50th highest of 99 bags is Beta(50, 50): 95 % within 0.4027–0.5973.
  const middle = exceedanceInterval(evenly, 50);
  expect(middle?.low).toBeCloseTo(0.4027, 3);
  expect(middle?.high).toBeCloseTo(0.5973, 3);
  // The 40th highest of 399: Beta(40, 360), by its normal neighbour 0.1 ± 1.96 · 0.01498.
  const large = calibrate(
    Array.from({ length: 399 }, (_, i) => i),
    about,
  );
  const tenth = benignBagRateInterval(large, 0.2);
  expect(tenth?.low).toBeCloseTo(0.0725, 3);
  expect(tenth?.high).toBeCloseTo(0.1312, 3);
});

test('where fewer than three bags are expected nothing bounds p from below', () => {
  const [below, above] = [exceedanceInterval(evenly, 94), exceedanceInterval(evenly, 98)];
  expect(below?.low).toBeGreaterThan(0);
  expect(above?.low).toBe(0);
  expect(above?.high).toBeGreaterThan(exceedanceProbability(evenly, 98));
  expect(exceedanceInterval(evenly, Number.NaN)).toEqual({ low: Number.NaN, high: Number.NaN });
});

test('a scale that was made without intervals is read, and claims none', () => {
  const { bagMaxima, tail } = fitScale(Array.from({ length: 40 }, (_, i) => i));
  const old: Calibration = calibrationSchema.parse({
    ...{ method: 'empirical-gpd-1', bagMaxima, tail, scannerKinds: ['a'], pixelKinds: ['rgb'] },
    benignSet: 'old',
  });
  expect(exceedanceInterval(old, 5)).toBeNull();
  expect(benignBagRateInterval(old, 0.2)).toBeNull();
  expect(exceedanceProbability(old, 10)).toBeCloseTo(30 / 41, 12);
});

test('the same bags give the same scale and intervals', () => {
  expect(calibrationSchema.parse(evenly)).toEqual(evenly);
  expect(calibrate([...evenly.bagMaxima].reverse(), about)).toEqual(evenly);
});

/** Scores of the share u of bags: heavy and light tails, and tails that end. */
const DISTRIBUTIONS: readonly (readonly [string, (u: number) => number])[] = [
  ['exponential', (u) => -Math.log(u)],
  ['heavy', (u) => (u ** -0.3 - 1) / 0.3],
  ['normal', normalQuantile],
  ['uniform', (u) => 1 - u],
  ['bounded', (u) => 1 - u ** 0.2],
  ['sigmoid', (u) => 1 / (1 + Math.exp(-1 - 2 * normalQuantile(u)))],
];

test.each(DISTRIBUTIONS)('on %s scores φ = 0.2 and 0.4 give the promised rates', (_, quantile) => {
  const next = mulberry32(7);
  const samples = 200;
  const totals = { low: 0, high: 0 };
  for (let i = 0; i < samples; i += 1) {
    const scale = fitScale(Array.from({ length: 500 }, () => quantile(1 - next())));
    totals.low += trueShareAbove(quantile, anomalyScoreAt(scale, 0.2));
    totals.high += trueShareAbove(quantile, anomalyScoreAt(scale, 0.4));
  }
  expect(totals.low / samples).toBeGreaterThan(0.095);
  expect(totals.low / samples).toBeLessThan(0.105);
  expect(totals.high / samples).toBeGreaterThan(0.008);
  expect(totals.high / samples).toBeLessThan(0.013);
});

test.each(DISTRIBUTIONS)('the intervals hold the true share of %s scores', (_, quantile) => {
  const next = mulberry32(11);
  const samples = 30;
  const inside = { 0.2: 0, 0.4: 0, 0.6: 0 };
  for (let i = 0; i < samples; i += 1) {
    const calibration = calibrate(
      Array.from({ length: 400 }, () => quantile(1 - next())),
      about,
    );
    for (const threshold of [0.2, 0.4, 0.6] as const) {
      const share = trueShareAbove(quantile, anomalyScoreAt(calibration, threshold));
      const interval = benignBagRateInterval(calibration, threshold);
      if (interval && share >= interval.low - 1e-9 && share <= interval.high) {
        inside[threshold] += 1;
      }
    }
  }
  // Under 25 of 30 an interval of 95 % would come once in 300 times.
  for (const count of Object.values(inside)) expect(count).toBeGreaterThanOrEqual(25);
});

/** The share of bags above a score, from the known distribution by bisection. */
function trueShareAbove(quantile: (u: number) => number, score: number): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (quantile(middle) > score) low = middle;
    else high = middle;
  }
  return low;
}

/** The score that a share u of standard normal ones lies above (Abramowitz and Stegun 26.2.23). */
function normalQuantile(u: number): number {
  if (u > 0.5) return -normalQuantile(1 - u);
  const t = Math.sqrt(-2 * Math.log(u));
  const above = 2.515517 + 0.802853 * t + 0.010328 * t * t;
  return t - above / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
}
