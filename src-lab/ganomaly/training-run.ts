import type { WeightSet } from '../../src-shared/ganomaly/weights';
import type { TileBatch } from '../../src-main/engine/engine';
import type { StepLosses } from './ganomaly-training';
import type { HeldOutLosses, MetricsLine } from './training-metrics';
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
