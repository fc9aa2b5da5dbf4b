import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import { RandomStream } from '../simulator/random-stream';

/** Latent vectors (rows, 1, 1, nz) drawn from N(0, 1) by the stream that `key` names. */
export function standardNormal(
  tf: Tensorflow,
  key: readonly (number | string)[],
  rows: number,
  nz: number,
): Tensor4D {
  const random = new RandomStream(key);
  const values = Float32Array.from({ length: rows * nz }, () => random.normal());
  return tf.tensor4d(values, [rows, 1, 1, nz]);
}
