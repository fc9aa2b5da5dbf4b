import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
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

/** What `phiscan calibrate --check-resplits 200 --record` wrote of 4,000 simulated benign bags. */
const recordSchema = z.object({
  resplits: z.object({
    seed: z.int(),
    figures: z.array(
      z.object({ threshold: z.number(), resplits: z.int(), inside: z.int() }).loose(),
    ),
  }),
  bagMaxima: z.array(z.number()),
});
const recorded = readdirSync('bench/detection').filter((name) => name.startsWith('benign-maxima-'));

test.skipIf(recorded.length === 0)('the recorded bags kept the promise in 180 of 200', async () => {
  for (const name of recorded) {
    const text = await readFile(path.join('bench/detection', name), 'utf8');
    const { resplits, bagMaxima } = recordSchema.parse(JSON.parse(text));
    expect(bagMaxima.length).toBeGreaterThanOrEqual(4000);
    expect(resplits.figures.map(({ threshold }) => threshold)).toEqual([0.2, 0.4]);
    for (const figures of resplits.figures) {
      expect(figures.resplits).toBe(200);
      expect(figures.inside).toBeGreaterThanOrEqual(180);
    }
    // The record says what the program of now would say of the same bags: its first ten resplits.
    const first = { thresholds: [0.2, 0.4], resplits: 10, seed: resplits.seed };
    for (const { inside } of resplitCalibration(bagMaxima, first)) {
      expect(inside).toBeGreaterThanOrEqual(8);
    }
  }
});
