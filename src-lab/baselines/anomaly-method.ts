import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';

/** The systems of the paper's tables (GANOMALY.md, Baselines), and Skip-GANomaly. */
export const METHOD_NAMES = ['ganomaly', 'anogan', 'egbad', 'vae', 'skip-ganomaly'] as const;
export type MethodName = (typeof METHOD_NAMES)[number];

/** What all methods share; each has further constants of its own paper in its own file. */
export interface MethodSettings {
  /** Side of a tile in pixels, a power of two of at least 32. */
  readonly isize: number;
  readonly nc: number;
  readonly nz: number;
  readonly ngf: number;
  readonly seed: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly adversarialWeight: number;
  readonly contextualWeight: number;
  readonly encoderWeight: number;
}

/** A way to learn benign tiles and to tell how far another tile is from them. */
export interface AnomalyMethod {
  readonly name: MethodName;
  create(tf: Tensorflow, settings: MethodSettings): MethodTraining;
}

/** A method's networks, being trained or trained. */
export interface MethodTraining {
  readonly stepsDone: number;
  /** One training step on benign tiles (count, isize, isize, nc) in [−1, 1]; the losses by name. */
  step(tiles: Tensor4D): Readonly<Record<string, number>>;
  /**
   * The anomaly score of each tile, 0 or more, higher for what is further from benign. A tile's
   * score never depends on the other tiles of the batch.
   * @throws PhiscanError `cancelled`
   */
  score(tiles: Tensor4D, signal?: AbortSignal): Promise<Float64Array>;
  /** Copies of all arrays that `score` needs and that training continues from. */
  weights(): WeightSet;
  /** Adam's moments, so that a resumed run gives the same numbers. */
  moments(): WeightSet;
  restore(weights: WeightSet, moments: WeightSet | null, stepsDone: number): void;
  dispose(): void;
}
