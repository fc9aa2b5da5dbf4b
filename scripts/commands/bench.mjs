import { cpus } from 'node:os';
import { ensureBuilt } from '../platform/build.mjs';
import { ensureDependencies } from '../platform/dependencies.mjs';
import { provideElectron } from '../platform/electron-runtime.mjs';
import { inRepository } from '../platform/paths.mjs';
import { runConsoleBench } from '../platform/run-console-bench.mjs';
import { runProgram } from '../platform/run-program.mjs';
import { LauncherError } from '../platform/say.mjs';
import { ensureSharedLibraries } from '../platform/shared-libraries.mjs';
import { tensorflowOrExcuse } from '../platform/tensorflow-or-excuse.mjs';

export async function run(args) {
  await ensureDependencies();
  if (args.includes('console')) return benchConsole(args);
  const needsTraining = !args.some((name) => name === 'scan' || name === 'scoring');
  if (needsTraining) await tensorflowOrExcuse('training is not measured here');
  await ensureBuilt();
  return runProgram(process.execPath, [inRepository('dist', 'main', 'bench.js'), ...args], {
    env: { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env },
  });
}

/** The console is measured in its own window, apart from the others: `console [--json] [--bags N]`. */
async function benchConsole(args) {
  const at = args.indexOf('--bags');
  const bags = at === -1 ? undefined : args[at + 1];
  const known = args.filter((arg, index) => at === -1 || (index !== at && index !== at + 1));
  const unknown = known.find((arg) => arg !== 'console' && arg !== '--json');
  if (unknown !== undefined || (bags !== undefined && !/^[1-9]\d*$/.test(bags))) {
    throw new LauncherError('expected: console [--json] [--bags N], with N a whole number', 2);
  }
  if (at !== -1 && bags === undefined) {
    throw new LauncherError('--bags needs a whole number, e.g. --bags 2000', 2);
  }
  const runtime = await provideElectron();
  await ensureSharedLibraries(runtime);
  await ensureBuilt();
  const figures = await runConsoleBench(runtime, bags === undefined ? {} : { bags });
  if (figures === null) return 1;
  const machine = {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    threads: cpus().length,
    electron: runtime.version,
  };
  const whole = { machine, console: figures };
  const text = args.includes('--json') ? JSON.stringify(whole) : JSON.stringify(whole, null, 2);
  process.stdout.write(`${text}\n`);
  return 0;
}
