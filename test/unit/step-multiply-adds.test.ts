import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { describe, expect, it } from 'vitest';
import { GanomalyTraining } from '../../src-lab/ganomaly/ganomaly-training';
import { stepMultiplyAdds } from '../../src-lab/ganomaly/step-multiply-adds';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import { DEFAULT_TRAINING_SETTINGS } from '../../src-lab/ganomaly/training-settings';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
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
    const { kernels } = await tf.profile(() => {
      training.step(x);
      return x;
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
    training.dispose();
    expect(counted / BATCH).toBeCloseTo(stepMultiplyAdds(architecture), 3);
  });
});

function product(shape: readonly number[] | undefined): number {
  return (shape ?? []).reduce((total, side) => total * side, 1);
}
