#!/usr/bin/env node
/*
 * What `npm start`, `npm test` and the other scripts run first. It uses Node's own modules alone,
 * for on a fresh machine there are no others: it brings the machine up to what the command needs
 * (each step silent when all is in place) and then runs the command.
 */
import { requireNodeVersion } from './platform/node-version.mjs';
import { LauncherError, say } from './platform/say.mjs';

const commands = {
  start: 'opens the program; without a display, demonstrates it on a virtual one',
  test: 'runs every test, the end-to-end ones in the real Electron',
  dev: 'opens the program and reloads what changes',
  build: 'builds dist/',
  package: 'makes the unpacked program folder in release/',
  bench: 'measures speed and detection',
  check: 'types, lint, format, unused code',
  cli: 'runs the command line: phiscan …',
  'provide-tensorflow': "provides TensorFlow's native library for training",
};

const [name, ...args] = process.argv.slice(2);

try {
  requireNodeVersion();
  if (!Object.hasOwn(commands, name ?? '')) {
    const lines = Object.entries(commands).map(([key, does]) => `  ${key.padEnd(20)}${does}`);
    throw new LauncherError(`which command?\n${lines.join('\n')}`, 2);
  }
  const { run } = await import(`./commands/${name}.mjs`);
  process.exitCode = await run(args);
} catch (error) {
  if (!(error instanceof LauncherError)) throw error;
  say(error.message);
  process.exitCode = error.exitCode;
}
