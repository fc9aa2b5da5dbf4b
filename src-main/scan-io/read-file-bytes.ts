import { open, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { ReadLimits } from './read-limits';

/** A file this young may still be in the hands of whoever writes it. */
const FRESH_MS = 2_000;

export interface FileBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** As the file was when it was read. */
  readonly stats: Stats;
}

/**
 * Reads a whole file, refusing what is no plain file, empty, too large or changing meanwhile.
 * @param settleMs how long a fresh, empty file is watched before it is called empty
 * @throws PhiscanError file-not-found, file-not-readable, file-empty, file-too-large, file-still-written
 */
export async function readFileBytes(
  path: string,
  limits: Pick<ReadLimits, 'maxFileBytes'>,
  settleMs: number,
): Promise<FileBytes> {
  // Asked before opening: opening a pipe would wait for its other end.
  const stats = await statOf(path);
  if (!stats.isFile()) {
    throw new PhiscanError(
      'file-not-readable',
      `${basename(path)} is ${stats.isDirectory() ? 'a folder' : 'no plain file'}; a scan is a file. Choose the file of the scan.`,
    );
  }
  if (stats.size === 0) {
    await refuseWhileWritten(path, stats, settleMs);
    throw new PhiscanError(
      'file-empty',
      `${basename(path)} is empty. Scan the bag again or decide by eye.`,
    );
  }
  if (stats.size > limits.maxFileBytes) {
    throw new PhiscanError(
      'file-too-large',
      `${basename(path)} has ${megabytes(stats.size)}; a scan has at most ${megabytes(limits.maxFileBytes)}. Check that it is a scan of one bag.`,
    );
  }
  const bytes = await readExactly(path, stats.size);
  const after = await statOf(path);
  if (bytes.length !== stats.size || hasChanged(stats, after)) throw stillWritten(path);
  return { path, bytes, stats };
}

/**
 * Watches a fresh file for a moment: when it changes, it was cut short only because its writer is
 * not done. Resolves when the file is old or stays as it was.
 * @throws PhiscanError file-still-written
 */
export async function refuseWhileWritten(
  path: string,
  stats: Stats,
  settleMs: number,
): Promise<void> {
  if (Date.now() - stats.mtimeMs > FRESH_MS) return;
  await delay(settleMs);
  if (hasChanged(stats, await statOf(path))) throw stillWritten(path);
}

function hasChanged(before: Stats, after: Stats): boolean {
  return before.size !== after.size || before.mtimeMs !== after.mtimeMs || before.ino !== after.ino;
}

function stillWritten(path: string): PhiscanError {
  return new PhiscanError(
    'file-still-written',
    `${basename(path)} is still being written. Open it again in a moment.`,
  );
}

async function statOf(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    throw toFileError(path, error);
  }
}

async function readExactly(path: string, size: number): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const bytes = Buffer.allocUnsafeSlow(size);
      let filled = 0;
      while (filled < size) {
        const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw toFileError(path, error);
  }
}

function toFileError(path: string, error: unknown): PhiscanError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const name = basename(path);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new PhiscanError(
      'file-not-found',
      `${name} is not there any more. Check the folder, or open the scan again.`,
      { cause: error },
    );
  }
  const reason =
    code === 'EACCES' || code === 'EPERM'
      ? 'this account has no right to read it. Ask whoever administers the computer'
      : `the disk or network answered ${code === '' ? 'with an error' : code}. Check the drive and open it again`;
  return new PhiscanError('file-not-readable', `${name} cannot be read: ${reason}.`, {
    cause: error,
  });
}

function megabytes(bytes: number): string {
  return `${String(Math.ceil(bytes / (1024 * 1024)))} MB`;
}
