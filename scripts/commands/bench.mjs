import { ensureBuilt } from '../platform/build.mjs';
import { ensureDependencies } from '../platform/dependencies.mjs';
import { inRepository } from '../platform/paths.mjs';
import { runProgram } from '../platform/run-program.mjs';
import { tensorflowOrExcuse } from '../platform/tensorflow-or-excuse.mjs';

export async function run(args) {
  await ensureDependencies();
  const needsTraining = !args.some((name) => name === 'scan' || name === 'scoring');
  if (needsTraining) await tensorflowOrExcuse('training is not measured here');
  await ensureBuilt();
  return runProgram(process.execPath, [inRepository('dist', 'main', 'bench.js'), ...args], {
    env: { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env },
  });
}
