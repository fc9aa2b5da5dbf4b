import { expect, test } from 'vitest';
import { anomalyScores } from '../../src-shared/screening/tile-scores';

const rows = Float32Array.of(1, -2, 0.5, 0, 0, 0, -1, -1, 4);

test('the paper sums absolute differences', () => {
  expect(Array.from(anomalyScores('paper', rows, 3))).toEqual([3.5, 0, 6]);
});

test('the reference code averages squared differences', () => {
  expect(Array.from(anomalyScores('reference', rows, 3))).toEqual([5.25 / 3, 0, 6]);
});

test('a tile scores the same in any batch', () => {
  const alone = anomalyScores('reference', rows.subarray(6, 9), 3);
  expect(alone[0]).toBe(anomalyScores('reference', rows, 3)[2]);
});

test('a value that is not a number is an error, never a low score', () => {
  for (const broken of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => anomalyScores('paper', Float32Array.of(1, broken), 2)).toThrow(
      expect.objectContaining({ code: 'score-not-finite' }),
    );
  }
});
