import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import type { TileBatch } from '../../src-main/engine/engine';
import { placeModel } from '../../src-main/engine/tensorflow/tensorflow-engine';
import { writePngRgb8 } from '../../src-main/scan-io/raster/write-png';
import { DivergenceWatch } from './divergence-watch';
import type { StepLosses } from './ganomaly-training';
import { GanomalyTraining } from './ganomaly-training';
import { heldOutLosses } from './held-out-losses';
import type { Tensorflow } from './tensorflow-runtime';
import type { CheckpointPosition } from './training-checkpoint';
import {
  CHECKPOINT_FILE,
  positionSchema,
  readCheckpoint,
  writeCheckpoint,
} from './training-checkpoint';
import type { HeldOutLosses, MetricsLine } from './training-metrics';
import { appendMetrics, meanLosses, METRICS_FILE, truncateMetrics } from './training-metrics';
import { appendSamples, readSamples, SAMPLES_FILE } from './training-samples';
import type { TrainingSettings } from './training-settings';

/** Where batches come from; `ScanPatches` is one. */
export interface BatchSource {
  /** Names the training set's content: a checkpoint belongs to one. */
  readonly fingerprint: string;
  /** Scans of each block that its batches are drawn from in turn. */
  readonly blockScans: readonly number[];
  batchesPerEpoch(request: { batchSize: number; patchesPerEpoch: number | null }): number;
  batches(request: {
    epoch: number;
    batchSize: number;
    patchesPerEpoch: number | null;
    skipBatches: number;
  }): AsyncIterable<Float32Array>;
}

export type TrainingEnd = 'finished' | 'early-stop' | 'step-limit' | 'time-limit' | 'interrupted';

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
  /** Benign patches that are never trained on: what the weights are chosen by, if anything. */
  readonly heldOut?: BatchSource | null;
  /**
   * Epochs without a lower held-out L_con after which the run ends, the weights of the epoch that
   * had the lowest being kept; with 0 it goes on to its end and keeps the last weights.
   */
  readonly patience?: number;
  /** A few patches whose x̂ are kept as the training goes on: RGB in [−1, 1]. */
  readonly samples?: TileBatch | null;
  /** Takes `checkpoint.bin`, `metrics.jsonl` and `samples.jsonl`; must exist. */
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
  /** Those of the epoch with the lowest held-out L_con where the run chose by it, else the last. */
  readonly weights: WeightSet;
  /** The step that they are of, and their losses on held-out patches, where those were measured. */
  readonly keptStep: number;
  readonly heldOut: HeldOutLosses | null;
  /** Returns to the last good weights after the run had diverged. */
  readonly recoveries: number;
  readonly steps: number;
  /** Epochs done, with the share of the one begun. */
  readonly epochs: number;
  readonly trainingSeconds: number;
  readonly discriminatorRedraws: number;
  readonly lastLosses: StepLosses | null;
}

/** Steps whose mean losses make one line of metrics. */
const STEPS_PER_LINE = 10;
/** Steps between copies in memory that a run falls back to when it diverges. */
const STEPS_PER_COPY = 200;
const MAX_RECOVERIES = 3;
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

/** Where a run can go back to: its position, weights and moments. */
type State = Parameters<typeof writeCheckpoint<CheckpointPosition>>[1];

/** The held-out losses after an epoch, and the weights that gave them. */
interface Measured {
  readonly step: number;
  readonly epochs: number;
  readonly losses: HeldOutLosses;
  readonly weights: WeightSet;
}

