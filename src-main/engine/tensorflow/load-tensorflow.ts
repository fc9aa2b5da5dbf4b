import { createRequire } from 'node:module';
import util from 'node:util';
import type * as tensorflow from '@tensorflow/tfjs-node-gpu';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';

/** TensorFlow.js with TensorFlow's C library below it. */
export type Tensorflow = typeof tensorflow;

let loaded: Tensorflow | undefined;

/**
 * Loads TensorFlow.js's native binding on first use: it takes a second and 300 MB, and most
 * of the program never needs it. A process that has loaded it must end with `process.exit`.
 * @throws PhiscanError `engine-unavailable` when the binding or its C library is not installed.
 */
export function loadTensorflow(): Tensorflow {
  loaded ??= load();
  return loaded;
}

/** Whether the loaded library computes on a GPU; its JavaScript types do not show the flag. */
export function isUsingGpu(tf: Tensorflow): boolean {
  const backend: unknown = tf.backend();
  return (
    typeof backend === 'object' &&
    backend !== null &&
    'isUsingGpuDevice' in backend &&
    backend.isUsingGpuDevice === true
  );
}

function load(): Tensorflow {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  restoreRemovedTypeTest();
  try {
    const require = createRequire(import.meta.url);
    return require('@tensorflow/tfjs-node-gpu') as Tensorflow;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new PhiscanError(
      'engine-unavailable',
      'The tensorflow engine needs @tensorflow/tfjs-node-gpu with its native library, which ' +
        `could not be loaded (${reason}). Run "npm run provide:tensorflow", or use the onnx engine.`,
      { cause },
    );
  }
}

/** The binding's JavaScript calls util.isNullOrUndefined, which Node 23 removed. */
function restoreRemovedTypeTest(): void {
  if ('isNullOrUndefined' in util) return;
  Object.defineProperty(util, 'isNullOrUndefined', {
    value: (value: unknown) => value === null || value === undefined,
  });
}
