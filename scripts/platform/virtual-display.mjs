import { spawn } from 'node:child_process';
import { installDebianPackages } from './debian-packages.mjs';
import { findProgram } from './run-program.mjs';
import { LauncherError } from './say.mjs';

/** Whether a window can be shown here. */
export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** Makes sure that withVirtualDisplay can work, so that a lack is told before a long step. */
export async function ensureVirtualDisplay() {
  if (process.platform !== 'linux' || findProgram('Xvfb')) return;
  await installDebianPackages('for a virtual display', ['xvfb']);
}

/**
 * Runs something with a virtual X display of 1920×1080 and ends the display after it. Where there
 * is no X on this system (macOS, Windows), the real display serves.
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work gets the environment that names the display
 * @returns {Promise<T>}
 */
export async function withVirtualDisplay(work) {
  if (process.platform !== 'linux') return work(process.env);
  await ensureVirtualDisplay();
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp', '-noreset'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  try {
    const display = `:${await readDisplayNumber(server)}`;
    const env = { ...process.env, DISPLAY: display, XDG_SESSION_TYPE: 'x11' };
    delete env.WAYLAND_DISPLAY;
    return await work(env);
  } finally {
    server.kill();
  }
}

function readDisplayNumber(server) {
  return new Promise((resolve, reject) => {
    let text = '';
    server.stdio[3].on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve(text.trim());
    });
    const fail = (reason) =>
      reject(new LauncherError(`the virtual display did not start: ${reason}`));
    server.on('error', (error) => fail(error.message));
    server.on('exit', (code) => fail(`Xvfb ended with ${code}`));
  });
}
