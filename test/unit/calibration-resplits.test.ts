import { expect, test } from 'vitest';
import {
  alarmCountInterval,
  resplitCalibration,
} from '../../src-lab/evaluation/calibration-resplits';
import { mulberry32 } from '../../src-shared/mulberry32';

const options = { thresholds: [0.2, 0.4], resplits: 40, seed: 1 };

function exponentialBags(count: number, seed: number): number[] {
  const next = mulberry32(seed);
  return Array.from({ length: count }, () => -Math.log(1 - next()));
}

test('a known share predicts the binomial counts', () => {
  // Binomial(100, 0.1): P(≤ 4) = 0.0237, P(≤ 5) = 0.0576, P(≤ 15) = 0.9601, P(≤ 16) = 0.9794.
  expect(alarmCountInterval(Float64Array.of(0.1), 100)).toEqual({ low: 5, high: 16 });
  expect(alarmCountInterval(Float64Array.of(0), 100)).toEqual({ low: 0, high: 0 });
});

test('a share that is not known predicts a wider range', () => {
  const sure = alarmCountInterval(Float64Array.of(0.1), 1000);
  const unsure = alarmCountInterval(Float64Array.of(0.05, 0.1, 0.15), 1000);
  expect(unsure.low).toBeLessThan(sure.low);
  expect(unsure.high).toBeGreaterThan(sure.high);
});

test('halves of one set of bags keep the promise, whatever the set', () => {
  for (const figures of resplitCalibration(exponentialBags(800, 5), options)) {
    expect(figures.inside).toBeGreaterThanOrEqual(36);
    expect(figures.inside + figures.below + figures.above).toBe(40);
    expect(figures.meanInterval.low).toBeLessThan(figures.meanAlarmRate);
    expect(figures.meanInterval.high).toBeGreaterThan(figures.meanAlarmRate);
  }
});

test('the same seed gives the same resplits, another gives others', () => {
  const bags = exponentialBags(200, 6);
  const few = { ...options, resplits: 5 };
  expect(resplitCalibration(bags, few)).toEqual(resplitCalibration(bags, few));
  expect(resplitCalibration(bags, { ...few, seed: 2 })).not.toEqual(resplitCalibration(bags, few));
});

test('refuses a set whose halves make no scale', () => {
  expect(() => resplitCalibration(exponentialBags(39, 7), options)).toThrow(
    expect.objectContaining({ code: 'calibration-impossible' }),
  );
});
