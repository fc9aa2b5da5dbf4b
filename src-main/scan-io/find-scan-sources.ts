import type { Dirent } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import {
  compareNames,
  energyHalf,
  groupScanSources,
  isScanFolderName,
  isScanName,
  type FoundScan,
} from './group-scan-sources';

/**
 * Finds the scans at a path: a file is one scan (or with its other half a pair), a folder is
 * searched with all folders in it, in sorted order. Only names are held, one folder at a time, so
 * that memory stays flat however many scans there are. A folder that cannot be read is yielded as
 * broken, and the search goes on.
 */
export async function* findScanSources(path: string): AsyncGenerator<FoundScan> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(path)).isDirectory();
  } catch (error) {
    yield { state: 'broken', path, error: toFindError(path, error) };
    return;
  }
  if (isFolder) yield* searchFolder(path);
  else yield* sourcesOfFile(path);
}

async function* searchFolder(folder: string): AsyncGenerator<FoundScan> {
  const files: string[] = [];
  const folders: string[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      const path = join(folder, entry.name);
      const kind = await kindOf(entry, path);
      if (kind === 'folder' && isScanFolderName(entry.name)) folders.push(path);
      if (kind === 'file' && isScanName(entry.name)) files.push(path);
    }
  } catch (error) {
    yield { state: 'broken', path: folder, error: toFindError(folder, error) };
    return;
  }
  yield* groupScanSources(files);
  for (const inner of folders.sort(compareNames)) yield* searchFolder(inner);
}

/** Links to files are followed; links to folders are not, since they may lead in circles. */
async function kindOf(entry: Dirent, path: string): Promise<'file' | 'folder' | 'other'> {
  if (entry.isDirectory()) return 'folder';
  if (entry.isFile()) return 'file';
  if (!entry.isSymbolicLink()) return 'other';
  try {
    return (await stat(path)).isFile() ? 'file' : 'other';
  } catch (error) {
    // A dangling link is listed, so that it is reported as missing when it is read.
    if (error instanceof Error) return 'file';
    throw error;
  }
}

async function* sourcesOfFile(path: string): AsyncGenerator<FoundScan> {
  // A file that was named is read whatever it is called; only a half of a pair is completed.
  const half = energyHalf(path);
  const isComplete = half !== null && (await isPresent(half.otherPath));
  const [found] = groupScanSources(isComplete ? [path, half.otherPath] : [path]);
  yield found ?? { state: 'found', source: { kind: 'file', path } };
}

async function isPresent(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function toFindError(path: string, error: unknown): PhiscanError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new PhiscanError(
      'file-not-found',
      `${basename(path)} is not there. Check the path of the scan or folder.`,
      { cause: error },
    );
  }
  return new PhiscanError(
    'file-not-readable',
    `${basename(path)} cannot be looked into: this account has no right to it, or its drive does not answer (${code}). Ask whoever administers the computer.`,
    { cause: error },
  );
}
