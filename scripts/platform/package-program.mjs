import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { packagesOfOptionalEngines } from './optional-packages.mjs';
import { inRepository } from './paths.mjs';
import { mustRun } from './run-program.mjs';
import { say } from './say.mjs';

/**
 * Makes the unpacked program folder from dist/ with electron-builder.
 * @param {import('./electron-runtime.mjs').ElectronRuntime} runtime what it is packaged with
 * @param {string} folder where it goes; emptied first
 * @returns {Promise<string>} the folder that holds the program
 */
export async function packageProgram(runtime, folder) {
  say(`packaging with Electron ${runtime.version}`);
  rmSync(folder, { recursive: true, force: true });
  await mustRun(
    'packaging',
    process.execPath,
    [
      inRepository('node_modules', 'electron-builder', 'cli.js'),
      '--dir',
      `--config.directories.output=${folder}`,
      `--config.electronDist=${runtime.folder}`,
      `--config.electronVersion=${runtime.version}`,
    ],
    {
      env: { ...process.env, PHISCAN_LEFT_OUT: packagesOfOptionalEngines().join(',') },
      stdio: ['ignore', 'ignore', 2],
    },
  );
  const names = { darwin: 'mac', win32: 'win' };
  const program = join(folder, `${names[process.platform] ?? 'linux'}-unpacked`);
  rmSync(join(program, '.prepared'), { force: true });
  return program;
}
