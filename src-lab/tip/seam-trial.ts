import type { Interval } from '../evaluation/bootstrap';
import { auroc, quantile } from '../evaluation/ranking-metrics';
import { RandomStream } from '../simulator/random-stream';
import { borderFeatures } from './border-features';
import { fitLogistic, logOdds } from './logistic-regression';
import type { Flaw } from './scan-pair';
import { scanPair } from './scan-pair';

export interface SeamTrial {
  /** Pieces of border that the classifier was tried on, and the pairs of scans that they are of. */
  readonly pieces: number;
  readonly pairs: number;
  /** Area under the ROC of "projected" against "really scanned", on bags that it was not fitted on. */
  readonly auc: number;
  /** 95 %, by bootstrap over pairs. */
  readonly interval: Interval;
}

export interface SeamTrialPlan {
  readonly seed: number;
  /** Pairs of scans; half of them fit the classifier, half try it. */
  readonly pairs: number;
  readonly flaw?: Flaw;
}

const ROUNDS = 1_000;

interface Measured {
  readonly scanned: readonly Float64Array[];
  readonly projected: readonly Float64Array[];
}

/**
 * Can the borders of projected threats be told from those of threats that were really scanned? A
 * logistic regression is fitted on the border features of half of the pairs, and tried on the
 * other half; 0.5 is chance.
 */
export function seamTrial({ seed, pairs, flaw = 'none' }: SeamTrialPlan): SeamTrial {
  const measured = Array.from({ length: pairs }, (_, index): Measured => {
    const pair = scanPair(seed, index, flaw);
    return {
      scanned: borderFeatures(pair, pair.scanned),
      projected: borderFeatures(pair, pair.projected),
    };
  });
  const fitted = measured.filter((_, index) => index % 2 === 0);
  const tried = measured.filter((_, index) => index % 2 === 1);
  const rows = fitted.flatMap(({ scanned, projected }) => [...scanned, ...projected]);
  const labels = fitted.flatMap(({ scanned, projected }) => [
    ...scanned.map(() => 0),
    ...projected.map(() => 1),
  ]);
  const model = fitLogistic(rows, labels);
  const scored = tried.map(({ scanned, projected }) => ({
    scanned: scanned.map((row) => logOdds(model, row)),
    projected: projected.map((row) => logOdds(model, row)),
  }));
  const area = (bags: readonly (typeof scored)[number][]): number =>
    auroc(
      bags.flatMap(({ scanned }) => scanned),
      bags.flatMap(({ projected }) => projected),
    );
  const random = new RandomStream([seed, 'seam trial']);
  const drawn = Array.from({ length: ROUNDS }, () =>
    area(scored.map(() => random.pick(scored as [(typeof scored)[number]]))),
  );
  return {
    pieces: scored.reduce((sum, bag) => sum + bag.scanned.length + bag.projected.length, 0),
    pairs: tried.length,
    auc: area(scored),
    interval: { low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) },
  };
}
