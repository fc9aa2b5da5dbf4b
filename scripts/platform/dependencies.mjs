import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { mustRunNpm } from './npm-client.mjs';
import { inRepository } from './paths.mjs';
import { LauncherError, say } from './say.mjs';

const tensorflowPlace = 'node_modules/@tensorflow/tfjs-node-gpu';
const stampFile = inRepository('node_modules', '.phiscan-stamp');

/**
 * Installs what package-lock.json names when it has changed since the last install. Install scripts
 * are not run: npm's versions differ in which they allow, and none is needed.
 */
export async function ensureDependencies() {
  const lockText = readFileSync(inRepository('package-lock.json'), 'utf8');
  const stamp = createHash('sha256').update(lockText).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  if (!isInstalled(JSON.parse(lockText))) {
    requireOwnFolder();
    say('installing dependencies with npm ci');
    await mustRunNpm('npm ci', [
      'ci',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]);
  }
  writeFileSync(stampFile, stamp);
}

/**
 * Whether npm's own record says that what the lock file names is there. Optional packages are for
 * particular machines and may be absent, save the one that the tensorflow engine is: npm prunes it
 * where its install script was let run and failed.
 */
function isInstalled(lock) {
  const recordFile = inRepository('node_modules', '.package-lock.json');
  if (!existsSync(recordFile)) return false;
  const present = JSON.parse(readFileSync(recordFile, 'utf8')).packages;
  return Object.entries(lock.packages).every(([place, wanted]) => {
    const found = present[place];
    if (place === '') return true;
    if (found === undefined) return wanted.optional && place !== tensorflowPlace;
    return found.version === wanted.version;
  });
}

/** npm ci empties node_modules first; through a link that would be another checkout's. */
function requireOwnFolder() {
  const folder = inRepository('node_modules');
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new LauncherError(`${folder} is a link, and what it points to is not what is needed`);
}
