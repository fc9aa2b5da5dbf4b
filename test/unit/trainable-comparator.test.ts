import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { describe, expect, it } from 'vitest';
import { ComparatorTraining } from '../../src-lab/ganomaly/comparator-training';
import { cellCrossEntropy } from '../../src-lab/ganomaly/losses';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import { TrainableComparator } from '../../src-lab/ganomaly/trainable-comparator';
import { trainingKernels } from '../../src-lab/ganomaly/training-kernels';
import {
  comparatorNetworks,
  comparatorSpec,
  passComparator,
} from '../../src-shared/ganomaly/comparator-spec';
import { randomWeights } from '../../src-shared/ganomaly/random-weights';
import type { FeatureMap } from '../../src-shared/ganomaly/reference-forward';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import { weightShapes } from '../../src-shared/ganomaly/weights';
import { trainingForward } from '../fixtures/definition-of-training';
import {
  centralDifference,
  patch,
  pickedEntries,
  rootMeanSquare,
} from '../fixtures/gradient-check';
import { tensorflowPresent } from '../fixtures/tensorflow-present';

const SIDE = 32;
const HALF = SIDE / 2;
const CHANNELS = 2;
const BATCH = 2;
const SPEC = comparatorSpec({
  channels: CHANNELS,
  width: 2,
  depth: 3,
  extraBlocks: 1,
  member: 0,
});
const TRAINABLE = comparatorNetworks(SPEC)
  .flatMap((network) => [...weightShapes(network).keys()])
  .filter((name) => !name.endsWith('/mean') && !name.endsWith('/variance'));

describe.skipIf(!tensorflowPresent())('a comparator in training', () => {
  it('gives the logits and the loss of the definition', () => {
    const { found, weights, batch, mask } = run();
    const expected = definedLogits(weights, batch).flatMap(({ values }) => [...values]);
    expect(found.logits).toHaveLength(BATCH * HALF * HALF);
    found.logits.forEach((logit, i) => expect(logit).toBeCloseTo(expected[i] ?? NaN, 4));
    expect(found.loss).toBeCloseTo(definedLoss(weights, batch, mask), 5);
  });

  it('moves every weight along the gradient of its loss', () => {
    const { found, weights, batch, mask } = run();
    expect([...found.gradients.keys()].sort()).toEqual([...TRAINABLE].sort());
    for (const [name, values] of found.gradients) {
      const picked = pickedEntries(name, values.length, 3);
      const expected = picked.map((index) =>
        centralDifference(weights, name, index, (changed) => definedLoss(changed, batch, mask)),
      );
      const scale = Math.max(...expected.map(Math.abs), rootMeanSquare(values));
      expect(scale, name).toBeGreaterThan(0);
      picked.forEach((index, i) => {
        const off = Math.abs((values[index] ?? NaN) - (expected[i] ?? NaN));
        expect(off / scale, `${name}[${index}]`).toBeLessThan(2e-3);
      });
    }
  });

  it('gives the gradient at its input, too', () => {
    const { found, weights, batch, mask } = run();
    const length = SIDE * SIDE * CHANNELS;
    const at = (sample: number, index: number, delta: number): number =>
      definedLoss(
        weights,
        batch.map((map, i) => {
          if (i !== sample) return map;
          const values = map.values.slice();
          values[index] = (values[index] ?? NaN) + delta;
          return { ...map, values };
        }),
        mask,
      );
    const scale = rootMeanSquare(found.inputGradient);
    for (const index of pickedEntries('input', length, 8)) {
      const step = 2 ** -20;
      const expected = (at(1, index, step) - at(1, index, -step)) / (2 * step);
      const off = Math.abs((found.inputGradient[length + index] ?? NaN) - expected);
      expect(off / Math.max(scale, Math.abs(expected)), `input[${index}]`).toBeLessThan(2e-3);
    }
  });

  it('learns where something was put in, and shows it again after a restore', () => {
    const tf = requireTensorflow();
    const training = new ComparatorTraining(tf, SPEC, 5, null);
    const input = tensorOf(batchOf());
    const mask = tf.tensor4d(maskOf(), [BATCH, HALF, HALF, 1]);
    const step = () => training.step({ input, clean: input, mask }, 5e-3)['discriminator'] ?? NaN;
    const first = step();
    // Unsure everywhere at first: near ln 2.
    expect(Math.abs(first - Math.LN2)).toBeLessThan(0.1);
    for (let i = 0; i < 60; i++) step();
    const kept = { weights: training.weights(), moments: training.moments() };
    const next = step();
    expect(next).toBeLessThan(0.6 * first);
    const after = training.weights();
    training.restore(kept.weights, kept.moments, 61);
    expect(step()).toBe(next);
    expect(training.weights()).toEqual(after);
    expect(training.stepsDone).toBe(62);
    training.dispose();
  });

  it('sees x̂ beside the tile where it is to', () => {
    const tf = requireTensorflow();
    const spec = comparatorSpec({ channels: 4, width: 2, depth: 3, extraBlocks: 0, member: 0 });
    const input = tensorOf(batchOf());
    const mask = tf.tensor4d(maskOf(), [BATCH, HALF, HALF, 1]);
    const lossOf = (rebuild: (tiles: Tensor4D) => Tensor4D): number => {
      const training = new ComparatorTraining(tf, spec, 5, rebuild);
      const { discriminator = NaN } = training.step({ input, clean: input, mask }, 1e-3);
      training.dispose();
      return discriminator;
    };
    expect(lossOf((tiles) => tf.neg(tiles))).not.toBe(lossOf((tiles) => tf.zerosLike(tiles)));
  });

  it('holds no more tensors after many steps than after one', () => {
    const tf = requireTensorflow();
    const training = new ComparatorTraining(tf, SPEC, 5, null);
    const input = tensorOf(batchOf());
    const mask = tf.tensor4d(maskOf(), [BATCH, HALF, HALF, 1]);
    const batch = { input, clean: input, mask };
    training.step(batch, 1e-3);
    const { numTensors } = tf.memory();
    for (let i = 0; i < 4; i++) training.step(batch, 1e-3);
    expect(tf.memory().numTensors).toBe(numTensors);
    training.dispose();
  });
});

