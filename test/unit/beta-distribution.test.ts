import { expect, test } from 'vitest';
import { betaQuantile, betaShareUnder } from '../../src-shared/screening/beta-distribution';

test('agrees with sums that can be done by hand', () => {
  expect(betaShareUnder(0.3, 1, 1)).toBeCloseTo(0.3, 10);
  // The larger of two uniform numbers: x²; the smaller: 1 − (1 − x)².
  expect(betaShareUnder(0.3, 2, 1)).toBeCloseTo(0.09, 10);
  expect(betaShareUnder(0.3, 1, 2)).toBeCloseTo(0.51, 10);
  expect(betaShareUnder(0, 2, 3)).toBe(0);
  expect(betaShareUnder(1, 2, 3)).toBe(1);
});

test('agrees with binomial sums: P(X ≤ x) of Beta(k, n + 1 − k) is P(at least k of n)', () => {
  for (const [n, k, x] of [
    [10, 3, 0.2],
    [40, 20, 0.55],
    [200, 2, 0.01],
  ] as const) {
    let term = (1 - x) ** n;
    let under = 0;
    for (let j = 0; j < k; j += 1) {
      under += term;
      term *= ((n - j) / (j + 1)) * (x / (1 - x));
    }
    expect(betaShareUnder(x, k, n + 1 - k)).toBeCloseTo(1 - under, 11);
  }
});

test('has the published Clopper–Pearson ends', () => {
  // 81 of 263: 0.2527–0.3676 (Newcombe 1998, Statistics in Medicine 17, table I, method 5).
  expect(betaQuantile(0.025, 81, 183)).toBeCloseTo(0.2527, 4);
  expect(betaQuantile(0.975, 82, 182)).toBeCloseTo(0.3676, 4);
});

test('the quantile undoes the share, small and large parameters alike', () => {
  for (const [a, b] of [
    [1, 40],
    [2, 2000],
    [400, 3601],
  ] as const) {
    for (const share of [0.025, 0.5, 0.975]) {
      expect(betaShareUnder(betaQuantile(share, a, b), a, b)).toBeCloseTo(share, 8);
    }
  }
});
