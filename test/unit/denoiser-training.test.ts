import { describe, expect, it } from 'vitest';
import { DenoiserTraining } from '../../src-lab/ganomaly/denoiser-training';
import { initialWeights } from '../../src-lab/ganomaly/initial-weights';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import type { PutInBatch } from '../../src-lab/ganomaly/trainee';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import { ganomalySpec } from '../../src-shared/ganomaly/network-spec';
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
const BATCH = 2;
const TINY: GanomalyArchitecture = {
  name: 'ganomaly',
  isize: SIDE,
  nc: 2,
  nz: 3,
  ngf: 2,
  extraLayers: 0,
};
const SPEC = ganomalySpec(TINY);
const NETWORKS = [SPEC.generatorEncoder, SPEC.generatorDecoder, SPEC.encoder];
const SETTINGS = {
  learningRate: 2e-4,
  beta1: 0.5,
  beta2: 0.999,
  adversarialWeight: 0,
  contextualWeight: 50,
  encoderWeight: 1,
};
const RATE = 1e-3;

describe.skipIf(!tensorflowPresent())('the denoising generator in training', () => {
  it('has the losses of the definition: towards the tile without the solids', () => {
    const { losses, weights, input, clean } = step();
    const defined = definedLosses(weights, input, clean);
    expect(losses['contextual']).toBeCloseTo(defined.contextual, 5);
    expect((losses['encoder'] ?? NaN) / defined.encoder).toBeCloseTo(1, 4);
    const towardsItself = definedLosses(weights, input, input);
    expect(Math.abs(towardsItself.contextual - defined.contextual)).toBeGreaterThan(0.01);
  });

  it.each([
    ['L_con', { contextualWeight: 1, encoderWeight: 0 }],
    ['L_enc', { contextualWeight: 0, encoderWeight: 1 }],
    ['both', { contextualWeight: 5, encoderWeight: 3 }],
  ])('moves every weight along the gradient of %s', (_name, lossWeights) => {
    const { gradients, weights, input, clean } = step(lossWeights);
    const { contextualWeight, encoderWeight } = lossWeights;
    const loss = (of: WeightSet): number => {
      const { contextual, encoder } = definedLosses(of, input, clean);
      return contextualWeight * contextual + encoderWeight * encoder;
    };
    const trainable = NETWORKS.flatMap((network) => [...weightShapes(network).keys()]).filter(
      (name) => !name.endsWith('/mean') && !name.endsWith('/variance'),
    );
    expect([...gradients.keys()].sort()).toEqual(trainable.sort());
    for (const [name, values] of gradients) {
      const picked = pickedEntries(name, values.length, 3);
      const expected = picked.map((index) => centralDifference(weights, name, index, loss));
      const scale = Math.max(...expected.map(Math.abs), rootMeanSquare(values));
      picked.forEach((index, i) => {
        const off = Math.abs((values[index] ?? NaN) - (expected[i] ?? NaN));
        expect(off / (scale || 1), `${name}[${index}]`).toBeLessThan(3e-3);
      });
    }
  });

  it('steps by Adam at the rate that it is given', () => {
    const { gradients, weights, after } = step({}, RATE);
    for (const [name, values] of gradients) {
      const before = weights.get(name)?.values ?? new Float32Array();
      const moved = after.get(name)?.values ?? new Float32Array();
      const largest = Math.max(...values.map(Math.abs));
      values.forEach((gradient, i) => {
        // Adam's first step is the rate, in the gradient's direction, where that is not all but 0.
        if (Math.abs(gradient) < 1e-3 * largest || largest < 1e-4) return;
        const by = (before[i] ?? NaN) - (moved[i] ?? NaN);
        expect(Math.abs(by - RATE * Math.sign(gradient))).toBeLessThan(0.01 * RATE);
      });
    }
  });

  it('begins with the weights of its seed, and goes on from a restore to the same numbers', () => {
    const tf = requireTensorflow();
    const training = new DenoiserTraining(tf, TINY, 3, SETTINGS);
    for (const network of NETWORKS) {
      for (const [name, { values }] of initialWeights(network, 3)) {
        expect(training.weights().get(name)?.values).toEqual(values);
      }
    }
    const batch = batchOf();
    training.step(batch, RATE);
    training.step(batch, RATE);
    const kept = { weights: training.weights(), moments: training.moments() };
    const losses = training.step(batch, RATE);
    const after = training.weights();
    const other = new DenoiserTraining(tf, TINY, 9, SETTINGS);
    other.restore(kept.weights, kept.moments, 2);
    expect(other.step(batch, RATE)).toEqual(losses);
    expect(other.weights()).toEqual(after);
    expect(other.stepsDone).toBe(3);
    training.dispose();
    other.dispose();
  });
});

/** One step from known weights; gradients as Adam's first moment gives them: m = (1 − β1) g. */
function step(lossWeights: Partial<typeof SETTINGS> = {}, rate = RATE) {
  const tf = requireTensorflow();
  const training = new DenoiserTraining(tf, TINY, 1, { ...SETTINGS, ...lossWeights });
  const weights = randomWeights(NETWORKS, 7);
  training.restore(weights, training.moments(), 0);
  const { input, clean } = samples();
  const losses = training.step(batchOf(), rate);
  const gradients = new Map<string, Float32Array>();
  for (const [name, { values }] of training.moments()) {
    if (name.endsWith('/m')) {
      gradients.set(
        name.slice(0, -2),
        values.map((m) => m / (1 - SETTINGS.beta1)),
      );
    }
  }
  const after = training.weights();
  training.dispose();
  return { losses, gradients, weights, after, input, clean };
}

function samples(): { input: FeatureMap[]; clean: FeatureMap[] } {
  const clean = Array.from({ length: BATCH }, (_, sample) => patch(sample, SIDE, TINY.nc));
  const input = clean.map((of) => ({
    ...of,
    values: of.values.map((value, i) =>
      Math.floor(i / TINY.nc) % SIDE < 12 ? Math.fround(value + 0.3) : value,
    ),
  }));
  return { input, clean };
}

function batchOf(): PutInBatch {
  const tf = requireTensorflow();
  const tensor = (maps: readonly FeatureMap[]) =>
    tf.tensor4d(Float32Array.from(maps.flatMap(({ values }) => [...values])), [
      BATCH,
      SIDE,
      SIDE,
      TINY.nc,
    ]);
  const { input, clean } = samples();
  return {
    input: tensor(input),
    clean: tensor(clean),
    mask: tf.zeros([BATCH, SIDE / 2, SIDE / 2, 1]),
  };
}

/** By definition, in float64. */
function definedLosses(
  weights: WeightSet,
  input: readonly FeatureMap[],
  clean: readonly FeatureMap[],
): { contextual: number; encoder: number } {
  const run = (network: (typeof NETWORKS)[number], batch: readonly FeatureMap[]) =>
    trainingForward(network, weights, batch).at(-1) ?? [];
  const z = run(SPEC.generatorEncoder, input);
  const rebuilt = run(SPEC.generatorDecoder, z);
  const again = run(SPEC.encoder, rebuilt);
  const mean = (a: readonly FeatureMap[], b: readonly FeatureMap[], of: (d: number) => number) => {
    const terms = a.flatMap(({ values }, sample) =>
      Array.from(values, (value, i) => of(value - (b[sample]?.values[i] ?? NaN))),
    );
    return terms.reduce((sum, term) => sum + term, 0) / terms.length;
  };
  return {
    contextual: mean(rebuilt, clean, Math.abs),
    encoder: mean(again, z, (d) => d * d),
  };
}
