import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { PhiscanError, type ErrorCode } from '../../src-shared/domain/phiscan-error';

const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * The bytes of a file of a data set, unpacked where it is gzipped.
 * @throws PhiscanError `file-not-found`, `file-truncated` or `file-corrupt` (gzip has a checksum)
 */
export async function readDataFile(file: string): Promise<Uint8Array> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new PhiscanError(
      'file-not-found',
      `A file of the data set was expected at ${file}, and none can be read there. Name the ` +
        'folder that holds the data sets with --datasets.',
      { cause },
    );
  }
  return bytes[0] === GZIP_MAGIC[0] && bytes[1] === GZIP_MAGIC[1] ? unpack(file, bytes) : bytes;
}

/** What is wrong with a file of a data set, and what to do about it. */
export function badData(
  code: Extract<ErrorCode, `file-${string}` | `format-${string}`>,
  file: string,
  what: string,
  cause?: unknown,
): PhiscanError {
  return new PhiscanError(
    code,
    `The data set's file ${file} cannot be used: ${what}. Fetch it anew from where it came.`,
    { cause },
  );
}

function unpack(file: string, bytes: Buffer): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    const isShort = cause instanceof Error && 'code' in cause && cause.code === 'Z_BUF_ERROR';
    throw isShort
      ? badData('file-truncated', file, 'its gzip stream ends too early', cause)
      : badData('file-corrupt', file, 'its gzip stream is damaged', cause);
  }
}
