import { existsSync } from 'node:fs';
import path from 'node:path';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import { isUsingGpu, loadTensorflow } from './load-tensorflow';

/**
 * Whether TensorFlow is installed here and computes on a GPU. The library is loaded to ask it only
 * where a graphics driver is found: loading costs a second and 300 MB.
 */
export function hasTensorflowGpu(): boolean {
  if (!hasNvidiaDriver()) return false;
  try {
    return isUsingGpu(loadTensorflow());
  } catch (error) {
    if (error instanceof PhiscanError && error.code === 'engine-unavailable') return false;
    throw error;
  }
}

function hasNvidiaDriver(): boolean {
  if (process.platform === 'linux') {
    return existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl');
  }
  if (process.platform === 'win32') {
    const system = process.env['SystemRoot'] ?? 'C:\\Windows';
    return existsSync(path.join(system, 'System32', 'nvcuda.dll'));
  }
  return false;
}
