import { crc32, inflateSync } from 'node:zlib';
import type { DecodedRaster } from '../decoded-raster';
import { checkPictureSize, type ReadLimits } from '../read-limits';
import { corrupt, truncated, unsupported } from '../scan-faults';
import { plausiblePitch } from './plausible-pitch';
import { adam7Passes, unfilterPass, wholePass, type PngPass } from './png-scanlines';

/** Section numbers are those of the PNG specification, third edition. */
const SIGNATURE_BYTES = 8;
/** Compressed data can't be shorter than this share of what it holds (deflate's limit is 1:1032). */
const DEFLATE_LIMIT = 1040;

const CHANNELS_BY_COLOUR_TYPE = new Map<number, 1 | 2 | 3 | 4>([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);
const DEPTHS_BY_COLOUR_TYPE = new Map<number, readonly number[]>([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
]);

interface Header {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly depth: number;
  readonly colourType: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly interlaced: boolean;
}

interface Chunks {
  readonly header: Header;
  readonly compressed: readonly Uint8Array[];
  readonly palette: Uint8Array | null;
  readonly transparency: Uint8Array | null;
  readonly pixelPitchMm: number | null;
}

/**
 * Decodes a PNG of any colour type and depth. Every chunk's CRC and the data's checksum are
 * checked: a scan with a flipped bit is never shown as if it were sound. Gamma and colour profiles
 * are ignored, since the values are the scanner's. Sizes are checked before anything is allocated.
 * @throws PhiscanError file-truncated, file-corrupt, format-unsupported, picture-too-small/-large
 */
export function parsePng(bytes: Uint8Array, limits: ReadLimits): DecodedRaster {
  const chunks = readChunks(bytes, limits);
  const { header } = chunks;
  const passes = header.interlaced
    ? adam7Passes(header.widthPx, header.heightPx)
    : [wholePass(header.widthPx, header.heightPx)];
  const bitsPerPixel = header.channels * header.depth;
  const expected = passes.reduce((sum, pass) => sum + passBytes(pass, bitsPerPixel), 0);
  const scanlines = inflate(chunks.compressed, expected);
  const samples = readSamples(scanlines, passes, header);
  const { widthPx, heightPx } = header;
  const size = { widthPx, heightPx, pixelPitchMm: chunks.pixelPitchMm };
  if (header.colourType === 3) {
    const rgb = applyPalette(samples, chunks.palette, chunks.transparency);
    return { ...size, channels: chunks.transparency === null ? 3 : 4, samples: rgb };
  }
  const scaled = header.depth < 8 ? scaleUp(samples, header.depth) : samples;
  const key = transparentKey(chunks.transparency, header);
  if (key === null) return { ...size, channels: header.channels, samples: scaled };
  return {
    ...size,
    channels: header.channels === 1 ? 2 : 4,
    samples: addAlpha(scaled, samples, key),
  };
}

function readChunks(bytes: Uint8Array, limits: ReadLimits): Chunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: Header | null = null;
  let palette: Uint8Array | null = null;
  let transparency: Uint8Array | null = null;
  let pixelPitchMm: number | null = null;
  const compressed: Uint8Array[] = [];
  let at = SIGNATURE_BYTES;
  for (;;) {
    if (at + 12 > bytes.length) throw truncated('PNG', 'before its closing mark');
    const length = view.getUint32(at);
    const end = at + 12 + length;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) throw corrupt('PNG', 'a block has no readable name');
    // The header comes first: its limits are known before a far-off CRC is looked for.
    if (header === null && type !== 'IHDR') throw corrupt('PNG', 'the header is not in its place');
    if (end > bytes.length) throw truncated('PNG', `inside its block ${type}`);
    const body = bytes.subarray(at + 8, end - 4);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
      throw corrupt('PNG', `the checksum of block ${type} is wrong`);
    }
    at = end;
    switch (type) {
      case 'IHDR':
        if (header !== null) throw corrupt('PNG', 'it has two headers');
        header = readHeader(body, bytes.length, limits);
        break;
      case 'PLTE':
        palette = body;
        break;
      case 'tRNS':
        transparency = body;
        break;
      case 'pHYs':
        pixelPitchMm = pitchFrom(body);
        break;
      case 'IDAT':
        compressed.push(body);
        break;
      case 'IEND':
        if (header === null) throw corrupt('PNG', 'it has no header');
        if (compressed.length === 0) throw truncated('PNG', 'before its first row');
        return { header, compressed, palette, transparency, pixelPitchMm };
      default:
        // A capital first letter marks a block without which the picture can't be understood (5.4).
        if (/^[A-Z]/.test(type)) {
          throw unsupported('PNG', `an unknown block ${type}`, 'Export it as a plain PNG.');
        }
    }
  }
}

