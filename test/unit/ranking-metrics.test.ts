import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auroc, quantile } from '../../src-lab/evaluation/ranking-metrics';

test('AUROC counts pairs, ties as half', () => {
  // Pairs won: 3 over 1, 2; 2 over 1, tie with 2 → (2 + 1.5) / 4.
  expect(auroc([1, 2], [3, 2])).toBe(3.5 / 4);
  expect(auroc([1, 2], [3, 4])).toBe(1);
  expect(auroc([3, 4], [1, 2])).toBe(0);
  expect(auroc([5, 5, 5], [5, 5])).toBe(0.5);
  expect(auroc([], [1])).toBeNaN();
});

test('AUROC is the share of pairs, however many ties there are', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(scores, scores, (negatives, positives) => {
      let won = 0;
      for (const high of positives) {
        for (const low of negatives) {
          if (high > low) won += 1;
          else if (high === low) won += 0.5;
        }
      }
      expect(auroc(negatives, positives)).toBeCloseTo(won / (negatives.length * positives.length));
    }),
  );
});

test('quantiles are linear between order statistics', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
  expect(quantile([1, 2], 1)).toBe(2);
  expect(quantile([], 0.5)).toBeNaN();
});
