import { rmSync } from 'node:fs';
import { build } from '../platform/build.mjs';
import { ensureDependencies } from '../platform/dependencies.mjs';
import { provideElectron } from '../platform/electron-runtime.mjs';
import { inRepository } from '../platform/paths.mjs';
import { mustRun } from '../platform/run-program.mjs';
import { LauncherError, say } from '../platform/say.mjs';
import { ensureSharedLibraries } from '../platform/shared-libraries.mjs';

const allowFallback = '--allow-fallback-runtime';

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
  await build();
  const release = inRepository('release');
  rmSync(release, { recursive: true, force: true });
  say(`packaging with Electron ${runtime.version}`);
  await mustRun('packaging', process.execPath, [
    inRepository('node_modules', 'electron-builder', 'cli.js'),
    '--dir',
    `--config.electronDist=${runtime.folder}`,
    `--config.electronVersion=${runtime.version}`,
  ]);
  say('the program is in release/');
  return 0;
}
