import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, open, symlink } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

/*
 * A reader for ZIP archives (PKWARE APPNOTE 6.3.10: 4.3.7 local header, 4.3.12 central directory,
 * 4.3.16 end record, 4.3.14 its 64-bit form). Node has none, a fresh machine may have no `unzip`,
 * and npm's readers are not there before dependencies are installed.
 */

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const centralSignature = 0x02014b50;
const localSignature = 0x04034b50;

/**
 * Lists an archive's entries and extracts those that are wanted.
 * @param {string} path of the archive
 * @param {(name: string) => string | undefined} destinationOf where an entry goes, relative to
 *   `folder`; undefined leaves it out
 * @param {string} folder to extract into; entries that would leave it are refused
 * @param {(done: number, total: number) => void} [onProgress] bytes of the packed entries
 * @returns {Promise<number>} how many files were written
 */
export async function extractZip(path, destinationOf, folder, onProgress) {
  const file = await open(path, 'r');
  try {
    const wanted = (await readEntries(file)).flatMap((entry) => {
      const destination = entry.name.endsWith('/') ? undefined : destinationOf(entry.name);
      return destination === undefined ? [] : [{ ...entry, destination }];
    });
    const total = wanted.reduce((sum, entry) => sum + entry.packedSize, 0);
    let done = 0;
    for (const entry of wanted) {
      const target = resolve(folder, entry.destination);
      if (!target.startsWith(resolve(folder) + sep)) {
        throw new Error(`${path}: the entry ${entry.name} would be written outside ${folder}`);
      }
      await mkdir(dirname(target), { recursive: true });
      await extractEntry(path, file, entry, target, (bytes) => {
        done += bytes;
        onProgress?.(done, total);
      });
    }
    return wanted.length;
  } finally {
    await file.close();
  }
}

async function extractEntry(path, file, entry, target, onBytes) {
  const header = await readAt(file, entry.offset, 30);
  if (header.readUInt32LE(0) !== localSignature) throw new Error(`no entry at ${entry.offset}`);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (entry.isLink) {
    await symlink((await readAt(file, start, entry.packedSize)).toString('utf8'), target);
    return;
  }
  const count = new Transform({
    transform(chunk, _encoding, done) {
      onBytes(chunk.length);
      done(null, chunk);
    },
  });
  let size = 0;
  const measure = new Transform({
    transform(chunk, _encoding, done) {
      size += chunk.length;
      done(null, chunk);
    },
  });
  const steps = [count, ...(entry.method === 8 ? [createInflateRaw()] : []), measure];
  if (entry.packedSize > 0) {
    const end = start + entry.packedSize - 1;
    const packed = createReadStream(path, { start, end, highWaterMark: 1 << 20 });
    await pipeline(packed, ...steps, createWriteStream(target));
  } else {
    await (await open(target, 'w')).close();
  }
  if (size !== entry.size) {
    throw new Error(`${entry.name}: ${entry.size} bytes expected, ${size} found`);
  }
  if (entry.mode & 0o111) await chmod(target, 0o755);
}

async function readEntries(file) {
  const { start, length, count } = await findDirectory(file);
  const directory = await readAt(file, start, length);
  const entries = [];
  let at = 0;
  while (entries.length < count) {
    if (directory.readUInt32LE(at) !== centralSignature) throw new Error('not a whole ZIP archive');
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    const method = directory.readUInt16LE(at + 10);
    const unixMode = directory.readUInt32LE(at + 38) >>> 16;
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    if (method !== 0 && method !== 8) throw new Error(`${name}: unknown packing ${method}`);
    const sizes = {
      size: directory.readUInt32LE(at + 24),
      packedSize: directory.readUInt32LE(at + 20),
      offset: directory.readUInt32LE(at + 42),
    };
    const extra = directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    entries.push({
      name,
      method,
      mode: unixMode & 0o777,
      isLink: (unixMode & 0o170000) === 0o120000,
      ...with64BitSizes(sizes, extra),
    });
    at += 46 + nameLength + extraLength + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** Sizes of 2^32 − 1 stand for a value in the 64-bit extra field, in this order. */
function with64BitSizes(sizes, extra) {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return Object.fromEntries(
      Object.entries(sizes).map(([key, value]) => {
        if (value !== 0xffffffff) return [key, value];
        next += 8;
        return [key, Number(extra.readBigUInt64LE(next - 8))];
      }),
    );
  }
  return sizes;
}

async function findDirectory(file) {
  const { size } = await file.stat();
  const tailStart = Math.max(0, size - 65_557 - 20);
  const tail = await readAt(file, tailStart, size - tailStart);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== endSignature) continue;
    const start = tail.readUInt32LE(at + 16);
    const count = tail.readUInt16LE(at + 10);
    if (start !== 0xffffffff && count !== 0xffff) {
      return { start, count, length: tail.readUInt32LE(at + 12) };
    }
    const end64 = await readAt(file, Number(tail.readBigUInt64LE(at - 20 + 8)), 56);
    if (end64.readUInt32LE(0) !== end64Signature) break;
    return {
      count: Number(end64.readBigUInt64LE(32)),
      length: Number(end64.readBigUInt64LE(40)),
      start: Number(end64.readBigUInt64LE(48)),
    };
  }
  throw new Error('not a ZIP archive, or one that is cut short');
}

async function readAt(file, position, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error('the ZIP archive is cut short');
  return buffer;
}
