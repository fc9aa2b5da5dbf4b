import { say } from './say.mjs';

/**
 * The environment and the first arguments that Electron is run with. Chromium refuses to run as
 * root with its sandbox, so for root alone it is turned off, and that is said; a packaged program
 * started by a person never has this done for it.
 * @param {import('./electron-runtime.mjs').ElectronRuntime} runtime
 */
export function electronInvocation(runtime, env = process.env) {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  if (isRoot) say('running as root, so Chromium runs without its sandbox (--no-sandbox)');
  return {
    env: { ...env, ELECTRON_OVERRIDE_DIST_PATH: runtime.folder },
    args: isRoot ? ['--no-sandbox'] : [],
  };
}
