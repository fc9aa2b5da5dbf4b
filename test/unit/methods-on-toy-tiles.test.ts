import { describe, expect, it } from 'vitest';
import type { MethodName, MethodSettings } from '../../src-lab/baselines/anomaly-method';
import { METHOD_NAMES } from '../../src-lab/baselines/anomaly-method';
import { findMethod } from '../../src-lab/baselines/find-method';
import { auroc } from '../../src-lab/evaluation/ranking-metrics';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import { tensorflowPresent } from '../fixtures/tensorflow-present';
import { TOY_SETTINGS, toyMethods, toyTensor, trainOnToys } from '../fixtures/toy-methods';

/**
 * Steps and settings at which a method has learnt the toy's benign tiles. EGBAD's figure swings
 * from step to step: the mean of several looks, 25 steps apart, is taken.
 */
const RUNS: Readonly<
  Record<MethodName, { steps: number; looks?: number } & Partial<MethodSettings>>
> = {
  ganomaly: { steps: 160, ngf: 8, nz: 16, learningRate: 5e-4 },
  anogan: { steps: 128, ngf: 8, learningRate: 5e-4 },
  egbad: { steps: 300, looks: 5, ngf: 8, nz: 4 },
  vae: { steps: 90 },
  'skip-ganomaly': { steps: 50, learningRate: 5e-4 },
};
const TEST_TILES = 64;
/** Chance is 0.5; what is untrained stays near it, since all toy tiles have one contrast. */
const CLEARLY_ABOVE_CHANCE = 0.7;
const UNTRAINED_AT_MOST = 0.65;

describe.skipIf(!tensorflowPresent())('on toy tiles', () => {
  it.each(toyMethods(60))(
    '%s finds bars and crosses once it has seen blobs',
    async (name, method) => {
      const { steps, looks = 1, ...settings } = RUNS[name];
      const training = method.create(requireTensorflow(), { ...TOY_SETTINGS, ...settings });
      const benign = toyTensor('benign', TEST_TILES, 101);
      const anomalous = toyTensor('anomalous', TEST_TILES, 102);
      const figure = async (): Promise<number> =>
        auroc(await training.score(benign), await training.score(anomalous));
      expect(await figure()).toBeLessThan(UNTRAINED_AT_MOST);
      trainOnToys(training, steps);
      let sum = await figure();
      for (let look = 1; look < looks; look++) {
        trainOnToys(training, 25);
        sum += await figure();
      }
      expect(sum / looks).toBeGreaterThan(CLEARLY_ABOVE_CHANCE);
      training.dispose();
      benign.dispose();
      anomalous.dispose();
    },
    300_000,
  );
});

describe('a method', () => {
  it('is found by its name', () => {
    for (const name of METHOD_NAMES) expect(findMethod(name).name).toBe(name);
    expect(() => findMethod('patchcore')).toThrow(/ganomaly, anogan, egbad, vae, skip-ganomaly/);
  });
});
