import { badData } from './data-file';

const BLOCK_BYTES = 512;
/** Byte ranges of a header's fields (POSIX.1-1988, ustar). */
const NAME = [0, 100] as const;
const SIZE = [124, 136] as const;
const CHECKSUM = [148, 156] as const;
const TYPE = 156;
const MAGIC = [257, 262] as const;
const PREFIX = [345, 500] as const;

export interface TarFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The plain files of a tar archive, in its order; folders and links are passed over. Every
 * header's checksum is verified.
 * @param file only names the archive in messages
 * @throws PhiscanError `format-unknown` when it is no tar archive, `file-corrupt`, `file-truncated`
 */
export function* tarFiles(archive: Uint8Array, file: string): Generator<TarFile> {
  let offset = 0;
  while (true) {
    const header = archive.subarray(offset, offset + BLOCK_BYTES);
    if (header.length < BLOCK_BYTES) {
      throw badData('file-truncated', file, 'the archive ends without its closing blocks');
    }
    if (header.every((byte) => byte === 0)) return;
    checkSum(header, file, offset);
    const name = nameOf(header);
    const size = octal(header, SIZE);
    // A size that is no octal number, or a negative one, would lead astray.
    if (size === null) throw badData('file-corrupt', file, `the size of ${name} is no number`);
    const start = offset + BLOCK_BYTES;
    if (start + size > archive.length) {
      throw badData('file-truncated', file, `the archive ends inside ${name}`);
    }
    // '0', and NUL in archives older than POSIX.
    const isFile = header[TYPE] === 0x30 || header[TYPE] === 0;
    if (isFile) yield { name, bytes: archive.subarray(start, start + size) };
    offset = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
}

function checkSum(header: Uint8Array, file: string, offset: number): void {
  let sum = 0;
  header.forEach((byte, at) => {
    // The sum is taken as if its own field were spaces.
    sum += at >= CHECKSUM[0] && at < CHECKSUM[1] ? 0x20 : byte;
  });
  if (sum === octal(header, CHECKSUM)) return;
  throw offset === 0
    ? badData('format-unknown', file, 'it does not begin with the header of a tar archive')
    : badData('file-corrupt', file, `the archive's header at byte ${offset} fails its checksum`);
}

function nameOf(header: Uint8Array): string {
  const name = text(header, NAME);
  const prefix = text(header, MAGIC) === 'ustar' ? text(header, PREFIX) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function octal(header: Uint8Array, field: readonly [number, number]): number | null {
  const digits = text(header, field).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : null;
}

function text(header: Uint8Array, [from, to]: readonly [number, number]): string {
  const [word = ''] = Buffer.from(header.subarray(from, to)).toString('latin1').split('\0');
  return word;
}
