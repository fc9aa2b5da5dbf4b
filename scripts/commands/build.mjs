import { build } from '../platform/build.mjs';
import { ensureDependencies } from '../platform/dependencies.mjs';

export async function run() {
  await ensureDependencies();
  await build();
  return 0;
}
