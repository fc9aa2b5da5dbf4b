import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import { DivergenceWatch } from './divergence-watch';
import type { StepLosses } from './ganomaly-training';
import { GanomalyTraining } from './ganomaly-training';
import type { Tensorflow } from './tensorflow-runtime';
import {
  CHECKPOINT_FILE,
  positionSchema,
  readCheckpoint,
  writeCheckpoint,
} from './training-checkpoint';
import type { MetricsLine } from './training-metrics';
import { appendMetrics, meanLosses, METRICS_FILE, truncateMetrics } from './training-metrics';
import type { TrainingSettings } from './training-settings';

/** Where batches come from; `ScanPatches` is one. */
export interface BatchSource {
  /** Names the training set's content: a checkpoint belongs to one. */
  readonly fingerprint: string;
  batchesPerEpoch(request: { batchSize: number; patchesPerEpoch: number | null }): number;
  batches(request: {
    epoch: number;
    batchSize: number;
    patchesPerEpoch: number | null;
    skipBatches: number;
  }): AsyncIterable<Float32Array>;
}

export type TrainingEnd = 'finished' | 'step-limit' | 'time-limit' | 'interrupted';

export interface TrainingProgress {
  readonly metrics: MetricsLine;
  readonly epochs: number;
  /** Of all the steps that the settings ask for. */
  readonly stepsTotal: number;
  readonly secondsLeft: number;
}

export interface TrainingRun {
  readonly settings: TrainingSettings;
  readonly source: BatchSource;
  /** Takes `checkpoint.bin` and `metrics.jsonl`; must exist. */
  readonly directory: string;
  readonly resume: boolean;
  /** Training time after which the run ends, resumed parts counted; none when null. */
  readonly maxMinutes: number | null;
  readonly checkpointMinutes: number;
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Ends the run after the step in flight, with a checkpoint. */
  readonly signal?: AbortSignal;
}

export interface TrainedNetworks {
  readonly end: TrainingEnd;
  readonly weights: WeightSet;
  readonly steps: number;
  /** Epochs done, with the share of the one begun. */
  readonly epochs: number;
  readonly trainingSeconds: number;
  readonly discriminatorRedraws: number;
  readonly lastLosses: StepLosses | null;
}

/** Steps whose mean losses make one line of metrics. */
const STEPS_PER_LINE = 10;

/**
 * Trains until the settings' end, the time limit or an abort. A checkpoint is written at the end
 * of each epoch, every `checkpointMinutes` and at the end; a run resumed from one gives the same
 * numbers as one that was never interrupted.
 * @throws PhiscanError `training-diverged` (the last good checkpoint stays), `arguments-invalid`
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
  private readonly divergence = new DivergenceWatch();
  private readonly metricsFile: string;
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
    this.metricsFile = path.join(directory, METRICS_FILE);
    this.checkpointFile = path.join(directory, CHECKPOINT_FILE);
    this.settingsJson = settingsOfNumbers(settings, source.fingerprint);
  }

  async run(): Promise<TrainedNetworks> {
    if (this.options.resume) await this.resume();
    const end = await this.trainEpochs();
    if (this.stepsOfLine.length > 0 && end !== 'interrupted') await this.writeLine();
    await this.checkpoint();
    const { step, discriminatorRedraws } = this.training.counters;
    return {
      end,
      weights: this.training.weights(),
      steps: step,
      epochs: this.epoch + this.batchesOfEpoch / this.batchesPerEpoch,
      trainingSeconds: this.trainingSeconds,
      discriminatorRedraws,
      lastLosses: this.lastLosses,
    };
  }

  private async trainEpochs(): Promise<TrainingEnd> {
    const { settings, source } = this.options;
    this.markedMs = performance.now();
    while (this.epoch < settings.epochs) {
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
      if (this.epoch < settings.epochs) await this.checkpoint();
    }
    return 'finished';
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
    const { architecture, batchSize } = this.options.settings;
    const { isize, nc } = architecture;
    const x: Tensor4D = tf.tensor4d(batch, [batchSize, isize, isize, nc], 'float32');
    const losses = this.training.step(x);
    x.dispose();
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
    await appendMetrics(this.metricsFile, metrics);
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
    const weights = this.training.weights();
    this.divergence.checkWeights(this.training.counters.step, weights);
    await writeCheckpoint(this.checkpointFile, {
      position: {
        ...this.training.counters,
        epoch: this.epoch,
        batchesOfEpoch: this.batchesOfEpoch,
        lossesOfLine: this.stepsOfLine,
        trainingSeconds: this.trainingSeconds,
        settings: this.settingsJson,
      },
      weights,
      moments: this.training.moments(),
    });
    this.secondsAtCheckpoint = this.trainingSeconds;
  }

  private async resume(): Promise<void> {
    const { position, weights, moments } = await readCheckpoint(
      this.checkpointFile,
      positionSchema,
    );
    if (position.settings !== this.settingsJson) {
      throw new PhiscanError(
        'arguments-invalid',
        'The checkpoint belongs to other settings or other training scans: it was made with ' +
          `${position.settings}, this run asks for ${this.settingsJson}. Give the same again, ` +
          'or train into another folder.',
      );
    }
    this.training.restore(weights, moments, position);
    this.epoch = position.epoch;
    this.batchesOfEpoch = position.batchesOfEpoch;
    this.stepsOfLine = position.lossesOfLine;
    this.trainingSeconds = position.trainingSeconds;
    this.secondsAtCheckpoint = position.trainingSeconds;
    await truncateMetrics(this.metricsFile, position.step);
  }
}

/** What must be equal for a checkpoint to be continued; the run's length may change. */
function settingsOfNumbers(settings: TrainingSettings, trainingSet: string): string {
  return JSON.stringify({ ...settings, epochs: undefined, maxSteps: undefined, trainingSet });
}
