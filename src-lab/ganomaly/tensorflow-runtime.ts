import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Tensorflow } from '../../src-main/engine/tensorflow/load-tensorflow';
import { loadTensorflow } from '../../src-main/engine/tensorflow/load-tensorflow';

export type { Tensorflow };

/**
 * TensorFlow.js on its native library, loaded on first use. Its own backends cannot train this in
 * useful time, so there is no other way.
 * @throws PhiscanError `training-impossible` when the binding or its C library is not installed.
 */
export function requireTensorflow(): Tensorflow {
  try {
    return loadTensorflow();
  } catch (cause) {
    if (!(cause instanceof PhiscanError)) throw cause;
    throw new PhiscanError(
      'training-impossible',
      'Training needs @tensorflow/tfjs-node-gpu with its native library, which is not installed ' +
        'here. Run "npm run provide:tensorflow", then try again.',
      { cause },
    );
  }
}
