import { corrupt, truncated, unsupported } from '../scan-faults';

/** What the markers of a JPEG say about its picture (ITU-T T.81, annex B). */
export interface JpegHeader {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly components: 1 | 3;
  /** Its three components are red, green and blue, not luma and chroma. */
  readonly colourIsRgb: boolean;
}

const START_OF_IMAGE_BYTES = 2;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const ADOBE = 0xee;
/** Baseline, extended sequential and progressive, Huffman-coded. */
const READABLE_FRAMES = [0xc0, 0xc1, 0xc2];
/** Lossless, hierarchical and arithmetic-coded frames. */
const OTHER_FRAMES = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];
/** Huffman and quantisation tables, restart interval, number of lines, comment. */
const TABLES = [0xc4, 0xdb, 0xdd, 0xdc, 0xfe];
/** A progressive picture of three components has about ten; more only cost time. */
const MAX_SCANS = 64;

interface Frame {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly components: 1 | 3;
  readonly componentIds: readonly number[];
}

/**
 * Walks every marker of a JPEG to its end-of-image mark.
 * @throws PhiscanError file-truncated when the end is missing, file-corrupt, format-unsupported
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  let frame: Frame | null = null;
  let adobeTransform: number | null = null;
  let hasJfif = false;
  let scans = 0;
  let at = START_OF_IMAGE_BYTES;
  for (;;) {
    if (at + 2 > bytes.length) throw truncated('JPEG', 'without its closing mark');
    if (bytes[at] !== 0xff) throw corrupt('JPEG', 'a block does not begin with its mark');
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === END_OF_IMAGE) break;
    const body = readSegment(bytes, at);
    at += 4 + body.length;
    if (READABLE_FRAMES.includes(marker)) {
      if (frame !== null) throw corrupt('JPEG', 'it describes two pictures');
      frame = readFrame(body);
    } else if (OTHER_FRAMES.includes(marker)) {
      throw unsupported(
        'JPEG',
        'lossless or arithmetic-coded rows',
        'Export it as baseline JPEG or PNG.',
      );
    } else if (marker === START_OF_SCAN) {
      if (frame === null) throw corrupt('JPEG', 'its rows come before its size');
      if (++scans > MAX_SCANS) throw corrupt('JPEG', 'it repeats its rows too often');
      checkScan(body, frame);
      at = endOfRows(bytes, at);
    } else if (marker === ADOBE && startsWith(body, 'Adobe')) {
      adobeTransform = body[11] ?? null;
    } else if (marker === 0xe0 && startsWith(body, 'JFIF')) {
      hasJfif = true;
    } else if (!TABLES.includes(marker) && (marker < 0xe0 || marker > 0xef)) {
      throw corrupt('JPEG', `it holds the unknown mark ${marker.toString(16)}`);
    }
  }
  if (frame === null || scans === 0) throw truncated('JPEG', 'before its first row');
  const { widthPx, heightPx, components, componentIds } = frame;
  const namesRgb = !hasJfif && String.fromCharCode(...componentIds) === 'RGB';
  const colourIsRgb =
    components === 3 && (adobeTransform === null ? namesRgb : adobeTransform === 0);
  return { widthPx, heightPx, components, colourIsRgb };
}

function readSegment(bytes: Uint8Array, at: number): Uint8Array {
  if (at + 4 > bytes.length) throw truncated('JPEG', 'inside its header');
  const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  if (length < 2) throw corrupt('JPEG', 'a block has an impossible length');
  if (at + 2 + length > bytes.length) throw truncated('JPEG', 'inside its header');
  return bytes.subarray(at + 4, at + 2 + length);
}

function readFrame(body: Uint8Array): Frame {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  if (body.length < 6 || body.length !== 6 + 3 * view.getUint8(5)) {
    throw corrupt('JPEG', 'its header has the wrong length');
  }
  const precision = view.getUint8(0);
  if (precision !== 8) {
    const wanted = 'Export it with 8 bits, or as PNG or DICOM.';
    throw unsupported('JPEG', `samples of ${String(precision)} bits`, wanted);
  }
  const components = view.getUint8(5);
  if (components !== 1 && components !== 3) {
    const wanted = 'Export it as grey or RGB.';
    throw unsupported('JPEG', `${String(components)} colour components`, wanted);
  }
  const componentIds: number[] = [];
  for (let index = 0; index < components; index++) {
    componentIds.push(view.getUint8(6 + 3 * index));
    const sampling = view.getUint8(7 + 3 * index);
    const [across, down] = [sampling >> 4, sampling & 15];
    if (across < 1 || across > 4 || down < 1 || down > 4) {
      throw corrupt('JPEG', 'its header names impossible sampling');
    }
  }
  return {
    widthPx: view.getUint16(3),
    heightPx: view.getUint16(1),
    components,
    componentIds,
  };
}

function checkScan(body: Uint8Array, frame: Frame): void {
  const count = body[0] ?? 0;
  if (count < 1 || count > frame.components || body.length !== 4 + 2 * count) {
    throw corrupt('JPEG', 'its rows begin with an impossible header');
  }
  for (let index = 0; index < count; index++) {
    if (!frame.componentIds.includes(body[1 + 2 * index] ?? -1)) {
      throw corrupt('JPEG', 'its rows name an unknown component');
    }
  }
}

/** First marker after entropy-coded rows that is neither stuffing nor a restart. */
function endOfRows(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) throw truncated('JPEG', 'in the middle of its rows');
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at;
    at += 2;
  }
}

function startsWith(body: Uint8Array, word: string): boolean {
  return Array.from(word).every((letter, index) => body[index] === letter.charCodeAt(0));
}