class TrainingLoop {
  private readonly batchesPerEpoch: number;
  private readonly stepsTotal: number;
  private divergence = new DivergenceWatch();
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
  private recoveries = 0;
  private rateScale = 1;
  private best: Measured | null = null;
  /** Set when the last steps were measured, so that nothing is measured twice. */
  private measured: Measured | null = null;
  private good: State | null = null;

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
    this.settingsJson = settingsOfNumbers(options);
  }

  async run(): Promise<TrainedNetworks> {
    if (this.options.resume) await this.resume();
    else await this.begin();
    this.good = this.state();
    const end = await this.trainToTheEnd();
    const { step, discriminatorRedraws } = this.training.counters;
    // An end within an epoch is measured, too; what a resumed run goes on from is not touched.
    if (end !== 'interrupted' && this.measured === null) await this.measure();
    const chosen = this.chosen();
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

  /** Whose weights the run gives: the best measured, or the last where it does not choose. */
  private chosen(): Measured | null {
    const { best, measured } = this;
    if (!this.chooses() || best === null) return measured;
    return measured !== null && measured.losses.contextual < best.losses.contextual
      ? measured
      : best;
  }

  private chooses(): boolean {
    return (this.options.patience ?? 0) > 0;
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
      if (this.isStale()) return 'early-stop';
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
    return this.isStale() ? 'early-stop' : 'finished';
  }

  /** Whether the held-out loss has not fallen for as many epochs as the run is patient. */
  private isStale(): boolean {
    const { best } = this;
    return (
      this.chooses() && best !== null && this.epoch - best.epochs >= (this.options.patience ?? 0)
    );
  }

  private async endEpoch(): Promise<void> {
    const measured = await this.measure();
    const isBetter =
      measured !== null &&
      (this.best === null || measured.losses.contextual < this.best.losses.contextual);
    if (this.chooses() && isBetter) this.best = measured;
    if (this.epoch < this.options.settings.epochs) await this.checkpoint();
    this.keepIfGood(this.lastLosses);
    this.markedMs = performance.now();
  }

  /** Held-out losses and samples of the weights as they are now; null where nothing is held out. */
  private async measure(): Promise<Measured | null> {
    const { settings, heldOut = null, samples = null } = this.options;
    if (heldOut === null && samples === null) return null;
    const { architecture } = settings;
    const weights = this.training.weights();
    this.divergence.checkWeights(this.training.counters.step, weights);
    const model = placeModel(this.tf, architecture, weights);
    const { step } = this.training.counters;
    const epochs = this.epochsDone();
    try {
      if (samples !== null) {
        const { reconstruction = new Float32Array() } = await model.runTiles(samples, [
          'reconstruction',
        ]);
        await this.keepSamples(step, `x̂ after ${epochText(epochs)}`, reconstruction);
      }
      if (heldOut === null) return null;
      const losses = await heldOutLosses(model, architecture, heldOut);
      await appendMetrics(this.metricsFile, { step, epoch: this.epoch, heldOut: losses });
      this.measured = { step, epochs, losses, weights };
      return this.measured;
    } finally {
      await model.dispose();
    }
  }

  private async keepSamples(step: number, title: string, values: Float32Array): Promise<void> {
    const { samples = null, directory } = this.options;
    if (samples === null) return;
    const { count, height, width } = samples;
    const length = values.length / count;
    const pngs = Array.from({ length: count }, (_, index) => {
      const patch = values.subarray(index * length, (index + 1) * length);
      const rgb = Uint8Array.from(patch, (value) => Math.round((value + 1) * 127.5));
      return writePngRgb8(width, height, rgb);
    });
    await appendSamples(path.join(directory, SAMPLES_FILE), { step, title }, pngs);
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
    this.measured = null;
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
    const state = this.state();
    this.divergence.checkWeights(state.position.step, state.weights);
    await writeCheckpoint(this.checkpointFile, {
      ...state,
      weights: new Map<string, WeightArray>([
        ...state.weights,
        ...[...(this.best?.weights ?? [])].map(([name, array]) => [BEST + name, array] as const),
      ]),
    });
    this.secondsAtCheckpoint = this.trainingSeconds;
  }

  private state(): State {
    const { best } = this;
    return {
      position: {
        ...this.training.counters,
        epoch: this.epoch,
        batchesOfEpoch: this.batchesOfEpoch,
        lossesOfLine: [...this.stepsOfLine],
        trainingSeconds: this.trainingSeconds,
        recoveries: this.recoveries,
        rateScale: this.rateScale,
        ...(best !== null && { best: { step: best.step, epochs: best.epochs, ...best.losses } }),
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
    const arrays = [...state.weights.values()];
    if (arrays.every(({ values }) => values.every(Number.isFinite))) this.good = state;
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
    await this.truncateLogs(step);
    // With the checkpoint first, no resumed run forgets a return that its metrics tell of.
    await this.checkpoint();
    const recovery = { fromStep, found: error.message };
    await appendMetrics(this.metricsFile, { step, epoch: this.epoch, recovery });
  }

  /** Takes up a state's place; what was measured best may be later than it, and stays. */
  private restore({ position, weights, moments }: State): void {
    this.training.restore(weights, moments, position);
    this.epoch = position.epoch;
    this.batchesOfEpoch = position.batchesOfEpoch;
    this.stepsOfLine = [...position.lossesOfLine];
    this.secondsOfLine = 0;
    this.timedStepsOfLine = 0;
    this.measured = null;
  }

  private async begin(): Promise<void> {
    await this.truncateLogs(-1);
    await this.beginSamples();
    await this.checkpoint();
  }

  private async beginSamples(): Promise<void> {
    const { samples = null, directory } = this.options;
    if (samples === null) return;
    if ((await readSamples(path.join(directory, SAMPLES_FILE))).length > 0) return;
    await this.keepSamples(0, 'patches', samples.values);
  }

  private async truncateLogs(lastStep: number): Promise<void> {
    for (const file of [METRICS_FILE, SAMPLES_FILE]) {
      await truncateMetrics(path.join(this.options.directory, file), lastStep);
    }
  }

  private async resume(): Promise<void> {
    const found = await readCheckpoint(this.checkpointFile, positionSchema);
    const { position, weights } = found;
    if (position.settings !== this.settingsJson) {
      throw new PhiscanError(
        'arguments-invalid',
        'The checkpoint belongs to other settings or other training scans: it was made with ' +
          `${position.settings}, this run asks for ${this.settingsJson}. Give the same again, ` +
          'or train into another folder.',
      );
    }
    this.restore(found);
    this.trainingSeconds = position.trainingSeconds;
    this.secondsAtCheckpoint = position.trainingSeconds;
    this.recoveries = position.recoveries ?? 0;
    this.rateScale = position.rateScale ?? 1;
    if (position.best !== undefined) {
      const { step, epochs, contextual, encoder } = position.best;
      const ofBest = [...weights].flatMap(([name, array]) =>
        name.startsWith(BEST) ? [[name.slice(BEST.length), array] as const] : [],
      );
      const losses = { contextual, encoder };
      this.best = { step, epochs, losses, weights: new Map<string, WeightArray>(ofBest) };
    }
    await this.truncateLogs(position.step);
    await this.beginSamples();
  }
}

/** Before the names of the best weights' arrays in a checkpoint. */
const BEST = 'best/';

function epochText(epochs: number): string {
  if (epochs === 1) return '1 epoch';
  return `${Number.isInteger(epochs) ? epochs : epochs.toFixed(2)} epochs`;
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
