import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import type { StepLosses } from './ganomaly-training';

/**
 * A generator that answers every patch with mid-grey has L_con ≤ 1, since pixels lie in [−1, 1];
 * one that does worse, on average over this many steps, has run away.
 */
const WORST_CONTEXTUAL_LOSS = 1;
const STEPS_OF_MEAN = 100;

/** Steps between copies in memory that a run falls back to when it diverges. */
export const STEPS_PER_COPY = 200;
/** Returns to good weights after which a run gives up. */
export const MAX_RECOVERIES = 3;

/** Tells a run that has gone bad from one that is noisy. */
export class DivergenceWatch {
  private readonly recent: number[] = [];

  /** @throws PhiscanError `training-diverged` */
  see(step: number, losses: StepLosses): void {
    refuseLossesNotFinite(step, losses);
    this.recent.push(losses.contextual);
    if (this.recent.length < STEPS_OF_MEAN) return;
    const mean = this.recent.reduce((sum, loss) => sum + loss, 0) / STEPS_OF_MEAN;
    this.recent.shift();
    if (mean > WORST_CONTEXTUAL_LOSS) {
      throw diverged(
        step,
        `the reconstruction is worse than plain grey (mean |x − x̂| ${mean.toFixed(2)} over ` +
          `${STEPS_OF_MEAN} steps)`,
      );
    }
  }
}

/** @throws PhiscanError `training-diverged` when a weight is not a finite number */
export function refuseWeightsNotFinite(step: number, weights: WeightSet): void {
  for (const [name, { values }] of weights) {
    if (!values.every(Number.isFinite)) {
      throw diverged(step, `the weights ${name} hold values that are not finite`);
    }
  }
}

/** @throws PhiscanError `training-diverged` when a loss is not a finite number */
export function refuseLossesNotFinite(step: number, losses: object): void {
  for (const [name, value] of Object.entries(losses) as [string, number][]) {
    if (!Number.isFinite(value)) throw diverged(step, `the ${name} loss is ${value}`);
  }
}

/** Whether every weight is a finite number. */
export function areFinite(weights: WeightSet): boolean {
  return [...weights.values()].every(({ values }) => values.every(Number.isFinite));
}

function diverged(step: number, what: string): PhiscanError {
  return new PhiscanError(
    'training-diverged',
    `Training ran away at step ${step}: ${what}. The last good checkpoint is kept; ` +
      'train anew with a lower --lr or another --seed.',
  );
}
