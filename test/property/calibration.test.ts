import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  anomalyScoreAt,
  benignBagRateInterval,
  calibrate,
  displayScore,
  exceedanceInterval,
  exceedanceProbability,
  fitScale,
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
      const calibration = fitScale(bags);
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
      const calibration = fitScale(bags);
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
      const calibration = fitScale(bags);
      const lower = rarity(calibration, Math.min(a, b));
      const higher = rarity(calibration, Math.max(a, b));
      expect(higher.oneIn).toBeGreaterThanOrEqual(lower.oneIn);
      expect(higher.oneIn).toBeLessThanOrEqual(bags.length);
      expect(higher.beyondSample).toBe(Math.max(a, b) > Math.max(...bags));
    }),
  );
});

test('the interval holds p, and neither end rises with the score', () => {
  fc.assert(
    fc.property(samples, fc.array(score, { minLength: 2, maxLength: 20 }), (bags, probes) => {
      const calibration = calibrate(bags, about);
      let last = { low: 1, high: 1 };
      for (const point of [...probes, ...bags].sort((a, b) => a - b)) {
        const share = exceedanceProbability(calibration, point);
        const interval = exceedanceInterval(calibration, point);
        if (interval === null) throw new Error('An interval was expected.');
        expect(interval.low).toBeLessThanOrEqual(share * (1 + 1e-12));
        expect(interval.high).toBeGreaterThanOrEqual(share * (1 - 1e-12));
        expect(interval.low).toBeLessThanOrEqual(last.low * (1 + 1e-12));
        expect(interval.high).toBeLessThanOrEqual(last.high * (1 + 1e-12));
        last = interval;
      }
    }),
    { numRuns: 30 },
  );
});

test('the interval narrows with more bags', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(score, { minLength: 60, maxLength: 100 }),
      fc.integer({ min: 2, max: 6 }),
      fc.constantFrom(0.1, 0.2, 0.26),
      (bags, times, threshold) => {
        // The same scores, each several times within a thousandth of itself.
        const more = bags.flatMap((bag) =>
          Array.from({ length: times }, (_, copy) => bag + copy * 1e-6),
        );
        const [few, many] = [bags, more].map((sample) =>
          benignBagRateInterval(calibrate(sample, about), threshold),
        );
        if (!few || !many) throw new Error('Intervals were expected.');
        expect(many.high - many.low).toBeLessThan(few.high - few.low);
      },
    ),
    { numRuns: 20 },
  );
});
