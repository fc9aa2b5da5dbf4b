import { electronInvocation } from './open-program.mjs';
import { inRepository } from './paths.mjs';
import { runProgram } from './run-program.mjs';
import { say } from './say.mjs';
import { withVirtualDisplay } from './virtual-display.mjs';

/**
 * Runs the end-to-end tests with Playwright on a virtual display.
 * @param {import('./electron-runtime.mjs').ElectronRuntime} runtime
 * @param {readonly string[]} filters parts of the test files' paths; none means all
 * @param {string} [packagedProgram] the folder of a packaged program, for the smoke test
 * @returns {Promise<number>} Playwright's exit code
 */
export function runEndToEnd(runtime, filters, packagedProgram) {
  say(`end-to-end tests in Electron ${runtime.version}`);
  return withVirtualDisplay((baseEnv) => {
    const { env } = electronInvocation(runtime, baseEnv);
    const packaged = packagedProgram ? { PHISCAN_PACKAGED: packagedProgram } : {};
    const cli = inRepository('node_modules', '@playwright', 'test', 'cli.js');
    return runProgram(process.execPath, [cli, 'test', ...filters], {
      env: { ...env, ...packaged },
    });
  });
}
