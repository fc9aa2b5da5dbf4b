import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';

/**
 * Tiles of a scoring run. Every run is of this size, the last one filled up with zeros: TensorFlow
 * rounds a matrix product otherwise by its number of rows, and a tile's score would depend on how
 * many tiles came with it.
 */
export const SCORING_BATCH = 64;

/**
 * Scores tiles (count, side, side, channels) run by run.
 * @param run gives one score for each tile of a full run
 * @throws PhiscanError `cancelled` between runs, `score-not-finite`
 */
export async function scoreInBatches(
  tf: Tensorflow,
  tiles: Tensor4D,
  signal: AbortSignal | undefined,
  run: (batch: Tensor4D) => Float32Array | Promise<Float32Array>,
): Promise<Float64Array> {
  const [count, height, width, channels] = tiles.shape;
  const scores = new Float64Array(count);
  for (let from = 0; from < count; from += SCORING_BATCH) {
    throwIfCancelled(signal);
    const taken = Math.min(SCORING_BATCH, count - from);
    const batch = tf.tidy(() => {
      const part = tiles.slice([from, 0, 0, 0], [taken, height, width, channels]);
      if (taken === SCORING_BATCH) return part;
      return tf.concat4d([part, tf.zeros([SCORING_BATCH - taken, height, width, channels])], 0);
    });
    try {
      scores.set((await run(batch)).subarray(0, taken), from);
    } finally {
      batch.dispose();
    }
    // Lets signals and timers through between runs, which block.
    await nextTurn();
  }
  throwIfCancelled(signal);
  if (!scores.every(Number.isFinite)) {
    throw new PhiscanError(
      'score-not-finite',
      'The networks gave a value that is not a number. Train the method anew with a lower ' +
        'learning rate or another seed.',
    );
  }
  return scores;
}

/** @throws PhiscanError `cancelled` when the signal has aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new PhiscanError('cancelled', 'Scoring was cancelled.');
}

/** The numbers of a tensor computed in a tidy of its own. */
export function valuesOf(tf: Tensorflow, compute: () => Tensor): Float32Array {
  return tf.tidy(() => compute().dataSync<'float32'>().slice());
}
