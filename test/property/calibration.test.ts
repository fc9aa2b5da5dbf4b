import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  anomalyScoreAt,
  calibrate,
  displayScore,
  exceedanceProbability,
  rarity,
} from '../../src-shared/screening/calibration';

const about = { scannerKinds: ['rgb-export'], pixelKinds: ['rgb'], benignSet: 'test' } as const;
/** Scores to a thousandth, as far apart as real scores are. */
const score = fc.integer({ min: 0, max: 1_000_000 }).map((thousandths) => thousandths / 1000);
const samples = fc
  .array(fc.oneof(score, fc.integer({ min: 0, max: 9 })), { minLength: 20, maxLength: 120 })
  .filter((bags) => new Set(bags).size > bags.length / 2 + 1);

test('p is a share that never rises with the score, and the displayScore never falls', () => {
  fc.assert(
    fc.property(samples, fc.array(score, { minLength: 2, maxLength: 40 }), (bags, probes) => {
      const calibration = calibrate(bags, about);
      const points = [...probes, ...bags, calibration.tail.threshold].sort((a, b) => a - b);
      let lastShare = 1;
      let lastDisplay = 0;
      for (const point of points) {
        const share = exceedanceProbability(calibration, point);
        const display = displayScore(calibration, point);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(lastShare);
        expect(display).toBeGreaterThanOrEqual(lastDisplay);
        expect(display).toBeLessThanOrEqual(1);
        lastShare = share;
        lastDisplay = display;
      }
    }),
  );
});

test('the anomalyScore at φ scores φ, what lies above it more', () => {
  fc.assert(
    fc.property(samples, fc.double({ min: 0.001, max: 0.95, noNaN: true }), (bags, threshold) => {
      const calibration = calibrate(bags, about);
      const limit = anomalyScoreAt(calibration, threshold);
      expect(displayScore(calibration, limit)).toBeCloseTo(threshold, 6);
      expect(displayScore(calibration, limit + 0.01 + Math.abs(limit) / 100)).toBeGreaterThan(
        threshold,
      );
    }),
  );
});

test('rarity rises with the score and stays within the sample', () => {
  fc.assert(
    fc.property(samples, score, score, (bags, a, b) => {
      const calibration = calibrate(bags, about);
      const lower = rarity(calibration, Math.min(a, b));
      const higher = rarity(calibration, Math.max(a, b));
      expect(higher.oneIn).toBeGreaterThanOrEqual(lower.oneIn);
      expect(higher.oneIn).toBeLessThanOrEqual(bags.length);
      expect(higher.beyondSample).toBe(Math.max(a, b) > Math.max(...bags));
    }),
  );
});
