import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import type { CheckpointPosition, TrainingCheckpoint } from './training-checkpoint';
import type { HeldOutLosses } from './training-metrics';

/** The held-out losses after some steps, and the weights that gave them. */
export interface MeasuredWeights {
  readonly step: number;
  readonly epochs: number;
  readonly losses: HeldOutLosses;
  readonly weights: WeightSet;
}

/** Before the names of the best weights' arrays in a checkpoint. */
const BEST = 'best/';

/** A checkpoint with the best weights so far beside the last ones. */
export function withBest(
  checkpoint: TrainingCheckpoint,
  best: MeasuredWeights | null,
): TrainingCheckpoint {
  if (best === null) return checkpoint;
  const { step, epochs, losses, weights } = best;
  return {
    position: { ...checkpoint.position, best: { step, epochs, ...losses } },
    weights: new Map<string, WeightArray>([
      ...checkpoint.weights,
      ...[...weights].map(([name, array]) => [BEST + name, array] as const),
    ]),
    moments: checkpoint.moments,
  };
}

/** The best weights that a checkpoint holds; null where none had been measured. */
export function bestOf({
  position,
  weights,
}: {
  readonly position: CheckpointPosition;
  readonly weights: WeightSet;
}): MeasuredWeights | null {
  if (position.best === undefined) return null;
  const { step, epochs, contextual, encoder } = position.best;
  const ofBest = [...weights].flatMap(([name, array]) =>
    name.startsWith(BEST) ? [[name.slice(BEST.length), array] as const] : [],
  );
  const losses = { contextual, encoder };
  return { step, epochs, losses, weights: new Map<string, WeightArray>(ofBest) };
}
