import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { ScanPatches } from '../datasets/scan-patches';
import { refuseLossesNotFinite, refuseWeightsNotFinite } from '../ganomaly/divergence-watch';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import {
  CHECKPOINT_FILE,
  positionSchema,
  readCheckpoint,
  refuseOtherSettings,
  writeCheckpoint,
} from '../ganomaly/training-checkpoint';
import { METRICS_FILE, truncateMetrics } from '../ganomaly/training-metrics';
import type { MethodSettings, MethodTraining } from './anomaly-method';

export interface MethodTrainingOptions {
  readonly method: string;
  readonly settings: MethodSettings;
  readonly batchSize: number;
  readonly epochs: number;
  /** Patches trained on in an epoch; all of them when null. */
  readonly patchesPerEpoch: number | null;
  /** Steps after which training ends even inside an epoch. */
  readonly maxSteps: number | null;
  /** Training time after which the run ends, resumed parts counted. */
  readonly maxMinutes: number | null;
  readonly checkpointMinutes: number;
  readonly scaleFactor: number;
  readonly stridePx: number;
  /** Takes checkpoint.bin and metrics.jsonl; must exist. */
  readonly outDirectory: string;
  readonly resume: boolean;
  readonly onProgress?: (progress: MethodProgress) => void;
  /** Ends the run after the step in flight, with a checkpoint. */
  readonly signal?: AbortSignal;
}

export interface MethodProgress {
  readonly step: number;
  readonly stepsTotal: number;
  readonly losses: Readonly<Record<string, number>>;
  readonly patchesPerSecond: number;
}

/** Steps whose mean losses make one line of metrics. */
const STEPS_PER_LINE = 10;

/**
 * Trains a method on patches over the epochs, with a checkpoint now and then and at the end. A run
 * that resumes from one gives the same numbers as one that was never interrupted.
 */
export class MethodTrainingRun {
  trainingSeconds = 0;
  private epoch = 0;
  private batchesOfEpoch = 0;
  private secondsAtCheckpoint = 0;
  private line: Readonly<Record<string, number>>[] = [];
  private secondsOfLine = 0;
  private readonly settingsJson: string;
  private readonly stepsTotal: number;

  constructor(
    private readonly tf: Tensorflow,
    private readonly options: MethodTrainingOptions,
    private readonly patches: ScanPatches,
    private readonly training: MethodTraining,
  ) {
    const { method, settings, batchSize, patchesPerEpoch, scaleFactor, stridePx } = options;
    const perEpoch = patches.batchesPerEpoch(options);
    if (perEpoch === 0) {
      throw new PhiscanError(
        'training-impossible',
        `The training scans give fewer patches than one batch of ${batchSize}. ` +
          'Give more scans, or a smaller batch.',
      );
    }
    this.stepsTotal = Math.min(perEpoch * options.epochs, options.maxSteps ?? Infinity);
    const { fingerprint, blockScans } = patches;
    this.settingsJson = JSON.stringify({
      ...{ method, settings, batchSize, patchesPerEpoch, scaleFactor, stridePx, fingerprint },
      blockScans,
    });
  }

  get steps(): number {
    return this.training.stepsDone;
  }

  /**
   * @returns whether the signal ended it
   * @throws PhiscanError `training-diverged`; `arguments-invalid` when the checkpoint belongs to
   * another method, other settings or other scans
   */
  async train(): Promise<boolean> {
    if (this.options.resume) await this.resume();
    const interrupted = await this.trainEpochs();
    await this.writeLine();
    await this.checkpoint();
    return interrupted;
  }

  private async trainEpochs(): Promise<boolean> {
    const { options } = this;
    const { batchSize, patchesPerEpoch, maxMinutes, signal } = options;
    while (this.epoch < options.epochs) {
      const batches = this.patches.batches({
        epoch: this.epoch,
        batchSize,
        patchesPerEpoch,
        skipBatches: this.batchesOfEpoch,
      });
      for await (const batch of batches) {
        if (signal?.aborted === true) return true;
        if (this.steps >= this.stepsTotal) return false;
        if (this.trainingSeconds >= (maxMinutes ?? Infinity) * 60) return false;
        await this.trainBatch(batch);
        // Lets signals and timers through between steps, which block.
        await nextTurn();
      }
      this.epoch += 1;
      this.batchesOfEpoch = 0;
    }
    return false;
  }

  private async trainBatch(values: Float32Array): Promise<void> {
    const { settings, batchSize, checkpointMinutes } = this.options;
    const { isize, nc } = settings;
    const { tf } = this;
    const startedMs = performance.now();
    const x: Tensor4D = tf.tensor4d(values, [batchSize, isize, isize, nc], 'float32');
    const losses = this.training.step(x);
    x.dispose();
    const seconds = (performance.now() - startedMs) / 1000;
    this.trainingSeconds += seconds;
    this.secondsOfLine += seconds;
    this.batchesOfEpoch += 1;
    refuseLossesNotFinite(this.steps, losses);
    this.line.push(losses);
    if (this.steps % STEPS_PER_LINE === 0) await this.writeLine();
    if (this.trainingSeconds - this.secondsAtCheckpoint >= checkpointMinutes * 60) {
      await this.checkpoint();
    }
  }

  private async writeLine(): Promise<void> {
    const { line, epoch, steps } = this;
    if (line.length === 0) return;
    const losses = Object.fromEntries(
      Object.keys(line[0] ?? {}).map((name) => [
        name,
        line.reduce((sum, step) => sum + (step[name] ?? NaN), 0) / line.length,
      ]),
    );
    const patchesPerSecond = (line.length * this.options.batchSize) / this.secondsOfLine;
    const metrics = { step: steps, epoch, steps: line.length, ...losses, patchesPerSecond };
    await appendFile(
      path.join(this.options.outDirectory, METRICS_FILE),
      JSON.stringify(metrics) + '\n',
    );
    this.line = [];
    this.secondsOfLine = 0;
    const { stepsTotal } = this;
    this.options.onProgress?.({ step: steps, stepsTotal, losses, patchesPerSecond });
  }

  private async checkpoint(): Promise<void> {
    const weights = this.training.weights();
    refuseWeightsNotFinite(this.steps, weights);
    await writeCheckpoint(path.join(this.options.outDirectory, CHECKPOINT_FILE), {
      position: {
        step: this.steps,
        // GANomaly's own count lies among its moments.
        discriminatorRedraws: 0,
        epoch: this.epoch,
        batchesOfEpoch: this.batchesOfEpoch,
        lossesOfLine: [],
        trainingSeconds: this.trainingSeconds,
        settings: this.settingsJson,
      },
      weights,
      moments: this.training.moments(),
    });
    this.secondsAtCheckpoint = this.trainingSeconds;
  }

  private async resume(): Promise<void> {
    const { outDirectory } = this.options;
    const { position, weights, moments } = await readCheckpoint(
      path.join(outDirectory, CHECKPOINT_FILE),
      positionSchema,
    );
    refuseOtherSettings(position.settings, this.settingsJson);
    this.training.restore(weights, moments, position.step);
    this.epoch = position.epoch;
    this.batchesOfEpoch = position.batchesOfEpoch;
    this.trainingSeconds = position.trainingSeconds;
    this.secondsAtCheckpoint = position.trainingSeconds;
    await truncateMetrics(path.join(outDirectory, METRICS_FILE), position.step);
  }
}
