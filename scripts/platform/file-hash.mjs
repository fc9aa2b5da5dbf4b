import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { LauncherError } from './say.mjs';

/** A file's hash, read as a stream. */
export async function fileHash(path, algorithm, encoding) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest(encoding);
}

/** Refuses a downloaded file whose hash is not the one pinned in this repository. */
export async function requireHash(path, algorithm, encoding, expected) {
  const found = await fileHash(path, algorithm, encoding);
  if (found !== expected) {
    throw new LauncherError(
      `${path} is not the file that was pinned: ${algorithm} ${expected} expected, ${found} found. ` +
        'Nothing of it is used. Try again; if it stays so, ask who runs your package registry.',
    );
  }
}
