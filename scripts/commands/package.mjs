import { build } from '../platform/build.mjs';
import { ensureDependencies } from '../platform/dependencies.mjs';
import { provideElectron } from '../platform/electron-runtime.mjs';
import { packageProgram } from '../platform/package-program.mjs';
import { inRepository } from '../platform/paths.mjs';
import { runEndToEnd } from '../platform/run-end-to-end.mjs';
import { LauncherError, say } from '../platform/say.mjs';
import { ensureSharedLibraries } from '../platform/shared-libraries.mjs';
import { ensureVirtualDisplay } from '../platform/virtual-display.mjs';

const allowFallback = '--allow-fallback-runtime';

/** Packages the program and starts what was packaged: a folder that does not start is a failure. */
export async function run(args) {
  await ensureDependencies();
  const runtime = await provideElectron();
  if (runtime.isFallback && !args.includes(allowFallback)) {
    throw new LauncherError(
      `this machine has Electron ${runtime.version}, not the version in package.json, and a release is not made on it. ` +
        `Package where Electron's download can be reached, or for a trial: npm run package -- ${allowFallback}`,
    );
  }
  await ensureSharedLibraries(runtime);
  await ensureVirtualDisplay();
  await build();
  const program = await packageProgram(runtime, inRepository('release'));
  const code = await runEndToEnd(runtime, ['package-smoke'], program);
  say(code === 0 ? `the program is in ${program}` : `the program in ${program} does not work`);
  return code;
}
