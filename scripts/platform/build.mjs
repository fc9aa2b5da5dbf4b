import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository } from './paths.mjs';
import { mustRun } from './run-program.mjs';
import { say } from './say.mjs';

const stampFile = inRepository('dist', '.built');

/** Everything that goes into dist/; folders count with all they hold. */
const sources = [
  'src-shared',
  'src-main',
  'src-lab',
  'src-renderer',
  'bench',
  'assets',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];

/** Builds dist/ when a source is newer than it. */
export async function ensureBuilt() {
  const builtAtMs = existsSync(stampFile) ? statSync(stampFile).mtimeMs : 0;
  const isStale = sources.some((name) => isNewer(inRepository(name), builtAtMs));
  if (isStale) await build();
}

/** Builds dist/ with electron-vite. */
export async function build() {
  say('building');
  const startedAt = new Date();
  await mustRun('the build', process.execPath, [
    inRepository('node_modules', 'electron-vite', 'bin', 'electron-vite.js'),
    'build',
    '--logLevel',
    'warn',
  ]);
  // Dated to the start: a source that changes while the build runs makes it stale.
  mkdirSync(inRepository('dist'), { recursive: true });
  writeFileSync(stampFile, '');
  utimesSync(stampFile, startedAt, startedAt);
}

/** A folder's own time tells of files that were added, renamed or removed. */
function isNewer(path, thanMs) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (stats.mtimeMs > thanMs) return true;
  return stats.isDirectory() && readdirSync(path).some((name) => isNewer(join(path, name), thanMs));
}
