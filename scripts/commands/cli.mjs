import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from '../platform/build.mjs';
import { ensureDependencies } from '../platform/dependencies.mjs';
import { inRepository } from '../platform/paths.mjs';
import { LauncherError } from '../platform/say.mjs';
import { hasDisplay } from '../platform/virtual-display.mjs';

/**
 * Runs the command line in this process. It reads process.argv itself and sets process.exitCode,
 * so that `phiscan score` and a script that calls it see the same codes. Files alone are scans to
 * open in the window, as the packaged program opens them.
 */
export async function run(args) {
  if (args.length > 0 && args.every(isFile)) return openInWindow(args);
  await ensureDependencies();
  await ensureBuilt();
  const program = inRepository('dist', 'main', 'phiscan.js');
  process.argv = [process.argv[0], program, ...args];
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  await import(pathToFileURL(program).href);
  return process.exitCode ?? 0;
}

async function openInWindow(files) {
  if (!hasDisplay()) {
    throw new LauncherError(
      `no display here to open ${files[0]} on; "npx phiscan score ${files[0]}" screens it`,
    );
  }
  const { run: start } = await import('./start.mjs');
  return start(files.map((file) => resolve(file)));
}

function isFile(argument) {
  return statSync(argument, { throwIfNoEntry: false })?.isFile() === true;
}
