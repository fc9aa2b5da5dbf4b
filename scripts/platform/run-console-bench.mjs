import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { electronInvocation } from './open-program.mjs';
import { inRepository } from './paths.mjs';
import { runProgram } from './run-program.mjs';
import { withVirtualDisplay } from './virtual-display.mjs';

/**
 * Measures the console in the real Electron on a virtual display.
 * @param {import('./electron-runtime.mjs').ElectronRuntime} runtime
 * @param {{ bags?: string }} options how many bags are reviewed
 * @returns {Promise<object | null>} the figures of every bench in test/console-bench; null when one failed
 */
export async function runConsoleBench(runtime, { bags }) {
  const out = mkdtempSync(join(tmpdir(), 'phiscan-console-bench-'));
  try {
    const code = await withVirtualDisplay((baseEnv) => {
      const { env } = electronInvocation(runtime, baseEnv);
      const cli = inRepository('node_modules', '@playwright', 'test', 'cli.js');
      const config = inRepository('test', 'console-bench', 'playwright.config.ts');
      return runProgram(process.execPath, [cli, 'test', '--config', config], {
        env: { ...env, PHISCAN_BENCH_OUT: out, ...(bags ? { PHISCAN_BENCH_BAGS: bags } : {}) },
        // What Playwright prints is for a person; the figures alone are the bench's output.
        stdio: ['ignore', 2, 2],
      });
    });
    if (code !== 0) return null;
    const files = readdirSync(out).sort();
    const read = (name) => JSON.parse(readFileSync(join(out, name), 'utf8'));
    return Object.assign({}, ...files.map(read));
  } finally {
    rmSync(out, { recursive: true });
  }
}
