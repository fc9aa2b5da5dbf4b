import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { WeightSet } from '../../src-shared/ganomaly/weights';

/** A batch of crops; see `PutInCrop`. */
export interface PutInBatch {
  /** With solids put in: (count, isize, isize, 2). */
  readonly input: Tensor4D;
  /** Without them. */
  readonly clean: Tensor4D;
  /** Share of each cell that a solid covers: (count, isize / 2, isize / 2, 1). */
  readonly mask: Tensor4D;
}

/** What a stage of training trains: the generator, or one comparator. */
export interface Trainee {
  readonly stepsDone: number;
  /** One step of Adam at a learning rate; the losses by name. */
  step(batch: PutInBatch, learningRate: number): Readonly<Record<string, number>>;
  /** Copies of all arrays. */
  weights(): WeightSet;
  moments(): WeightSet;
  restore(weights: WeightSet, moments: WeightSet, stepsDone: number): void;
  dispose(): void;
}
