import { ensureDependencies } from '../platform/dependencies.mjs';
import { inRepository } from '../platform/paths.mjs';
import { runProgram } from '../platform/run-program.mjs';
import { say } from '../platform/say.mjs';

const tool = (...parts) => inRepository('node_modules', ...parts);
const tsc = (runtime) => [
  `types: ${runtime}`,
  [tool('typescript', 'bin', 'tsc'), '--noEmit', '-p', `tsconfig.${runtime}.json`],
];

const checks = [
  tsc('shared'),
  tsc('main'),
  tsc('lab'),
  tsc('test'),
  [
    'types: renderer',
    [
      tool('svelte-check', 'bin', 'svelte-check'),
      ...['--tsconfig', './tsconfig.renderer.json', '--fail-on-warnings', '--output', 'human'],
    ],
  ],
  ['lint', [tool('eslint', 'bin', 'eslint.js'), '--max-warnings', '0', '.']],
  ['format', [tool('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['unused code', [tool('knip', 'bin', 'knip.js')]],
];

/** Runs every check, also after one has failed, and names those that failed. */
export async function run() {
  await ensureDependencies();
  const failed = [];
  for (const [name, command] of checks) {
    say(`check: ${name}`);
    if ((await runProgram(process.execPath, command)) !== 0) failed.push(name);
  }
  say(failed.length === 0 ? 'every check passed' : `checks that failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}
