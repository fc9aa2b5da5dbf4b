import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { describe, expect, it } from 'vitest';
import type { Gradients } from '../../src-lab/ganomaly/trainable-network';
import type { StepSettings } from '../../src-lab/ganomaly/ganomaly-training';
import { GanomalyTraining } from '../../src-lab/ganomaly/ganomaly-training';
import { initialWeights } from '../../src-lab/ganomaly/initial-weights';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import { adamScalars } from '../../src-lab/ganomaly/training-kernels';
import { RandomStream } from '../../src-lab/simulator/random-stream';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import type { NetworkSpec } from '../../src-shared/ganomaly/network-spec';
import { ganomalySpec } from '../../src-shared/ganomaly/network-spec';
import { randomWeights } from '../../src-shared/ganomaly/random-weights';
import type { FeatureMap } from '../../src-shared/ganomaly/reference-forward';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import { weightShapes } from '../../src-shared/ganomaly/weights';
import type { DefinedLosses } from '../fixtures/definition-of-training';
import { definedLosses, trainingForward } from '../fixtures/definition-of-training';
import { tensorflowPresent } from '../fixtures/tensorflow-present';

const TINY: GanomalyArchitecture = {
  name: 'ganomaly',
  isize: 32,
  nc: 3,
  nz: 3,
  ngf: 2,
  extraLayers: 1,
};
const SETTINGS: StepSettings = {
  learningRate: 2e-4,
  beta1: 0.5,
  beta2: 0.999,
  adversarialWeight: 1,
  contextualWeight: 50,
  encoderWeight: 1,
};
const BATCH = 3;
const SPECS = ganomalySpec(TINY);
const NETWORKS = [
  SPECS.generatorEncoder,
  SPECS.generatorDecoder,
  SPECS.encoder,
  SPECS.discriminator,
] as const;

describe('the generator', () => {
  it('has the paper’s 10.73 million parameters at isize 64, nc 3, nz 100, ngf 64', () => {
    const spec = ganomalySpec({
      name: 'ganomaly',
      isize: 64,
      nc: 3,
      nz: 100,
      ngf: 64,
      extraLayers: 0,
    });
    const count = [spec.generatorEncoder, spec.generatorDecoder, spec.encoder]
      .flatMap((network) => [...weightShapes(network)])
      .filter(([name]) => !name.endsWith('/mean') && !name.endsWith('/variance'))
      .reduce((sum, [, shape]) => sum + shape.reduce((product, side) => product * side, 1), 0);
    expect(count / 1e6).toBeCloseTo(10.73, 2);
  });
});

describe('the first weights', () => {
  it('are drawn as the reference code does', () => {
    const weights = initialWeights(ganomalySpec({ ...TINY, ngf: 16 }).discriminator, 3);
    const kernel = moments(weights, 'discriminator/down-8/kernel');
    expect(kernel.mean).toBeCloseTo(0, 3);
    expect(kernel.deviation).toBeCloseTo(0.02, 3);
    const gamma = moments(weights, 'discriminator/down-8/gamma');
    expect(gamma.mean).toBeCloseTo(1, 1);
    expect(gamma.deviation).toBeGreaterThan(0.01);
    expect(gamma.deviation).toBeLessThan(0.03);
    expect(moments(weights, 'discriminator/down-8/beta')).toEqual({ mean: 0, deviation: 0 });
    expect(moments(weights, 'discriminator/down-8/mean')).toEqual({ mean: 0, deviation: 0 });
    expect(moments(weights, 'discriminator/down-8/variance')).toEqual({ mean: 1, deviation: 0 });
  });

  it('are the same for a seed, and others for another seed or another draw', () => {
    const name = 'encoder/first/kernel';
    const draw = (seed: number, again?: number): Float32Array | undefined =>
      initialWeights(SPECS.encoder, seed, again).get(name)?.values;
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1)).not.toEqual(draw(1, 1));
  });
});

