import { ensureDependencies } from '../platform/dependencies.mjs';
import { provideElectron } from '../platform/electron-runtime.mjs';
import { electronInvocation, requireSandbox } from '../platform/open-program.mjs';
import { inRepository } from '../platform/paths.mjs';
import { runProgram } from '../platform/run-program.mjs';
import { LauncherError } from '../platform/say.mjs';
import { ensureSharedLibraries } from '../platform/shared-libraries.mjs';
import { hasDisplay } from '../platform/virtual-display.mjs';

export async function run(args) {
  if (!hasDisplay()) throw new LauncherError('npm run dev opens a window, and there is no display');
  await ensureDependencies();
  const runtime = await provideElectron();
  await ensureSharedLibraries(runtime);
  requireSandbox(runtime);
  const { env, args: own } = electronInvocation(runtime);
  const viteCli = inRepository('node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const sandbox = own.includes('--no-sandbox') ? ['--noSandbox'] : [];
  return runProgram(process.execPath, [viteCli, 'dev', '--watch', ...sandbox, '--', ...args], {
    env: { ...env, ELECTRON_EXEC_PATH: runtime.executable },
  });
}
