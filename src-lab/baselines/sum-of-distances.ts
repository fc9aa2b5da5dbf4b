import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';

/** Σ |a − b| of each sample of (count, height, width, channels). */
export function sumOfDistances(tf: Tensorflow, a: Tensor4D, b: Tensor4D): Tensor1D {
  return tf.sum<Tensor1D>(tf.abs(tf.sub(a, b)), [1, 2, 3]);
}