describe.skipIf(!tensorflowPresent())('a training step', () => {
  it('computes the losses of the definition', () => {
    const { training, tensor, weights, batch } = setUp();
    const { losses } = training.lossesAndGradients(tensor);
    const defined = definedLosses(TINY, weights, batch);
    expect(losses.adversarial / defined.adversarial).toBeCloseTo(1, 4);
    expect(losses.contextual / defined.contextual).toBeCloseTo(1, 4);
    expect(losses.encoder / defined.encoder).toBeCloseTo(1, 4);
    expect(losses.discriminator / defined.discriminator).toBeCloseTo(1, 4);
    const { adversarial, contextual, encoder } = losses;
    expect(losses.generator).toBeCloseTo(adversarial + 50 * contextual + encoder, 6);
  });

  const none = { adversarialWeight: 0, contextualWeight: 0, encoderWeight: 0 };
  it.each([
    ['L_adv', { ...none, adversarialWeight: 1 }, (l: DefinedLosses) => l.adversarial],
    ['L_con', { ...none, contextualWeight: 1 }, (l: DefinedLosses) => l.contextual],
    ['L_enc', { ...none, encoderWeight: 1 }, (l: DefinedLosses) => l.encoder],
    [
      'L_G',
      { adversarialWeight: 1, contextualWeight: 50, encoderWeight: 1 },
      (l: DefinedLosses) => l.adversarial + 50 * l.contextual + l.encoder,
    ],
  ])('moves the generator along the gradient of %s', (_name, lossWeights, loss) => {
    const { training, tensor, weights, batch } = setUp(lossWeights);
    const { gradients } = training.lossesAndGradients(tensor);
    const found = [gradients.generatorEncoder, gradients.generatorDecoder, gradients.encoder];
    found.forEach((byName, index) =>
      expectGradients(byName, NETWORKS[index] ?? SPECS.encoder, weights, batch, loss),
    );
  });

  it('moves the discriminator along the gradient of L_D alone', () => {
    const { training, tensor, weights, batch } = setUp();
    const { gradients } = training.lossesAndGradients(tensor);
    expectGradients(
      gradients.discriminator,
      SPECS.discriminator,
      weights,
      batch,
      ({ discriminator }) => discriminator,
    );
  });

  it('moves the running statistics by PyTorch’s momentum, once for x and once for x̂ in D', () => {
    const { training, tensor, weights, batch } = setUp();
    training.lossesAndGradients(tensor);
    const moved = training.weights();
    const z = trainingForward(SPECS.generatorEncoder, weights, batch);
    const rebuilt = trainingForward(SPECS.generatorDecoder, weights, z.at(-1) ?? []).at(-1) ?? [];
    for (const [network, inputs] of [
      [SPECS.generatorEncoder, [batch]],
      [SPECS.discriminator, [batch, rebuilt]],
    ] as const) {
      const norm = network.layers.findIndex(({ kind }) => kind === 'batch-norm');
      const layer = network.layers[norm];
      if (layer?.kind !== 'batch-norm') throw new Error('no batch norm');
      let mean = valueOf(weights, `${layer.name}/mean`, 0);
      let variance = valueOf(weights, `${layer.name}/variance`, 0);
      for (const input of inputs) {
        const before = trainingForward(network, weights, input)[norm - 1] ?? [];
        const own = before.flatMap(({ values }) =>
          [...values].filter((_, i) => i % layer.channels === 0),
        );
        const batchMean = own.reduce((sum, value) => sum + value, 0) / own.length;
        const squares = own.reduce((sum, value) => sum + (value - batchMean) ** 2, 0);
        mean = 0.9 * mean + 0.1 * batchMean;
        variance = 0.9 * variance + (0.1 * squares) / (own.length - 1);
      }
      expect(valueOf(moved, `${layer.name}/mean`, 0)).toBeCloseTo(mean, 5);
      expect(valueOf(moved, `${layer.name}/variance`, 0)).toBeCloseTo(variance, 5);
    }
  });

  it('applies both Adams to gradients taken before either moved', () => {
    const { training, tensor, weights } = setUp();
    const { training: twin } = setUp();
    const { gradients } = twin.lossesAndGradients(tensor);
    training.step(tensor);
    const moved = training.weights();
    const { rate, epsilon } = adamScalars(1, SETTINGS);
    for (const byName of Object.values(gradients) as Gradients[]) {
      expect(byName.size).toBeGreaterThan(0);
      for (const [name, gradient] of byName) {
        const before = weights.get(name)?.values ?? new Float32Array();
        const after = moved.get(name)?.values ?? new Float32Array();
        gradient.dataSync<'float32'>().forEach((g, i) => {
          const step = (rate * 0.5 * g) / (Math.sqrt(0.001 * g * g) + epsilon);
          expect(Math.abs((after[i] ?? NaN) - ((before[i] ?? NaN) - step))).toBeLessThan(1e-6);
        });
      }
    }
  });

  it('draws a collapsed discriminator’s weights anew and keeps its optimiser', () => {
    const { training, weights, sameTensor, sameBatch } = setUp();
    training.assignWeights(collapsing(weights, sameBatch));
    const { discriminator } = training.step(sameTensor);
    expect(discriminator).toBeLessThan(1e-5);
    expect(training.counters).toEqual({ step: 1, discriminatorRedraws: 1 });
    const after = training.weights();
    for (const [name, { values }] of initialWeights(SPECS.discriminator, SEED, 1)) {
      expect(after.get(name)?.values).toEqual(values);
    }
    const kept = training.moments().get('discriminator/last/kernel/m')?.values;
    expect(kept?.some((value) => value !== 0)).toBe(true);
    expect(after.get('encoder/first/kernel')?.values).not.toEqual(
      initialWeights(SPECS.encoder, SEED, 0).get('encoder/first/kernel')?.values,
    );
  });

  it('leaves an honest discriminator alone', () => {
    const { training, tensor } = setUp();
    training.step(tensor);
    expect(training.counters).toEqual({ step: 1, discriminatorRedraws: 0 });
  });

  it('gives the same numbers for the same seed', () => {
    const run = (): { losses: unknown; weights: WeightSet } => {
      const tf = requireTensorflow();
      const training = new GanomalyTraining(tf, TINY, 5, SETTINGS);
      const { tensor } = setUp();
      const losses = [1, 2, 3, 4].map(() => training.step(tensor));
      const weights = training.weights();
      training.dispose();
      return { losses, weights };
    };
    const first = run();
    expect(run()).toEqual(first);
    expect([...first.weights.keys()]).toEqual(
      NETWORKS.flatMap((network) => [...weightShapes(network).keys()]),
    );
    for (const network of NETWORKS) {
      for (const [name, shape] of weightShapes(network)) {
        expect(first.weights.get(name)?.shape).toEqual(shape);
        expect(first.weights.get(name)?.values).toHaveLength(
          shape.reduce((product, side) => product * side, 1),
        );
      }
    }
  });

  it('holds no more tensors after many steps than after one', () => {
    const { training, tensor } = setUp();
    const tf = requireTensorflow();
    training.step(tensor);
    const { numTensors } = tf.memory();
    for (let i = 0; i < 5; i++) training.step(tensor);
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

const SEED = 11;

function setUp(lossWeights: Partial<StepSettings> = {}) {
  const tf = requireTensorflow();
  const training = new GanomalyTraining(tf, TINY, SEED, { ...SETTINGS, ...lossWeights });
  const weights = randomWeights(NETWORKS, 7);
  training.assignWeights(weights);
  const batch = Array.from({ length: BATCH }, (_, sample) => patch(sample));
  const sameBatch = Array.from({ length: BATCH }, () => patch(0));
  return {
    training,
    weights,
    batch,
    sameBatch,
    tensor: tensorOf(batch),
    sameTensor: tensorOf(sameBatch),
  };
}

/** A smooth patch in (−1, 1) with some noise. */
function patch(sample: number): FeatureMap {
  const random = new RandomStream(['patch', sample]);
  const side = TINY.isize;
  const values = Float64Array.from({ length: side * side * 3 }, (_, i) => {
    const place = Math.floor(i / 3);
    const wave = Math.sin((place % side) / (3 + sample)) * Math.cos(place / side / 4 + (i % 3));
    return Math.fround(0.6 * wave + 0.1 * random.normal());
  });
  return { height: side, width: side, channels: 3, values };
}

function tensorOf(batch: readonly FeatureMap[]): Tensor4D {
  const side = TINY.isize;
  const values = Float32Array.from(batch.flatMap((sample) => [...sample.values]));
  return requireTensorflow().tensor4d(values, [batch.length, side, side, 3]);
}

/**
 * Compares gradients with central differences of the float64 definition, in some entries of every
 * array. The step is small, so that hardly any kink of |·|, ReLU or LeakyReLU lies inside it.
 */
function expectGradients(
  found: Gradients,
  network: NetworkSpec,
  weights: WeightSet,
  batch: readonly FeatureMap[],
  loss: (losses: DefinedLosses) => number,
): void {
  const trainable = [...weightShapes(network).keys()].filter(
    (name) => !name.endsWith('/mean') && !name.endsWith('/variance'),
  );
  expect([...found.keys()].sort()).toEqual(trainable.sort());
  for (const [name, gradient] of found) {
    const values = gradient.dataSync<'float32'>();
    const random = new RandomStream(['entries', name]);
    const picked = Array.from({ length: 4 }, () => random.integer(0, values.length - 1));
    const expected = picked.map((index) => centralDifference(weights, name, index, batch, loss));
    const scale = Math.max(...expected.map(Math.abs), rootMeanSquare(values));
    picked.forEach((index, i) => {
      const off = Math.abs((values[index] ?? NaN) - (expected[i] ?? NaN));
      expect(off / (scale || 1), `${name}[${index}]`).toBeLessThan(2e-3);
    });
  }
}

function centralDifference(
  weights: WeightSet,
  name: string,
  index: number,
  batch: readonly FeatureMap[],
  loss: (losses: DefinedLosses) => number,
): number {
  const at = (delta: number): { loss: number; value: number } => {
    const array = weights.get(name);
    if (array === undefined) throw new Error(name);
    const values = array.values.slice();
    values[index] = (values[index] ?? NaN) + delta;
    const changed = new Map<string, WeightArray>([...weights, [name, { ...array, values }]]);
    return { loss: loss(definedLosses(TINY, changed, batch)), value: values[index] ?? NaN };
  };
  const above = at(2 ** -20);
  const below = at(-(2 ** -20));
  return (above.loss - below.loss) / (above.value - below.value);
}

/**
 * Weights whose discriminator tells a batch of equal patches from its reconstruction with logits of
 * ±30: the last kernel is the combination of both feature vectors that gives them.
 */
function collapsing(weights: WeightSet, batch: readonly FeatureMap[]): WeightSet {
  const z = trainingForward(SPECS.generatorEncoder, weights, batch).at(-1) ?? [];
  const rebuilt = trainingForward(SPECS.generatorDecoder, weights, z).at(-1) ?? [];
  const featuresOf = (input: readonly FeatureMap[]): Float64Array =>
    trainingForward(SPECS.discriminator, weights, input).at(-3)?.[0]?.values ?? new Float64Array();
  const real = featuresOf(batch);
  const fake = featuresOf(rebuilt);
  const dot = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
  const [rr, rf, ff] = [dot(real, real), dot(real, fake), dot(fake, fake)];
  const determinant = rr * ff - rf * rf;
  const a = (30 * (ff + rf)) / determinant;
  const b = (-30 * (rr + rf)) / determinant;
  const kernel = weights.get('discriminator/last/kernel');
  if (kernel === undefined) throw new Error('no last kernel');
  const values = Float32Array.from(real, (value, i) => a * value + b * (fake[i] ?? NaN));
  return new Map([...weights, ['discriminator/last/kernel', { ...kernel, values }]]);
}

function moments(weights: WeightSet, name: string): { mean: number; deviation: number } {
  const values = [...(weights.get(name)?.values ?? [])];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

function valueOf(weights: WeightSet, name: string, index: number): number {
  return weights.get(name)?.values[index] ?? NaN;
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
