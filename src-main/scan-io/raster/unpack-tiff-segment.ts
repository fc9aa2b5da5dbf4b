import { inflateSync } from 'node:zlib';
import { corrupt, truncated, unsupported } from '../scan-faults';

/** How far each readable compression can shrink at most: a byte holds up to this many. */
const MAX_RATIO = new Map<number, number>([
  [1, 1],
  [5, 1500],
  [8, 1040],
  [32_946, 1040],
  [32_773, 64],
]);
const OTHER_COMPRESSIONS = new Map<number, string>([
  [2, 'fax rows'],
  [3, 'fax rows'],
  [4, 'fax rows'],
  [6, 'old JPEG rows'],
  [7, 'JPEG rows'],
  [50_000, 'Zstandard rows'],
]);

/**
 * The greatest ratio of a compression, to check sizes before allocating.
 * @throws PhiscanError format-unsupported
 */
export function maxRatioOf(compression: number): number {
  const ratio = MAX_RATIO.get(compression);
  if (ratio !== undefined) return ratio;
  const name = OTHER_COMPRESSIONS.get(compression) ?? `compression ${String(compression)}`;
  const wanted = 'Export it uncompressed, or with LZW or Deflate.';
  throw unsupported('TIFF', name, wanted);
}

/**
 * Unpacks a strip or tile to exactly `expected` bytes; what a writer padded behind them is dropped.
 * @throws PhiscanError file-corrupt, file-truncated, format-unsupported
 */
export function unpackTiffSegment(
  packed: Uint8Array,
  compression: number,
  expected: number,
): Uint8Array {
  switch (compression) {
    case 1:
      if (packed.length < expected) throw truncated('TIFF', 'in the middle of its rows');
      // Copied, since the predictor is undone in place.
      return packed.slice(0, expected);
    case 5:
      return unpackLzw(packed, expected);
    case 8:
    case 32_946:
      return unpackDeflate(packed, expected);
    case 32_773:
      return unpackBits(packed, expected);
    default:
      maxRatioOf(compression);
      throw corrupt('TIFF', 'its rows cannot be unpacked');
  }
}

function unpackDeflate(packed: Uint8Array, expected: number): Uint8Array {
  let out: Uint8Array;
  try {
    out = inflateSync(packed, { maxOutputLength: expected + 65_536 });
  } catch (error) {
    throw corrupt('TIFF', 'its rows cannot be unpacked', error);
  }
  return exactly(out, out.length, expected);
}

/** TIFF 6.0, section 9. */
function unpackBits(packed: Uint8Array, expected: number): Uint8Array {
  const out = new Uint8Array(expected);
  let at = 0;
  let done = 0;
  while (done < expected && at + 1 < packed.length) {
    const control = packed[at++] ?? 0;
    if (control === 128) continue;
    const isRun = control > 128;
    const length = Math.min(isRun ? 257 - control : control + 1, expected - done);
    if (isRun) out.fill(packed[at++] ?? 0, done, done + length);
    else {
      out.set(packed.subarray(at, at + length), done);
      if (at + length > packed.length) done -= at + length - packed.length;
      at += length;
    }
    done += length;
  }
  return exactly(out, done, expected);
}

const CLEAR = 256;
const END = 257;
const MAX_CODES = 4096;

/** TIFF 6.0, section 13: codes of 9–12 bits, high bit first, one code early in growing. */
function unpackLzw(packed: Uint8Array, expected: number): Uint8Array {
  const out = new Uint8Array(expected);
  // A code's string is the one that ended at `ends` in the output, `lengths` bytes long.
  const ends = new Uint32Array(MAX_CODES);
  const lengths = new Uint16Array(MAX_CODES + 1);
  let [codes, width, bits, bitCount, done, previous] = [258, 9, 0, 0, 0, -1];
  for (let at = 0; done < expected;) {
    while (bitCount < width) {
      if (at >= packed.length) return exactly(out, done, expected);
      bits = ((bits << 8) | (packed[at++] ?? 0)) & 0xff_ffff;
      bitCount += 8;
    }
    bitCount -= width;
    const code = (bits >> bitCount) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      [codes, width, previous] = [258, 9, -1];
      continue;
    }
    const start = done;
    if (code < CLEAR) {
      out[done++] = code;
    } else {
      const isNew = code === codes && previous >= 0;
      if (code >= codes && !isNew) throw corrupt('TIFF', 'its rows cannot be unpacked');
      const source = isNew ? previous : code;
      const [end, length] = source < CLEAR ? [start, 1] : [ends[source] ?? 0, lengths[source] ?? 0];
      for (let index = 0; index < length && done < expected; index++) {
        out[done++] = out[end - length + index] ?? 0;
      }
      if (isNew && done < expected) out[done++] = out[start] ?? 0;
    }
    if (previous >= 0 && codes < MAX_CODES) {
      // The previous string and the first byte of this one stand together in the output.
      ends[codes] = start + 1;
      lengths[codes] = (previous < CLEAR ? 1 : (lengths[previous] ?? 0)) + 1;
      codes++;
    }
    previous = code;
    if (codes + 1 >= 1 << width && width < 12) width++;
  }
  return exactly(out, done, expected);
}

function exactly(out: Uint8Array, filled: number, expected: number): Uint8Array {
  if (filled < expected) throw corrupt('TIFF', 'a part of its rows is too short');
  return out.length === expected ? out : out.slice(0, expected);
}
