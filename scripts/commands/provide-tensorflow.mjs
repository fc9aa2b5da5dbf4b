import { ensureDependencies } from '../platform/dependencies.mjs';
import { say } from '../platform/say.mjs';
import { provideTensorflow } from '../platform/tensorflow-library.mjs';

export async function run() {
  await ensureDependencies();
  await provideTensorflow();
  say("TensorFlow's native library is in place");
  return 0;
}
