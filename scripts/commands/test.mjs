import { rmSync } from 'node:fs';
import { ensureBuilt } from '../platform/build.mjs';
import { ensureDependencies } from '../platform/dependencies.mjs';
import { provideElectron } from '../platform/electron-runtime.mjs';
import { electronInvocation } from '../platform/open-program.mjs';
import { inRepository } from '../platform/paths.mjs';
import { runProgram } from '../platform/run-program.mjs';
import { say } from '../platform/say.mjs';
import { ensureSharedLibraries } from '../platform/shared-libraries.mjs';
import { tensorflowOrExcuse } from '../platform/tensorflow-or-excuse.mjs';
import { printTotals, reportFolder } from '../platform/test-totals.mjs';
import { withVirtualDisplay } from '../platform/virtual-display.mjs';

/** With arguments, only the tests whose path holds one of them: `npm test -- unit/tiling`. */
export async function run(filters) {
  await ensureDependencies();
  await tensorflowOrExcuse('tensorflow engine not tested here');
  const runtime = await provideElectron();
  await ensureSharedLibraries(runtime);
  await ensureBuilt();
  rmSync(reportFolder, { recursive: true, force: true });
  const inWindow = filters.filter((filter) => filter.includes('e2e'));
  const inNode = filters.filter((filter) => !filter.includes('e2e'));
  const all = filters.length === 0;
  const codes = [];
  if (all || inNode.length > 0) codes.push(await runVitest(inNode));
  if (all || inWindow.length > 0) codes.push(await runPlaywright(runtime, inWindow));
  return printTotals() && codes.every((code) => code === 0) ? 0 : 1;
}

function runVitest(filters) {
  say('tests in Node: unit, property, contract, golden');
  return runProgram(process.execPath, [
    inRepository('node_modules', 'vitest', 'vitest.mjs'),
    ...['run', '--reporter=default', '--reporter=json'],
    `--outputFile.json=${reportFolder}/vitest.json`,
    ...filters,
  ]);
}

function runPlaywright(runtime, filters) {
  say(`end-to-end tests in Electron ${runtime.version}`);
  return withVirtualDisplay((baseEnv) => {
    const { env } = electronInvocation(runtime, baseEnv);
    const cli = inRepository('node_modules', '@playwright', 'test', 'cli.js');
    return runProgram(process.execPath, [cli, 'test', ...filters], { env });
  });
}
