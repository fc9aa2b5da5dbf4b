import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { repositoryRoot } from './paths.mjs';
import { LauncherError } from './say.mjs';

/** The shell's exit code for a program ended by a signal: 128 and the signal's number. */
const codeOfSignal = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGKILL: 137, SIGTERM: 143 };

/**
 * Runs a program on the launcher's own terminal and passes Ctrl-C and termination on to it.
 * @returns {Promise<number>} its exit code (128 + n when signal n ended it)
 */
export function runProgram(command, args, { env = process.env, cwd = repositoryRoot, stdio } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: stdio ?? 'inherit' });
    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    const settle = (action) => {
      for (const signal of signals) process.off(signal, forward);
      action();
    };
    child.on('error', (error) =>
      settle(() => reject(new LauncherError(`could not run ${command}: ${error.message}`))),
    );
    child.on('close', (code, signal) =>
      settle(() => resolve(code ?? (signal ? (codeOfSignal[signal] ?? 1) : 1))),
    );
  });
}

/** Like runProgram, and a failure says which step failed. Output goes to stderr. */
export async function mustRun(step, command, args, options = {}) {
  const code = await runProgram(command, args, { stdio: ['ignore', 2, 2], ...options });
  if (code !== 0) {
    throw new LauncherError(`${step} failed (${command} ended with ${code}); see the lines above`);
  }
}

/** Like mustRun for a program that talks much: what it printed is shown when it fails. */
export async function mustRunQuietly(step, command, args, { env = process.env } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'phiscan-output-'));
  const outputFile = join(folder, 'output');
  const output = openSync(outputFile, 'w');
  try {
    const code = await runProgram(command, args, { env, stdio: ['ignore', output, output] });
    if (code === 0) return;
    const printed = readFileSync(outputFile, 'utf8').trimEnd();
    throw new LauncherError(`${step} failed (${command} ended with ${code}):\n${printed}`);
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true });
  }
}

/** Runs a short program and returns what it printed; `status` is null where it could not start. */
export function capture(command, args, { env = process.env, cwd = repositoryRoot } = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** The full path of a program on PATH, or undefined. */
export function findProgram(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch (error) {
      if (!['ENOENT', 'EACCES', 'ENOTDIR'].includes(error.code)) throw error;
    }
  }
  return undefined;
}
