import { describe, expect, it } from 'vitest';
import { BORDER_FEATURES, borderFeatures } from '../../src-lab/tip/border-features';
import { fitLogistic, logOdds } from '../../src-lab/tip/logistic-regression';
import { scanPair } from '../../src-lab/tip/scan-pair';
import { seamTrial } from '../../src-lab/tip/seam-trial';
import { auroc } from '../../src-lab/evaluation/ranking-metrics';
import { RandomStream } from '../../src-lab/simulator/random-stream';

/** Half of them are tried: enough to tell what is projected badly, few enough for a test. */
const PAIRS = 26;
/** Each pair simulates a bag at both energies; a busy computer takes its time. */
const LIMIT_MS = 15 * 60_000;

describe('the border of a projected threat', () => {
  it(
    'is told from a really scanned one by a classifier no better than by chance',
    () => {
      const { auc, interval, pieces } = seamTrial({ seed: 1, pairs: PAIRS });
      expect(pieces).toBeGreaterThan(400);
      expect(interval.low, `AUROC ${auc}`).toBeLessThan(0.5);
      expect(interval.high, `AUROC ${auc}`).toBeGreaterThan(0.5);
    },
    LIMIT_MS,
  );

  it.each(['copied-noise', 'too-sharp'] as const)(
    'is told where it is projected badly, by the same classifier on as many: %s',
    (flaw) => {
      const { pieceAuc, pieceInterval } = seamTrial({ seed: 1, pairs: PAIRS, flaw });
      expect(pieceInterval.low, `AUROC ${pieceAuc}`).toBeGreaterThan(0.5);
    },
    LIMIT_MS,
  );

  it('is measured in all of its features', () => {
    const pair = scanPair(1, 0);
    const rows = borderFeatures(pair, pair.projected);
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) {
      expect(row).toHaveLength(BORDER_FEATURES.length);
      expect([...row].every(Number.isFinite)).toBe(true);
    }
  });
});

describe('logistic regression', () => {
  it('finds a difference that there is, and none where there is none', () => {
    const random = new RandomStream(['logistic']);
    const rows = (shift: number): Float64Array[] =>
      Array.from({ length: 400 }, () =>
        Float64Array.from([random.normal() + shift, random.normal(), random.normal()]),
      );
    const trial = (shift: number): number => {
      const [a, b, c, d] = [rows(0), rows(shift), rows(0), rows(shift)];
      const model = fitLogistic([...a, ...b], [...a.map(() => 0), ...b.map(() => 1)]);
      const odds = (set: Float64Array[]): number[] => set.map((row) => logOdds(model, row));
      return auroc(odds(c), odds(d));
    };
    // Two normals one standard deviation apart: Φ(1/√2).
    expect(trial(1)).toBeCloseTo(0.76, 1);
    expect(Math.abs(trial(0) - 0.5)).toBeLessThan(0.06);
  });
});
