import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { describe, expect, it } from 'vitest';
import { composedKernels } from '../../src-lab/ganomaly/composed-kernels';
import { fusedKernels } from '../../src-lab/ganomaly/fused-kernels';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import type { TrainingKernels } from '../../src-lab/ganomaly/training-kernels';
import { adamScalars } from '../../src-lab/ganomaly/training-kernels';
import { RandomStream } from '../../src-lab/simulator/random-stream';
import type { BatchNormSpec } from '../../src-shared/ganomaly/network-spec';
import { tensorflowPresent } from '../fixtures/tensorflow-present';

const FORMS = ['fused', 'composed'] as const;
const SHAPE: [number, number, number, number] = [3, 2, 4, 5];
const SPEC: BatchNormSpec = {
  kind: 'batch-norm',
  name: 'norm',
  channels: 5,
  epsilon: 1e-5,
  momentum: 0.1,
};

describe.skipIf(!tensorflowPresent())('the kernels of a training step', () => {
  describe.each(FORMS)('%s', (form) => {
    it('normalises by the biased variance and keeps the unbiased one, as PyTorch does', () => {
      const { tf, kernels } = setUp(form);
      const x = values('x', 120, 3);
      const gamma = values('gamma', 5);
      const beta = values('beta', 5);
      const mean = values('mean', 5);
      const variance = values('variance', 5).map(Math.abs);
      const pass = kernels.batchNorm(
        tf.tensor4d(x, SHAPE),
        tf.tensor1d(gamma),
        tf.tensor1d(beta),
        { mean: tf.tensor1d(mean), variance: tf.tensor1d(variance) },
        SPEC,
      );
      for (let channel = 0; channel < 5; channel++) {
        const own = [...x].filter((_, index) => index % 5 === channel);
        const batchMean = own.reduce((sum, value) => sum + value, 0) / own.length;
        const squares = own.reduce((sum, value) => sum + (value - batchMean) ** 2, 0);
        const normalised = own.map(
          (value) =>
            ((value - batchMean) / Math.sqrt(squares / own.length + 1e-5)) * at(gamma, channel) +
            at(beta, channel),
        );
        const found = [...pass.output.dataSync()].filter((_, index) => index % 5 === channel);
        expectClose(found, normalised, 1e-5);
        expectClose(
          [at(pass.running.mean.dataSync(), channel)],
          [0.9 * at(mean, channel) + 0.1 * batchMean],
          1e-5,
        );
        expectClose(
          [at(pass.running.variance.dataSync(), channel)],
          [0.9 * at(variance, channel) + (0.1 * squares) / (own.length - 1)],
          1e-5,
        );
      }
    });

    it('passes gradients through the activations by the sign of their output', () => {
      const { tf, kernels } = setUp(form);
      const dy = tf.tensor4d([1, 2, 3, 4], [1, 1, 1, 4]);
      const output = tf.tensor4d([-0.5, 0.5, 2, -3], [1, 1, 1, 4]);
      expectClose(kernels.leakyReluGradient(dy, output, 0.2).dataSync(), [0.2, 2, 3, 0.8], 1e-6);
      const rectified = tf.relu(output);
      expectClose(kernels.reluGradient(dy, rectified).dataSync(), [0, 2, 3, 0], 1e-6);
    });

    it('moves a parameter by Adam with both bias corrections', () => {
      const { tf, kernels } = setUp(form);
      const settings = { learningRate: 2e-4, beta1: 0.5, beta2: 0.999 };
      const start = values('start', 6);
      const parameter = kernels.createParameter('p', [2, 3], start);
      const expected = Float64Array.from(start);
      const m = new Float64Array(6);
      const v = new Float64Array(6);
      for (let step = 1; step <= 4; step++) {
        const gradient = values(`gradient ${step}`, 6, 0.1);
        tf.tidy(() =>
          parameter.applyAdam(tf.tensor(gradient, [2, 3]), adamScalars(step, settings)),
        );
        for (let i = 0; i < 6; i++) {
          m[i] = 0.5 * at(m, i) + 0.5 * at(gradient, i);
          v[i] = 0.999 * at(v, i) + 0.001 * at(gradient, i) ** 2;
          const corrected = at(m, i) / (1 - 0.5 ** step);
          const spread = Math.sqrt(at(v, i) / (1 - 0.999 ** step));
          expected[i] = at(expected, i) - (2e-4 * corrected) / (spread + 1e-8);
        }
      }
      // The path moved, not the place: 4 steps of 2e-4 on values near 1.
      const found = tf.tidy(() => parameter.read().dataSync().slice());
      const moved = [...found].map((value, i) => value - at(start, i));
      const wanted = [...expected].map((value, i) => value - at(start, i));
      expectClose(moved, wanted, 5e-4);
      const { first, second } = parameter.moments();
      expectClose(first, m, 1e-5);
      // The kernel takes 1 − β2 in float32: 1.3e-5 off 0.001.
      expectClose(second, v, 3e-5);
      parameter.dispose();
    });

    it('gives back what was assigned', () => {
      const { tf, kernels } = setUp(form);
      const parameter = kernels.createParameter('q', [4], values('a', 4));
      parameter.assign(values('b', 4));
      parameter.assignMoments(values('c', 4), values('d', 4));
      expect(tf.tidy(() => parameter.read().dataSync().slice())).toEqual(values('b', 4));
      expect(parameter.moments()).toEqual({ first: values('c', 4), second: values('d', 4) });
      parameter.dispose();
    });
  });

  it('agrees between both forms of batch norm, forward and backward', () => {
    const tf = requireTensorflow();
    const shape: [number, number, number, number] = [8, 16, 16, 24];
    const inputs = {
      x: values('big x', 8 * 16 * 16 * 24, 2),
      dy: values('big dy', 8 * 16 * 16 * 24),
      gamma: values('big gamma', 24),
      beta: values('big beta', 24),
    };
    const [fused, composed] = FORMS.map((form) => {
      const { kernels } = setUp(form);
      const x: Tensor4D = tf.tensor4d(inputs.x, shape);
      const gamma: Tensor1D = tf.tensor1d(inputs.gamma);
      const running = { mean: tf.tensor1d(inputs.beta), variance: tf.tensor1d(inputs.gamma) };
      const spec = { ...SPEC, channels: 24 };
      const pass = kernels.batchNorm(x, gamma, tf.tensor1d(inputs.beta), running, spec);
      const back = kernels.batchNormGradient(tf.tensor4d(inputs.dy, shape), x, gamma, pass, spec);
      return [
        pass.output,
        pass.running.mean,
        pass.running.variance,
        back.input,
        back.gamma,
        back.beta,
      ].map((tensor) => tensor.dataSync());
    });
    expect(fused).toHaveLength(6);
    fused?.forEach((found, index) => expectClose(found, composed?.[index] ?? [], 1e-5));
  });
});

function setUp(form: (typeof FORMS)[number]): {
  tf: ReturnType<typeof requireTensorflow>;
  kernels: TrainingKernels;
} {
  const tf = requireTensorflow();
  const kernels = form === 'fused' ? fusedKernels(tf) : composedKernels(tf);
  expect(kernels.form).toBe(form);
  return { tf, kernels };
}

function values(name: string, count: number, spread = 1): Float32Array {
  const random = new RandomStream(['kernels', name]);
  return Float32Array.from({ length: count }, () => spread * random.normal() + 0.3);
}

function at(array: ArrayLike<number>, index: number): number {
  return array[index] ?? NaN;
}

/** Each within a share of the largest expected value. */
function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, share: number): void {
  expect(found.length).toBe(expected.length);
  let largest = 0;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(at(expected, i)));
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(at(found, i) - at(expected, i));
    worst = Number.isNaN(off) ? Infinity : Math.max(worst, off);
  }
  expect(worst / largest).toBeLessThan(share);
}
