import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { bestOf, withBest } from './best-weights';
import {
  areFinite,
  DivergenceWatch,
  MAX_RECOVERIES,
  refuseWeightsNotFinite,
  STEPS_PER_COPY,
} from './divergence-watch';
import type { StepLosses } from './ganomaly-training';
import { GanomalyTraining } from './ganomaly-training';
import type { WeightsInTraining } from './held-out-choice';
import { HeldOutChoice } from './held-out-choice';
import type { Tensorflow } from './tensorflow-runtime';
import type { TrainingCheckpoint } from './training-checkpoint';
import {
  CHECKPOINT_FILE,
  positionSchema,
  readCheckpoint,
  refuseOtherSettings,
  writeCheckpoint,
} from './training-checkpoint';
import { TrainingLogs } from './training-logs';
import type { MetricsLine } from './training-metrics';
import { meanLosses } from './training-metrics';
import type { TrainedNetworks, TrainingEnd, TrainingRun } from './training-run';

/** Steps whose mean losses make one line of metrics. */
const STEPS_PER_LINE = 10;
/** Mean |x − x̂| of an answer in plain grey: what does worse is no state to go back to. */
const WORST_GOOD_LOSS = 1;

/**
 * Trains until the settings' end, the time limit, an abort or until the held-out loss no longer
 * falls. A checkpoint is written at the beginning, at the end of each epoch, every
 * `checkpointMinutes` and at the end; a run resumed from one gives the same numbers as one that was
 * never interrupted. A run that diverges goes back to the last good weights at half the rate.
 * @throws PhiscanError `training-diverged` when it does so again after every return (the last good
 * checkpoint stays), `arguments-invalid`
 * when the checkpoint belongs to other settings or scans.
 */
export async function runTraining(tf: Tensorflow, run: TrainingRun): Promise<TrainedNetworks> {
  const { architecture, seed } = run.settings;
  const training = new GanomalyTraining(tf, architecture, seed, run.settings);
  try {
    return await new TrainingLoop(tf, run, training).run();
  } finally {
    training.dispose();
  }
}

class TrainingLoop {
  private readonly batchesPerEpoch: number;
  private readonly stepsTotal: number;
  private divergence = new DivergenceWatch();
  private readonly logs: TrainingLogs;
  private readonly choice: HeldOutChoice;
  private readonly checkpointFile: string;
  private readonly settingsJson: string;
  private epoch = 0;
  private batchesOfEpoch = 0;
  private trainingSeconds = 0;
  private secondsAtCheckpoint = 0;
  private stepsOfLine: StepLosses[] = [];
  private secondsOfLine = 0;
  /** Fewer than `stepsOfLine` where a run was resumed inside a line. */
  private timedStepsOfLine = 0;
  private lastLosses: StepLosses | null = null;
  private markedMs = 0;
  private recoveries = 0;
  private rateScale = 1;
  private good: TrainingCheckpoint | null = null;

  constructor(
    private readonly tf: Tensorflow,
    private readonly options: TrainingRun,
    private readonly training: GanomalyTraining,
  ) {
    const { settings, source, directory } = options;
    this.batchesPerEpoch = source.batchesPerEpoch(settings);
    if (this.batchesPerEpoch === 0) {
      throw new PhiscanError(
        'training-impossible',
        `The training scans give fewer patches than one batch of ${settings.batchSize}. ` +
          'Give more scans, or a smaller batch.',
      );
    }
    this.stepsTotal = Math.min(
      this.batchesPerEpoch * settings.epochs,
      settings.maxSteps ?? Infinity,
    );
    this.logs = new TrainingLogs(directory);
    this.choice = new HeldOutChoice(tf, options, this.logs);
    this.checkpointFile = path.join(directory, CHECKPOINT_FILE);
    this.settingsJson = settingsOfNumbers(options);
  }

  async run(): Promise<TrainedNetworks> {
    if (this.options.resume) await this.resume();
    else await this.begin();
    this.good = this.state();
    const end = await this.trainToTheEnd();
    const { step, discriminatorRedraws } = this.training.counters;
    // An end within an epoch is measured, too; what a resumed run goes on from is not touched.
    if (end !== 'interrupted') await this.choice.measure(this.standing());
    const chosen = this.choice.chosen();
    return {
      end,
      weights: chosen?.weights ?? this.training.weights(),
      keptStep: chosen?.step ?? step,
      heldOut: chosen?.losses ?? null,
      steps: step,
      epochs: this.epochsDone(),
      trainingSeconds: this.trainingSeconds,
      recoveries: this.recoveries,
      discriminatorRedraws,
      lastLosses: this.lastLosses,
    };
  }

