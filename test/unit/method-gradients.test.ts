import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { describe, expect, it } from 'vitest';
import type { MethodSettings, MethodTraining } from '../../src-lab/baselines/anomaly-method';
import { findMethod } from '../../src-lab/baselines/find-method';
import { DEFAULT_METHOD_SETTINGS } from '../../src-lab/baselines/method-settings';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import { RandomStream } from '../../src-lab/simulator/random-stream';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import { tensorflowPresent } from '../fixtures/tensorflow-present';
import { TOY_SIDE, toyTiles } from '../fixtures/toy-tiles';

const SETTINGS: MethodSettings = {
  ...DEFAULT_METHOD_SETTINGS,
  isize: TOY_SIDE,
  nc: 1,
  nz: 6,
  ngf: 4,
  adversarialWeight: 2,
  contextualWeight: 5,
  encoderWeight: 3,
};
const BATCH = 6;

type Losses = Readonly<Record<string, number>>;
const named =
  (name: string) =>
  (losses: Losses): number =>
    losses[name] ?? NaN;
/** What Skip-GANomaly's generator minimises, with the weights above. */
const skipTotal = (losses: Losses): number =>
  2 * named('adversarial')(losses) + 5 * named('contextual')(losses) + 3 * named('latent')(losses);

/** Each method's losses by the first word of the arrays that minimise them. */
const CASES: readonly [string, Readonly<Record<string, (losses: Losses) => number>>][] = [
  ['vae', { encoder: named('total'), 'generator-decoder': named('total') }],
  ['anogan', { 'generator-decoder': named('generator'), discriminator: named('discriminator') }],
  [
    'egbad',
    {
      'generator-decoder': named('generator'),
      encoder: named('encoder'),
      discriminator: named('discriminator'),
      baseline: named('discriminator'),
    },
  ],
  ['skip-ganomaly', { baseline: skipTotal, discriminator: named('discriminator') }],
];

describe.skipIf(!tensorflowPresent())('a step of', () => {
  it.each(CASES)('%s follows the gradient of each network’s own loss', (method, lossOf) => {
    const { weights, gradients } = firstStep(method);
    const seen = new Set<string>();
    for (const [name, gradient] of gradients) {
      const first = name.slice(0, name.indexOf('/'));
      const loss = lossOf[first];
      if (loss === undefined) throw new Error(`no loss is known for ${name}`);
      seen.add(first);
      const size = Math.hypot(...gradient);
      expect(size, name).toBeGreaterThan(0);
      const random = new RandomStream(['direction', name]);
      const scattered = unit(gradient.map(() => random.normal()));
      const direction = unit(unit(gradient).map((value, i) => value + (scattered[i] ?? NaN)));
      const expected = slope(method, weights, name, direction, loss);
      const found = direction.reduce((sum, value, i) => sum + value * (gradient[i] ?? NaN), 0);
      // In float32, with kinks of |·| and ReLU inside the step.
      expect(Math.abs(found - expected) / size, name).toBeLessThan(0.1);
    }
    expect([...seen].sort()).toEqual(Object.keys(lossOf).sort());
  });
});

function unit(values: readonly number[]): number[] {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** Fresh weights, spread more than a first draw so that no gradient is lost in float32. */
function firstStep(name: string): { weights: WeightSet; gradients: Map<string, number[]> } {
  const training = create(name);
  const weights = new Map<string, WeightArray>();
  for (const [array, { shape, values }] of training.weights()) {
    const factor = array.endsWith('/kernel') ? 4 : 1;
    weights.set(array, { shape, values: values.map((value) => value * factor) });
  }
  training.restore(weights, null, 0);
  stepOn(training);
  const gradients = new Map<string, number[]>();
  for (const [array, { values }] of training.moments()) {
    // After one step from zero, Adam's first moment is (1 − β1) times the gradient.
    if (!array.endsWith('/m')) continue;
    const gradient = Array.from(values, (value) => value / (1 - SETTINGS.beta1));
    gradients.set(array.slice(0, -'/m'.length), gradient);
  }
  training.dispose();
  return { weights, gradients };
}

/** Central difference of a loss along a direction of one array. */
function slope(
  method: string,
  weights: WeightSet,
  name: string,
  direction: readonly number[],
  loss: (losses: Losses) => number,
): number {
  const step = 2 ** -10;
  const at = (distance: number): number => {
    const array = weights.get(name);
    if (array === undefined) throw new Error(name);
    const values = array.values.map((value, i) => value + distance * (direction[i] ?? NaN));
    const training = create(method);
    training.restore(new Map([...weights, [name, { ...array, values }]]), null, 0);
    const found = loss(stepOn(training));
    training.dispose();
    return found;
  };
  return (at(step) - at(-step)) / (2 * step);
}

function create(name: string): MethodTraining {
  return findMethod(name).create(requireTensorflow(), SETTINGS);
}

function stepOn(training: MethodTraining): Losses {
  const tf = requireTensorflow();
  const shape: Tensor4D['shape'] = [BATCH, TOY_SIDE, TOY_SIDE, 1];
  const tiles = tf.tensor4d(toyTiles('benign', BATCH, 4), shape);
  const losses = training.step(tiles);
  tiles.dispose();
  return losses;
}
