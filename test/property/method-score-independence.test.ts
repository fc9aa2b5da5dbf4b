import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { describe, expect, it } from 'vitest';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import { tensorflowPresent } from '../fixtures/tensorflow-present';
import { TOY_SETTINGS, toyMethods, toyTensor, trainOnToys } from '../fixtures/toy-methods';

/** More than one scoring run, and not a whole number of them. */
const TILES = 70;

describe.skipIf(!tensorflowPresent())('a tile’s score', () => {
  it.each(toyMethods(8))('by %s is its own, whatever stands beside it', async (_name, method) => {
    const tf = requireTensorflow();
    const training = method.create(tf, TOY_SETTINGS);
    trainOnToys(training, 6, 16);
    const kinds = [toyTensor('benign', TILES / 2, 5), toyTensor('anomalous', TILES / 2, 6)];
    const tiles = tf.concat4d(kinds, 0);
    const together = [...(await training.score(tiles))];
    expect(new Set(together).size).toBeGreaterThan(TILES / 2);
    for (const indices of [[0], [69], [40, 3], Array.from({ length: TILES }, (_, i) => 69 - i)]) {
      const picked: Tensor4D = tf.gather(tiles, tf.tensor1d(indices, 'int32'));
      const alone = [...(await training.score(picked))];
      expect(alone).toEqual(indices.map((index) => together[index]));
    }
    training.dispose();
  });
});