function readHeader(body: Uint8Array, fileBytes: number, limits: ReadLimits): Header {
  if (body.length !== 13) throw corrupt('PNG', 'its header has the wrong length');
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const widthPx = view.getUint32(0);
  const heightPx = view.getUint32(4);
  const depth = view.getUint8(8);
  const colourType = view.getUint8(9);
  const channels = CHANNELS_BY_COLOUR_TYPE.get(colourType);
  if (channels === undefined || DEPTHS_BY_COLOUR_TYPE.get(colourType)?.includes(depth) !== true) {
    throw corrupt(
      'PNG',
      `its header names no kind of picture (${String(colourType)}, ${String(depth)} bit)`,
    );
  }
  if (view.getUint8(10) !== 0 || view.getUint8(11) !== 0 || view.getUint8(12) > 1) {
    throw corrupt('PNG', 'its header names unknown methods');
  }
  checkPictureSize(widthPx, heightPx, limits);
  const rowBytes = (widthPx * channels * depth) / 8;
  if (fileBytes * DEFLATE_LIMIT < rowBytes * heightPx) {
    throw truncated('PNG', `long before its ${String(widthPx)} × ${String(heightPx)} pixels`);
  }
  return { widthPx, heightPx, depth, colourType, channels, interlaced: view.getUint8(12) === 1 };
}

/** 11.3.4.3: pixels a metre, where the unit is the metre and pixels are square. */
function pitchFrom(body: Uint8Array): number | null {
  if (body.length !== 9) throw corrupt('PNG', 'its pixel size has the wrong length');
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const perMetre = view.getUint32(0);
  const isSquareMetres = view.getUint8(8) === 1 && view.getUint32(4) === perMetre;
  return isSquareMetres ? plausiblePitch(1000 / perMetre) : null;
}

function passBytes(pass: PngPass, bitsPerPixel: number): number {
  return pass.heightPx * (1 + Math.ceil((pass.widthPx * bitsPerPixel) / 8));
}

function inflate(compressed: readonly Uint8Array[], expected: number): Uint8Array {
  let scanlines: Uint8Array;
  try {
    // One byte over, so that a longer stream is seen as such and not allocated.
    scanlines = inflateSync(Buffer.concat(compressed), { maxOutputLength: expected + 1 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLong();
    if (code === 'Z_BUF_ERROR') throw truncated('PNG', 'in the middle of its rows', error);
    throw corrupt('PNG', 'its rows cannot be unpacked', error);
  }
  if (scanlines.length > expected) throw tooLong();
  if (scanlines.length < expected) {
    const share = Math.floor((100 * scanlines.length) / expected);
    throw truncated('PNG', `after ${String(share)} % of its rows`);
  }
  return scanlines;
}

function tooLong(): Error {
  return corrupt('PNG', 'it holds more rows than its header says');
}

function readSamples(
  scanlines: Uint8Array,
  passes: readonly PngPass[],
  header: Header,
): Uint8Array | Uint16Array {
  const count = header.widthPx * header.heightPx * header.channels;
  const samples = header.depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
  let start = 0;
  for (const pass of passes) {
    const length = passBytes(pass, header.channels * header.depth);
    unfilterPass(scanlines.subarray(start, start + length), pass, header, samples);
    start += length;
  }
  return samples;
}

function applyPalette(
  indices: Uint8Array | Uint16Array,
  palette: Uint8Array | null,
  transparency: Uint8Array | null,
): Uint8Array {
  if (palette === null) throw corrupt('PNG', 'its colour table is missing');
  const channels = transparency === null ? 3 : 4;
  const colours = new Uint8Array(indices.length * channels);
  for (let pixel = 0, at = 0; pixel < indices.length; pixel++, at += channels) {
    const index = indices[pixel] ?? 0;
    if (3 * index + 2 >= palette.length) {
      throw corrupt('PNG', 'a pixel names a colour outside its table');
    }
    colours[at] = palette[3 * index] ?? 0;
    colours[at + 1] = palette[3 * index + 1] ?? 0;
    colours[at + 2] = palette[3 * index + 2] ?? 0;
    if (transparency !== null) colours[at + 3] = transparency[index] ?? 255;
  }
  return colours;
}

/** Grey of 1, 2 or 4 bits to 0–255 (13.12). */
function scaleUp(samples: Uint8Array | Uint16Array, depth: number): Uint8Array {
  const factor = 255 / ((1 << depth) - 1);
  return Uint8Array.from(samples, (value) => value * factor);
}

/** The one colour that stands for "transparent" (11.3.1.1), in the file's own depth. */
function transparentKey(transparency: Uint8Array | null, header: Header): number[] | null {
  if (transparency === null || header.channels === 2 || header.channels === 4) return null;
  if (transparency.length !== 2 * header.channels) {
    throw corrupt('PNG', 'its transparent colour has the wrong length');
  }
  return Array.from(
    { length: header.channels },
    (_, channel) => ((transparency[2 * channel] ?? 0) << 8) | (transparency[2 * channel + 1] ?? 0),
  );
}

function addAlpha(
  scaled: Uint8Array | Uint16Array,
  raw: Uint8Array | Uint16Array,
  key: readonly number[],
): Uint8Array | Uint16Array {
  const channels = key.length;
  const count = (scaled.length / channels) * (channels + 1);
  const out = scaled instanceof Uint16Array ? new Uint16Array(count) : new Uint8Array(count);
  const opaque = scaled instanceof Uint16Array ? 65_535 : 255;
  for (let from = 0, to = 0; from < scaled.length; from += channels, to += channels + 1) {
    for (let channel = 0; channel < channels; channel++) {
      out[to + channel] = scaled[from + channel] ?? 0;
    }
    out[to + channels] = key.every((value, channel) => raw[from + channel] === value) ? 0 : opaque;
  }
  return out;
}