  private epochsDone(): number {
    return this.epoch + this.batchesOfEpoch / this.batchesPerEpoch;
  }

  private standing(): WeightsInTraining {
    const { step } = this.training.counters;
    const weights = this.training.weights();
    return { step, epoch: this.epoch, epochs: this.epochsDone(), weights };
  }

  private async trainToTheEnd(): Promise<TrainingEnd> {
    for (;;) {
      try {
        const end = await this.trainEpochs();
        if (this.stepsOfLine.length > 0 && end !== 'interrupted') await this.writeLine();
        await this.checkpoint();
        return end;
      } catch (error) {
        if (!(error instanceof PhiscanError) || error.code !== 'training-diverged') throw error;
        await this.recover(error);
      }
    }
  }

  private async trainEpochs(): Promise<TrainingEnd> {
    const { settings, source } = this.options;
    this.markedMs = performance.now();
    while (this.epoch < settings.epochs) {
      if (this.choice.isStale(this.epoch)) return 'early-stop';
      const request = { ...settings, epoch: this.epoch, skipBatches: this.batchesOfEpoch };
      for await (const batch of source.batches(request)) {
        const end = this.endReached();
        if (end !== null) return end;
        await this.trainBatch(batch);
        // Lets signals and timers through between steps, which block.
        await nextTurn();
      }
      if (this.stepsOfLine.length > 0) await this.writeLine();
      this.epoch += 1;
      this.batchesOfEpoch = 0;
      await this.endEpoch();
    }
    return this.choice.isStale(this.epoch) ? 'early-stop' : 'finished';
  }

  private async endEpoch(): Promise<void> {
    await this.choice.endEpoch(this.standing());
    if (this.epoch < this.options.settings.epochs) await this.checkpoint();
    this.keepIfGood(this.lastLosses);
    this.markedMs = performance.now();
  }

  private endReached(): TrainingEnd | null {
    const { signal, maxMinutes, settings } = this.options;
    if (signal?.aborted === true) return 'interrupted';
    if (this.training.counters.step >= (settings.maxSteps ?? Infinity)) return 'step-limit';
    if (this.trainingSeconds >= (maxMinutes ?? Infinity) * 60) return 'time-limit';
    return null;
  }

  private async trainBatch(batch: Float32Array): Promise<void> {
    const { tf } = this;
    const { settings } = this.options;
    const { architecture, batchSize } = settings;
    const { isize, nc } = architecture;
    const x: Tensor4D = tf.tensor4d(batch, [batchSize, isize, isize, nc], 'float32');
    const losses = this.training.step(x, this.rateScale * settings.learningRate);
    x.dispose();
    this.choice.forgetMeasured();
    // From step to step, so that cutting and reading patches count.
    const nowMs = performance.now();
    const seconds = (nowMs - this.markedMs) / 1000;
    this.markedMs = nowMs;
    this.trainingSeconds += seconds;
    this.secondsOfLine += seconds;
    this.timedStepsOfLine += 1;
    this.batchesOfEpoch += 1;
    this.divergence.see(this.training.counters.step, losses);
    this.stepsOfLine.push(losses);
    // By the step's number, so that a resumed run groups the same steps.
    if (this.training.counters.step % STEPS_PER_LINE === 0) await this.writeLine();
    if (this.training.counters.step % STEPS_PER_COPY === 0) this.keepIfGood(losses);
    const sinceCheckpoint = this.trainingSeconds - this.secondsAtCheckpoint;
    if (sinceCheckpoint >= this.options.checkpointMinutes * 60) await this.checkpoint();
  }

  private async writeLine(): Promise<void> {
    const { settings, onProgress } = this.options;
    const { step, discriminatorRedraws } = this.training.counters;
    const losses = meanLosses(this.stepsOfLine);
    const patchesPerSecond =
      (this.timedStepsOfLine * settings.batchSize) / Math.max(1e-9, this.secondsOfLine);
    const metrics: MetricsLine = {
      step,
      epoch: this.epoch,
      ...losses,
      discriminatorRedraws,
      patchesPerSecond: Math.round(patchesPerSecond * 10) / 10,
      trainingSeconds: Math.round(this.trainingSeconds * 10) / 10,
    };
    this.lastLosses = losses;
    this.stepsOfLine = [];
    this.secondsOfLine = 0;
    this.timedStepsOfLine = 0;
    await this.logs.addLine(metrics);
    onProgress?.({
      metrics,
      epochs: settings.epochs,
      stepsTotal: this.stepsTotal,
      secondsLeft: this.secondsLeft(step, patchesPerSecond),
    });
  }