function run() {
  const tf = requireTensorflow();
  const weights = randomWeights(comparatorNetworks(SPEC), 7);
  const comparator = new TrainableComparator(tf, trainingKernels(tf), SPEC, () => weights);
  const batch = batchOf();
  const mask = maskOf();
  const pass = comparator.forward(tensorOf(batch));
  const labels = tf.tensor4d(mask, [BATCH, HALF, HALF, 1]);
  const loss = cellCrossEntropy(tf, pass.logits, labels);
  const gradients = comparator.backward(pass, loss.gradient, { input: true, weights: true });
  const found = {
    logits: Array.from(pass.logits.dataSync<'float32'>()),
    loss: loss.value.dataSync<'float32'>()[0],
    inputGradient: gradients.input?.dataSync<'float32'>() ?? new Float32Array(),
    gradients: new Map(
      [...gradients.weights].map(([name, of]) => [name, of.dataSync<'float32'>()] as const),
    ),
  };
  comparator.dispose();
  return { found, weights, batch, mask };
}

function batchOf(): FeatureMap[] {
  return Array.from({ length: BATCH }, (_, sample) => patch(sample, SIDE, CHANNELS));
}

/** A square of the first sample, a share of each cell of it; nothing in the second. */
function maskOf(): Float32Array {
  const mask = new Float32Array(BATCH * HALF * HALF);
  for (let y = 4; y < 10; y++) {
    for (let x = 5; x < 12; x++) mask[y * HALF + x] = x === 5 ? 0.5 : 1;
  }
  return mask;
}

function tensorOf(batch: readonly FeatureMap[]): Tensor4D {
  const values = Float32Array.from(batch.flatMap((sample) => [...sample.values]));
  return requireTensorflow().tensor4d(values, [batch.length, SIDE, SIDE, CHANNELS]);
}

/** The logits by definition, in float64, batch norm by the batch's own statistics. */
function definedLogits(weights: WeightSet, batch: readonly FeatureMap[]): readonly FeatureMap[] {
  return passComparator<readonly FeatureMap[]>(
    SPEC,
    batch,
    (network, value) => trainingForward(network, weights, value).at(-1) ?? [],
    (a, b) => a.map((of, sample) => joined(of, b[sample] ?? of)),
  );
}

function definedLoss(weights: WeightSet, batch: readonly FeatureMap[], mask: Float32Array): number {
  const logits = definedLogits(weights, batch).flatMap(({ values }) => [...values]);
  const share = (logit: number) => 1 / (1 + Math.exp(-logit));
  const losses = logits.map((logit, cell) => {
    const label = mask[cell] ?? NaN;
    return -label * Math.log(share(logit)) - (1 - label) * Math.log(1 - share(logit));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function joined(a: FeatureMap, b: FeatureMap): FeatureMap {
  const channels = a.channels + b.channels;
  const values = Float64Array.from({ length: a.height * a.width * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    const channel = i % channels;
    return channel < a.channels
      ? (a.values[pixel * a.channels + channel] ?? NaN)
      : (b.values[pixel * b.channels + channel - a.channels] ?? NaN);
  });
  return { ...a, channels, values };
}
