import { mustRun } from './run-program.mjs';

/** Runs the npm that is configured on this machine: the one that started us, else the one on PATH. */
export function mustRunNpm(step, args, options = {}) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('npm-cli.js')) {
    return mustRun(step, process.execPath, [script, ...args], options);
  }
  return mustRun(step, process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}
