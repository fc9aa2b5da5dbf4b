import { z } from 'zod';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import { AveragedWeights } from './averaged-weights';
import type { DenoisingStages } from './denoising-stages';
import type { Trainee } from './trainee';
import { readCheckpoint, refuseOtherSettings, writeCheckpoint } from './training-checkpoint';
import type { MemberFigures } from './training-metrics';
import { memberFiguresSchema } from './training-metrics';

/** What a training has come to, beside the stage that it is in. */
export interface DenoisingState {
  /** The networks of the stages that are done. */
  readonly finished: Map<string, WeightArray>;
  members: MemberFigures[];
  /** Returns to good weights after the run had diverged, and what the rate is multiplied by since. */
  recoveries: number;
  rateScale: number;
  trainingSeconds: number;
  /** Steps of the stages that are done. */
  stepsBefore: number;
  secondsAtCheckpoint: number;
}

/** The stage in training. */
export interface StageState {
  readonly stage: number;
  readonly trainee: Trainee;
  readonly average: AveragedWeights;
}

const positionSchema = z.strictObject({
  stage: z.int().min(0),
  step: z.int().min(0),
  members: z.array(memberFiguresSchema),
  recoveries: z.int().min(0),
  rateScale: z.number().positive(),
  trainingSeconds: z.number().min(0),
  settings: z.string(),
});

/** Before the names of the averaged arrays. */
const AVERAGE = 'average/';

export function beginningState(): DenoisingState {
  return {
    finished: new Map(),
    members: [],
    recoveries: 0,
    rateScale: 1,
    trainingSeconds: 0,
    stepsBefore: 0,
    secondsAtCheckpoint: 0,
  };
}

/** @param settings what the numbers belong to, as JSON */
export async function writeDenoisingCheckpoint(
  file: string,
  settings: string,
  state: DenoisingState,
  { stage, trainee, average }: StageState,
): Promise<void> {
  const { members, recoveries, rateScale, trainingSeconds } = state;
  const averaged: WeightSet = average.isEmpty ? new Map() : average.weights;
  await writeCheckpoint(file, {
    position: {
      ...{ stage, step: trainee.stepsDone, members, recoveries, rateScale, trainingSeconds },
      settings,
    },
    weights: new Map<string, WeightArray>([
      ...state.finished,
      ...trainee.weights(),
      ...[...averaged].map(([name, array]) => [AVERAGE + name, array] as const),
    ]),
    moments: trainee.moments(),
  });
  state.secondsAtCheckpoint = trainingSeconds;
}

/**
 * Takes up what a checkpoint holds.
 * @throws PhiscanError as `readCheckpoint`; `arguments-invalid` when it belongs to other settings
 */
export async function readDenoisingCheckpoint(
  file: string,
  settings: string,
  stages: DenoisingStages,
): Promise<{ state: DenoisingState; current: StageState }> {
  const { position, weights, moments } = await readCheckpoint(file, positionSchema);
  refuseOtherSettings(position.settings, settings);
  const { stage, step, members, recoveries, rateScale, trainingSeconds } = position;
  const averaged = new Map<string, WeightArray>();
  const finished = new Map<string, WeightArray>();
  for (const [name, array] of weights) {
    if (name.startsWith(AVERAGE)) averaged.set(name.slice(AVERAGE.length), array);
    else finished.set(name, array);
  }
  const trainee = stages.at(stage).create(finished);
  trainee.restore(finished, moments, step);
  for (const name of trainee.weights().keys()) finished.delete(name);
  return {
    state: {
      ...{ finished, members, recoveries, rateScale, trainingSeconds },
      stepsBefore: stages.steps(stage),
      secondsAtCheckpoint: trainingSeconds,
    },
    current: {
      stage,
      trainee,
      average: new AveragedWeights(averaged.size > 0 ? averaged : null),
    },
  };
}
