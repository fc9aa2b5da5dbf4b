import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { describe, expect, it } from 'vitest';
import { ComparatorTraining } from '../../src-lab/ganomaly/comparator-training';
import { DenoiserTraining } from '../../src-lab/ganomaly/denoiser-training';
import { DEFAULT_DENOISING_SETTINGS } from '../../src-lab/ganomaly/denoising-settings';
import { GanomalyTraining } from '../../src-lab/ganomaly/ganomaly-training';
import {
  comparatorStepMultiplyAdds,
  denoiserStepMultiplyAdds,
  stepMultiplyAdds,
} from '../../src-lab/ganomaly/step-multiply-adds';
import type { Tensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import { DEFAULT_TRAINING_SETTINGS } from '../../src-lab/ganomaly/training-settings';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import { comparatorsOf } from '../../src-shared/ganomaly/comparator-spec';
import { tensorflowPresent } from '../fixtures/tensorflow-present';

const BATCH = 2;

describe.skipIf(!tensorflowPresent())('the multiply-adds of a step', () => {
  it.each([0, 1])('are those of the kernels that run, extra layers %i', async (extraLayers) => {
    const tf = requireTensorflow();
    const architecture: GanomalyArchitecture = {
      name: 'ganomaly',
      isize: 32,
      nc: 3,
      nz: 5,
      ngf: 4,
      extraLayers,
    };
    const training = new GanomalyTraining(tf, architecture, 1, DEFAULT_TRAINING_SETTINGS);
    const x: Tensor4D = tf.randomUniform([BATCH, 32, 32, 3], -1, 1, 'float32', 1);
    const counted = await countedIn(tf, () => training.step(x));
    training.dispose();
    expect(counted / BATCH).toBeCloseTo(stepMultiplyAdds(architecture), 3);
  });

  it.each([false, true])(
    'are those of a denoiser and a comparator, extra blocks %s',
    async (more) => {
      const tf = requireTensorflow();
      const architecture: GanomalyArchitecture = {
        name: 'ganomaly',
        isize: 32,
        nc: 2,
        nz: 5,
        ngf: 4,
        extraLayers: more ? 1 : 0,
        comparator: {
          width: 3,
          depth: 3,
          extraBlocks: more ? 1 : 0,
          members: 1,
          seesReconstruction: false,
        },
      };
      const [spec] = comparatorsOf(architecture);
      if (spec === undefined) throw new Error('There is no comparator.');
      const input: Tensor4D = tf.randomUniform([BATCH, 32, 32, 2], -1, 1, 'float32', 1);
      const mask: Tensor4D = tf.zeros([BATCH, 16, 16, 1]);
      const batch = { input, clean: input, mask };
      const denoiser = new DenoiserTraining(tf, architecture, 1, DEFAULT_DENOISING_SETTINGS);
      expect((await countedIn(tf, () => denoiser.step(batch, 1e-4))) / BATCH).toBeCloseTo(
        denoiserStepMultiplyAdds(architecture),
        3,
      );
      const comparator = new ComparatorTraining(tf, spec, 1, null);
      expect((await countedIn(tf, () => comparator.step(batch, 1e-4))) / BATCH).toBeCloseTo(
        comparatorStepMultiplyAdds(spec, 32),
        3,
      );
      denoiser.dispose();
      comparator.dispose();
    },
  );
});

/** Multiply-adds of the matrix kernels that TensorFlow runs. */
async function countedIn(tf: Tensorflow, step: () => unknown): Promise<number> {
  const { kernels } = await tf.profile(() => {
    step();
    return tf.scalar(0);
  });
  let counted = 0;
  for (const { name, inputShapes, outputShapes } of kernels) {
    const [a = [], b = []] = inputShapes;
    const [out = []] = outputShapes;
    if (name === 'Conv2D') counted += product(out) * product(b.slice(0, 3));
    // (dy, filter): every pixel of dy meets the whole kernel but its output channels.
    if (name === 'Conv2DBackpropInput') counted += product(a) * product(b.slice(0, 3));
    // (x, dy): every pixel of dy meets one kernel of x's channels.
    if (name === 'Conv2DBackpropFilter') counted += product(b) * product(out.slice(0, 3));
    // Either operand may be transposed: |a|·|b|·|out| is the square.
    if (name === 'BatchMatMul') counted += Math.sqrt(product(a) * product(b) * product(out));
  }
  return counted;
}

function product(shape: readonly number[] | undefined): number {
  return (shape ?? []).reduce((total, side) => total * side, 1);
}
