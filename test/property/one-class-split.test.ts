import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitOneClass } from '../../src-lab/experiments/one-class-split';

const labelsOf = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 400 });

describe('the split of a one-class protocol', () => {
  test('puts every picture in one list, anomalies in the test alone, 80 % of the others in training', () => {
    fc.assert(
      fc.property(labelsOf, fc.nat(4), fc.nat(1000), (labels, anomaly, seed) => {
        const { train, testNormal, testAbnormal } = splitOneClass(labels, anomaly, seed);
        const all = [...train, ...testNormal, ...testAbnormal].sort((a, b) => a - b);
        expect(all).toEqual(labels.map((_, picture) => picture));
        expect([...train, ...testNormal].every((picture) => labels[picture] !== anomaly)).toBe(
          true,
        );
        expect([...testAbnormal].every((picture) => labels[picture] === anomaly)).toBe(true);
        expect(train.length).toBe(Math.floor(0.8 * (train.length + testNormal.length)));
      }),
    );
  });

  test('is the same for a seed and another for another', () => {
    const labels = Array.from({ length: 300 }, (_, picture) => picture % 10);
    expect(splitOneClass(labels, 3, 5)).toEqual(splitOneClass(labels, 3, 5));
    expect(splitOneClass(labels, 3, 5)).not.toEqual(splitOneClass(labels, 3, 6));
  });
});
