import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { BatchNormSpec } from '../../src-shared/ganomaly/network-spec';
import { composedKernels } from './composed-kernels';
import { fusedKernels } from './fused-kernels';
import type { Tensorflow } from './tensorflow-runtime';

/** Running statistics of a batch norm in PyTorch's sense: the variance is the unbiased one. */
export interface RunningStatistics {
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
}

/** What a batch norm's forward pass gives, and what its backward pass needs again. */
export interface BatchNormPass {
  readonly output: Tensor4D;
  /** The running statistics moved by `momentum` towards this batch's. */
  readonly running: RunningStatistics;
  readonly saved: readonly Tensor[];
}

export interface BatchNormGradients {
  readonly input: Tensor4D;
  readonly gamma: Tensor1D;
  readonly beta: Tensor1D;
}

/** One Adam step's scalars; `rate` and `epsilon` carry the bias corrections (see `adamScalars`). */
export interface AdamScalars {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** A weight array that Adam moves, with its two moments. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** The present value. It must be disposed (a tidy does) before the next `applyAdam`. */
  read(): Tensor;
  /** m ← β1·m + (1−β1)·g; v ← β2·v + (1−β2)·g²; value ← value − rate·m / (√v + ε). */
  applyAdam(gradient: Tensor, scalars: AdamScalars): void;
  /** Sets the value alone; the moments stay. */
  assign(values: Float32Array): void;
  moments(): { first: Float32Array; second: Float32Array };
  assignMoments(first: Float32Array, second: Float32Array): void;
  dispose(): void;
}

/**
 * The operations of a training step that TensorFlow has as one kernel and TensorFlow.js composes
 * of many. Both forms compute the same numbers; a test holds them to it.
 */
export interface TrainingKernels {
  readonly form: 'fused' | 'composed';
  /** Normalises x by its own batch's statistics. */
  batchNorm(
    x: Tensor4D,
    gamma: Tensor1D,
    beta: Tensor1D,
    running: RunningStatistics,
    spec: BatchNormSpec,
  ): BatchNormPass;
  batchNormGradient(
    dy: Tensor4D,
    x: Tensor4D,
    gamma: Tensor1D,
    pass: BatchNormPass,
    spec: BatchNormSpec,
  ): BatchNormGradients;
  /** Gradient of LeakyReLU from its output, whose sign is its input's. */
  leakyReluGradient(dy: Tensor4D, output: Tensor4D, slope: number): Tensor4D;
  reluGradient(dy: Tensor4D, output: Tensor4D): Tensor4D;
  createParameter(name: string, shape: readonly number[], values: Float32Array): Parameter;
}

/** The fused kernels where the backend is TensorFlow itself, else the composed ones. */
export function trainingKernels(tf: Tensorflow): TrainingKernels {
  return tf.getBackend() === 'tensorflow' ? fusedKernels(tf) : composedKernels(tf);
}

/**
 * Adam's scalars at step t (from 1), equal to PyTorch's update
 * lr · m̂ / (√v̂ + ε) with m̂ = m / (1−β1ᵗ) and v̂ = v / (1−β2ᵗ)
 * (Kingma & Ba 2015, end of section 2), with both corrections moved into rate and epsilon.
 */
export function adamScalars(
  step: number,
  { learningRate, beta1, beta2 }: { learningRate: number; beta1: number; beta2: number },
): AdamScalars {
  const correction = Math.sqrt(1 - beta2 ** step);
  return {
    rate: (learningRate * correction) / (1 - beta1 ** step),
    beta1,
    beta2,
    epsilon: ADAM_EPSILON * correction,
  };
}

const ADAM_EPSILON = 1e-8;
