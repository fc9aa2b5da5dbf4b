import { pathToFileURL } from 'node:url';
import { ensureBuilt } from '../platform/build.mjs';
import { ensureDependencies } from '../platform/dependencies.mjs';
import { inRepository } from '../platform/paths.mjs';

/**
 * Runs the command line in this process. It reads process.argv itself and sets process.exitCode,
 * so that `phiscan score` and a script that calls it see the same codes.
 */
export async function run(args) {
  await ensureDependencies();
  await ensureBuilt();
  const program = inRepository('dist', 'main', 'phiscan.js');
  process.argv = [process.argv[0], program, ...args];
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  await import(pathToFileURL(program).href);
  return process.exitCode ?? 0;
}
