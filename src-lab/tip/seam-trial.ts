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
  /**
   * Area under the ROC of "projected" against "really scanned" threats, each judged by the mean of
   * its pieces, on bags that the classifier was not fitted on.
   */
  readonly auc: number;
  /** 95 %, by bootstrap over pairs. */
  readonly interval: Interval;
  /** The same for single pieces of border. */
  readonly pieceAuc: number;
  readonly pieceInterval: Interval;
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
  const scored = tried
    .map(({ scanned, projected }): ScoredPair => ({
      scanned: scanned.map((row) => logOdds(model, row)),
      projected: projected.map((row) => logOdds(model, row)),
    }))
    // A threat in the dark has no border to be seen.
    .filter(({ scanned, projected }) => scanned.length > 0 && projected.length > 0);
  const random = new RandomStream([seed, 'seam trial']);
  const drawn = Array.from({ length: ROUNDS }, () =>
    scored.map(() => random.pick(scored as [ScoredPair])),
  );
  const intervalOf = (area: (pairs: readonly ScoredPair[]) => number): Interval => {
    const areas = drawn.map(area);
    return { low: quantile(areas, 0.025), high: quantile(areas, 0.975) };
  };
  return {
    pieces: scored.reduce((sum, pair) => sum + pair.scanned.length + pair.projected.length, 0),
    pairs: scored.length,
    auc: threatArea(scored),
    interval: intervalOf(threatArea),
    pieceAuc: pieceArea(scored),
    pieceInterval: intervalOf(pieceArea),
  };
}

/** Log odds of the pieces of both threats of a pair. */
interface ScoredPair {
  readonly scanned: readonly number[];
  readonly projected: readonly number[];
}

const pieceArea = (pairs: readonly ScoredPair[]): number =>
  auroc(
    pairs.flatMap(({ scanned }) => scanned),
    pairs.flatMap(({ projected }) => projected),
  );

const threatArea = (pairs: readonly ScoredPair[]): number =>
  auroc(
    pairs.map(({ scanned }) => meanOf(scanned)),
    pairs.map(({ projected }) => meanOf(projected)),
  );

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
