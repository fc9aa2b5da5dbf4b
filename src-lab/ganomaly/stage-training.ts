import { setImmediate as nextTurn } from 'node:timers/promises';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import type { PutInRecipe } from '../put-in/put-in-crops';
import type { PutInPictures } from '../put-in/put-in-pictures';
import { AveragedWeights } from './averaged-weights';
import type { DenoisingState, StageState } from './denoising-checkpoint';
import { isSamplePoint } from './denoising-samples';
import type { DenoisingSettings } from './denoising-settings';
import type { DenoisingStage } from './denoising-stages';
import { areFinite, MAX_RECOVERIES, STEPS_PER_COPY } from './divergence-watch';
import { annealedRate } from './learning-rate';
import { drawPutInBatch } from './put-in-batch';
import { StepMeans } from './step-means';
import type { Tensorflow } from './tensorflow-runtime';
import type { TrainingLogs } from './training-logs';

/** What a stage is given by the run that it is a part of. */
export interface StageSurroundings {
  readonly tf: Tensorflow;
  readonly settings: DenoisingSettings;
  readonly training: PutInPictures;
  readonly recipe: PutInRecipe;
  readonly logs: TrainingLogs;
  readonly checkpointMinutes: number;
  readonly signal?: AbortSignal;
  /** Writes a checkpoint of where the run stands. */
  readonly checkpoint: (current: StageState) => Promise<void>;
  /** @param losses means over some steps */
  readonly onLine: (step: number, losses: StepLosses, cropsPerSecond: number) => Promise<void>;
  /** At a few points of the generator's stage. */
  readonly onSamplePoint: (step: number, weights: WeightSet) => Promise<void>;
}

type StepLosses = Readonly<Record<string, number>>;

const STEPS_PER_LINE = 25;
const STEPS_PER_AVERAGE = 8;
/** Steps for which one block of pictures is drawn from, where there are several. */
const STEPS_PER_BLOCK = 100;

interface TraineeCopy {
  readonly weights: WeightSet;
  readonly moments: WeightSet;
  readonly stepsDone: number;
  readonly average: WeightSet | null;
}

/** Trains one network of a run to the end of its stage. */
export class StageTraining {
  private readonly means = new StepMeans();
  private good: TraineeCopy;
  private markedMs = performance.now();

  constructor(
    private readonly around: StageSurroundings,
    private readonly stage: DenoisingStage,
    private readonly state: DenoisingState,
    private readonly current: StageState,
  ) {
    this.good = copyOf(current);
  }

  /** @throws PhiscanError `training-diverged` when it does so again after every recovery */
  async train(): Promise<'finished' | 'interrupted'> {
    const { around, stage, current } = this;
    this.markedMs = performance.now();
    while (current.trainee.stepsDone < stage.steps) {
      if (around.signal?.aborted === true) {
        await around.checkpoint(current);
        return 'interrupted';
      }
      const losses = await this.trainStep();
      if (Object.values(losses).every(Number.isFinite)) await this.afterStep();
      else await this.recover(losses);
      // Lets signals and timers through between steps, which block.
      await nextTurn();
    }
    return 'finished';
  }

  private async trainStep(): Promise<StepLosses> {
    const { stage, state } = this;
    const { tf, settings, training, recipe } = this.around;
    const { trainee, stage: index } = this.current;
    const step = trainee.stepsDone + 1;
    const pictures = await training.block(Math.floor(step / STEPS_PER_BLOCK));
    const { seed, batchSize } = settings;
    const batch = drawPutInBatch(tf, pictures, recipe, { seed, batchSize, stage: index, step });
    const losses = trainee.step(
      batch,
      state.rateScale * annealedRate(stage.rate, step, stage.steps),
    );
    tf.dispose([batch.input, batch.clean, batch.mask]);
    // From step to step, so that drawing crops counts.
    const nowMs = performance.now();
    const seconds = (nowMs - this.markedMs) / 1000;
    this.markedMs = nowMs;
    state.trainingSeconds += seconds;
    this.means.add(losses, seconds);
    return losses;
  }

  private async afterStep(): Promise<void> {
    const { around, stage, state, current } = this;
    const { trainee, average } = current;
    const step = trainee.stepsDone;
    const isLast = step === stage.steps;
    if (step % STEPS_PER_AVERAGE === 0 || isLast) average.move(trainee.weights());
    // Losses are of the weights before the step: the step itself can have spoilt them.
    if (step % STEPS_PER_COPY === 0 && areFinite(trainee.weights())) this.good = copyOf(current);
    if (step % STEPS_PER_LINE === 0 || isLast) {
      const { batchSize } = around.settings;
      await around.onLine(step, this.means.losses(), this.means.stepsPerSecond() * batchSize);
      this.means.clear();
    }
    if (current.stage === 0 && isSamplePoint(step, stage.steps)) {
      await around.onSamplePoint(step, average.isEmpty ? trainee.weights() : average.weights);
      this.markedMs = performance.now();
    }
    const sinceCheckpoint = state.trainingSeconds - state.secondsAtCheckpoint;
    if (sinceCheckpoint >= around.checkpointMinutes * 60 && areFinite(trainee.weights())) {
      await around.checkpoint(current);
      this.markedMs = performance.now();
    }
  }

  /** Goes back to the last good copy at half the rate, and says so in the metrics. */
  private async recover(losses: StepLosses): Promise<void> {
    const { around, stage, state, current, good } = this;
    const { stepsDone } = current.trainee;
    state.recoveries += 1;
    // JSON has no numbers for them.
    const found = Object.entries(losses).map(([name, loss]) => `${name} ${loss}`);
    if (state.recoveries > MAX_RECOVERIES) {
      throw new PhiscanError(
        'training-diverged',
        `Training of the ${stage.name} ran away at step ${stepsDone} (${found.join(', ')}), ` +
          `again after ${MAX_RECOVERIES} returns to the last good weights. Train anew with a ` +
          'lower learning rate or another --seed.',
      );
    }
    state.rateScale /= 2;
    current.trainee.restore(good.weights, good.moments, good.stepsDone);
    current.average.reset(good.average);
    const step = state.stepsBefore + good.stepsDone;
    await around.logs.truncate(step);
    // With the checkpoint first, no resumed run forgets a return that its metrics tell of.
    await around.checkpoint(current);
    const recovery = { fromStep: state.stepsBefore + stepsDone, found: found.join(', ') };
    await around.logs.addLine({ step, stage: stage.name, recovery });
    this.means.clear();
    this.markedMs = performance.now();
  }
}

function copyOf({ trainee, average }: StageState): TraineeCopy {
  return {
    weights: trainee.weights(),
    moments: trainee.moments(),
    stepsDone: trainee.stepsDone,
    average: average.isEmpty ? null : new AveragedWeights(average.weights).weights,
  };
}
