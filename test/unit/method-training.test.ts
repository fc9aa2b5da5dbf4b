import { describe, expect, it } from 'vitest';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import { tensorflowPresent } from '../fixtures/tensorflow-present';
import { TOY_SETTINGS, toyMethods, toyTensor, trainOnToys } from '../fixtures/toy-methods';

const BATCH = 8;

describe.skipIf(!tensorflowPresent()).each(toyMethods(8))('training %s', (_name, method) => {
  const create = (seed = 1) => method.create(requireTensorflow(), { ...TOY_SETTINGS, seed });

  it('gives the same numbers for the same seed, and others for another', async () => {
    const run = async (seed: number) => {
      const training = create(seed);
      const losses = trainOnToys(training, 4, BATCH);
      const tiles = toyTensor('anomalous', 3, 9);
      const found = {
        losses,
        weights: training.weights(),
        scores: await training.score(tiles),
      };
      tiles.dispose();
      training.dispose();
      return found;
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect((await run(2)).scores).not.toEqual(first.scores);
  });

  it('goes on from saved weights and moments to the same numbers', () => {
    const whole = create();
    trainOnToys(whole, 6, BATCH);
    const begun = create();
    trainOnToys(begun, 3, BATCH);
    const resumed = create();
    resumed.restore(begun.weights(), begun.moments(), begun.stepsDone);
    expect(resumed.stepsDone).toBe(3);
    trainOnToys(resumed, 3, BATCH);
    expect(resumed.stepsDone).toBe(6);
    expect(resumed.weights()).toEqual(whole.weights());
    expect(resumed.moments()).toEqual(whole.moments());
    // Without the moments it would not: the test can fail.
    const forgetful = create();
    forgetful.restore(begun.weights(), null, begun.stepsDone);
    trainOnToys(forgetful, 3, BATCH);
    expect(forgetful.weights()).not.toEqual(whole.weights());
    for (const training of [whole, begun, resumed, forgetful]) training.dispose();
  });

  it('scores by the weights of now, not by those of an earlier score', async () => {
    const training = create();
    const tiles = toyTensor('anomalous', 2, 9);
    const before = await training.score(tiles);
    expect(await training.score(tiles)).toEqual(before);
    trainOnToys(training, 3, BATCH);
    const after = await training.score(tiles);
    expect(after).not.toEqual(before);
    const restored = create();
    trainOnToys(restored, 1, BATCH);
    expect(await restored.score(tiles)).not.toEqual(after);
    restored.restore(training.weights(), null, training.stepsDone);
    expect(await restored.score(tiles)).toEqual(after);
    tiles.dispose();
    training.dispose();
    restored.dispose();
  });

  it('leaves no tensors behind', async () => {
    const tf = requireTensorflow();
    const training = create();
    const tiles = toyTensor('benign', BATCH, 1);
    training.step(tiles);
    await training.score(tiles);
    const { numTensors } = tf.memory();
    training.step(tiles);
    training.step(tiles);
    await training.score(tiles);
    await training.score(tiles);
    expect(tf.memory().numTensors).toBe(numTensors);
    training.dispose();
    tiles.dispose();
  });

  it('stops scoring when it is cancelled', async () => {
    const training = create();
    const tiles = toyTensor('benign', 2, 1);
    const signal = AbortSignal.abort();
    await expect(training.score(tiles, signal)).rejects.toMatchObject({ code: 'cancelled' });
    training.dispose();
    tiles.dispose();
  });
});
