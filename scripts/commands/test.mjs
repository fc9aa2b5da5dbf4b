import { rmSync } from 'node:fs';
import { ensureBuilt } from '../platform/build.mjs';
import { ensureDependencies } from '../platform/dependencies.mjs';
import { provideElectron } from '../platform/electron-runtime.mjs';
import { packageProgram } from '../platform/package-program.mjs';
import { inRepository } from '../platform/paths.mjs';
import { runEndToEnd } from '../platform/run-end-to-end.mjs';
import { runProgram } from '../platform/run-program.mjs';
import { say } from '../platform/say.mjs';
import { ensureSharedLibraries } from '../platform/shared-libraries.mjs';
import { tensorflowOrExcuse } from '../platform/tensorflow-or-excuse.mjs';
import { printTotals, recordTotals, reportFolder } from '../platform/test-totals.mjs';
import { ensureVirtualDisplay } from '../platform/virtual-display.mjs';

/** Where the packaged program that the smoke test starts is made; releases go elsewhere. */
const packageFolder = inRepository('test-results', 'package');

/** The test that needs it. */
const packageTest = 'test/e2e/package-smoke.test.ts';

/** With arguments, only the tests whose path holds one of them: `npm test -- unit/tiling`. */
export async function run(filters) {
  rmSync(reportFolder, { recursive: true, force: true });
  await ensureDependencies();
  await tensorflowOrExcuse('tensorflow engine not tested here');
  const runtime = await provideElectron();
  await ensureSharedLibraries(runtime);
  await ensureVirtualDisplay();
  await ensureBuilt();
  const inWindow = filters.filter((filter) => filter.includes('e2e'));
  const inNode = filters.filter((filter) => !filter.includes('e2e'));
  const all = filters.length === 0;
  const codes = [];
  if (all || inNode.length > 0) codes.push(await runVitest(inNode));
  if (all || inWindow.length > 0) {
    const needsPackage = all || inWindow.some((filter) => packageTest.includes(filter));
    const program = needsPackage ? await packageProgram(runtime, packageFolder) : undefined;
    codes.push(await runEndToEnd(runtime, inWindow, program));
  }
  const allPassed = recordTotals(codes);
  printTotals();
  return allPassed ? 0 : 1;
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
