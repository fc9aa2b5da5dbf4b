import { createRequire } from 'node:module';
import util from 'node:util';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';

/** TensorFlow.js with TensorFlow's C library below it. */
export type Tensorflow = typeof import('@tensorflow/tfjs-node-gpu');

let loaded: Tensorflow | undefined;

/**
 * Loads TensorFlow.js's native binding on first use: it takes a second and 300 MB, and most of
 * the program never needs it.
 * @throws PhiscanError `training-impossible` when the binding or its C library is not installed.
 */
export function requireTensorflow(): Tensorflow {
  loaded ??= load();
  return loaded;
}

/** Whether training can run here; tests that need the native library ask this. */
export function hasTensorflow(): boolean {
  try {
    requireTensorflow();
    return true;
  } catch (error) {
    if (error instanceof PhiscanError) return false;
    throw error;
  }
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
      'training-impossible',
      'Training needs @tensorflow/tfjs-node-gpu with its native library, which could not be ' +
        `loaded (${reason}). Run "npm run provide:tensorflow", then try again.`,
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
