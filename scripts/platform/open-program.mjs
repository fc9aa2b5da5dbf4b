import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isRoot } from './is-root.mjs';
import { capture } from './run-program.mjs';
import { LauncherError, say } from './say.mjs';

/**
 * The environment and the first arguments that Electron is run with. Chromium refuses to run as
 * root with its sandbox, so for root alone it is turned off, and that is said; a packaged program
 * started by a person never has this done for it.
 * @param {import('./electron-runtime.mjs').ElectronRuntime} runtime
 */
export function electronInvocation(runtime, env = process.env) {
  const needsNoSandbox = process.platform === 'linux' && isRoot;
  if (needsNoSandbox) say('running as root, so Chromium runs without its sandbox (--no-sandbox)');
  return {
    env: { ...env, ELECTRON_OVERRIDE_DIST_PATH: runtime.folder },
    args: needsNoSandbox ? ['--no-sandbox'] : [],
  };
}

/**
 * Chromium's sandbox needs unprivileged user namespaces, which some systems forbid (Ubuntu from
 * 23.10 on), or its helper to belong to root. Where neither holds, says the one command to run.
 * @param {import('./electron-runtime.mjs').ElectronRuntime} runtime
 */
export function requireSandbox(runtime) {
  if (process.platform !== 'linux' || isRoot) return;
  const helper = join(runtime.folder, 'chrome-sandbox');
  const { uid, mode } = statSync(helper);
  if ((uid === 0 && mode & 0o4000) || capture('unshare', ['-Ur', 'true']).status === 0) return;
  throw new LauncherError(
    `this system lets Chromium's sandbox work only with root's help. Run this once, then try again:\n` +
      `  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`,
  );
}