  private secondsLeft(step: number, patchesPerSecond: number): number {
    const { settings, maxMinutes } = this.options;
    const bySteps = ((this.stepsTotal - step) * settings.batchSize) / patchesPerSecond;
    const byTime = (maxMinutes ?? Infinity) * 60 - this.trainingSeconds;
    return Math.max(0, Math.min(bySteps, byTime));
  }

  private async checkpoint(): Promise<void> {
    const state = this.state();
    refuseWeightsNotFinite(state.position.step, state.weights);
    await writeCheckpoint(this.checkpointFile, withBest(state, this.choice.best));
    this.secondsAtCheckpoint = this.trainingSeconds;
  }

  private state(): TrainingCheckpoint {
    return {
      position: {
        ...this.training.counters,
        epoch: this.epoch,
        batchesOfEpoch: this.batchesOfEpoch,
        lossesOfLine: [...this.stepsOfLine],
        trainingSeconds: this.trainingSeconds,
        recoveries: this.recoveries,
        rateScale: this.rateScale,
        settings: this.settingsJson,
      },
      weights: this.training.weights(),
      moments: this.training.moments(),
    };
  }

  private keepIfGood(losses: StepLosses | null): void {
    if ((losses?.contextual ?? Infinity) > WORST_GOOD_LOSS) return;
    const state = this.state();
    // Losses are of the weights before the step: the step itself can have spoilt them.
    if (areFinite(state.weights)) this.good = state;
  }

  /** Goes back to the last good state at half the rate, and says so in the metrics. */
  private async recover(error: PhiscanError): Promise<void> {
    const { good } = this;
    const fromStep = this.training.counters.step;
    if (good === null || this.recoveries >= MAX_RECOVERIES) {
      throw new PhiscanError(
        'training-diverged',
        `${error.message} It had returned ${this.recoveries} times to good weights before.`,
        { cause: error },
      );
    }
    this.recoveries += 1;
    this.rateScale /= 2;
    this.restore(good);
    this.divergence = new DivergenceWatch();
    const { step } = good.position;
    await this.logs.truncate(step);
    // With the checkpoint first, no resumed run forgets a return that its metrics tell of.
    await this.checkpoint();
    const recovery = { fromStep, found: error.message };
    await this.logs.addLine({ step, epoch: this.epoch, recovery });
  }

  /** Takes up a state's place; what was measured best may be later than it, and stays. */
  private restore({ position, weights, moments }: TrainingCheckpoint): void {
    this.training.restore(weights, moments, position);
    this.epoch = position.epoch;
    this.batchesOfEpoch = position.batchesOfEpoch;
    this.stepsOfLine = [...position.lossesOfLine];
    this.secondsOfLine = 0;
    this.timedStepsOfLine = 0;
    this.choice.forgetMeasured();
  }

  private async begin(): Promise<void> {
    await this.logs.truncate(-1);
    await this.choice.beginSamples();
    await this.checkpoint();
  }

  private async resume(): Promise<void> {
    const found = await readCheckpoint(this.checkpointFile, positionSchema);
    const { position } = found;
    refuseOtherSettings(position.settings, this.settingsJson);
    this.restore(found);
    this.trainingSeconds = position.trainingSeconds;
    this.secondsAtCheckpoint = position.trainingSeconds;
    this.recoveries = position.recoveries ?? 0;
    this.rateScale = position.rateScale ?? 1;
    this.choice.best = bestOf(found);
    await this.logs.truncate(position.step);
    await this.choice.beginSamples();
  }
}

/** What must be equal for a checkpoint to be continued; the run's length may change. */
function settingsOfNumbers({ settings, source, heldOut }: TrainingRun): string {
  return JSON.stringify({
    ...settings,
    epochs: undefined,
    maxSteps: undefined,
    trainingSet: source.fingerprint,
    blocks: source.blockScans,
    heldOut: heldOut?.fingerprint,
    heldOutBlocks: heldOut?.blockScans,
  });
}
