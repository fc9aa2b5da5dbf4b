import type { Element } from 'dicom-parser';
import { parseJpeg } from '../raster/parse-jpeg';
import type { ReadLimits } from '../read-limits';
import { corrupt, truncated, unsupported } from '../scan-faults';
import { decodeRleFrame } from './decode-rle';
import { DEFLATED_LITTLE_ENDIAN, type DicomElements } from './dicom-elements';
import type { ImageAttributes } from './image-attributes';

const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
const RLE = '1.2.840.10008.1.2.5';
const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
const JPEG_EXTENDED = '1.2.840.10008.1.2.4.51';

const OTHER_COMPRESSIONS: readonly (readonly [RegExp, string])[] = [
  [/^1\.2\.840\.10008\.1\.2\.4\.(57|70)$/, 'lossless JPEG'],
  [/^1\.2\.840\.10008\.1\.2\.4\.8[01]$/, 'JPEG-LS'],
  [/^1\.2\.840\.10008\.1\.2\.4\.9\d$/, 'JPEG 2000'],
];

/** Samples of one frame, pixel by pixel, as stored: no rescale, no sign. */
export interface StoredFrame {
  readonly samples: Uint8Array | Uint16Array;
  /** The three samples of a pixel are red, green and blue, whatever the file says it stored. */
  readonly isRgb: boolean;
}

/**
 * Yields the frames of an image one after another, so that only one compressed frame is ever held
 * beside what was decoded.
 * @throws PhiscanError file-truncated, file-corrupt, format-unsupported
 */
export function* readFrames(
  elements: DicomElements,
  image: ImageAttributes,
  limits: ReadLimits,
): Generator<StoredFrame> {
  const syntax = elements.text('00020010') ?? IMPLICIT_LITTLE_ENDIAN;
  const element = elements.find('7fe00010');
  if (element === undefined) throw truncated('DICOM', 'before its rows');
  switch (syntax) {
    case IMPLICIT_LITTLE_ENDIAN:
    case EXPLICIT_LITTLE_ENDIAN:
    case DEFLATED_LITTLE_ENDIAN:
      yield* nativeFrames(elements.bytes, element, image, false);
      return;
    case EXPLICIT_BIG_ENDIAN:
      yield* nativeFrames(elements.bytes, element, image, true);
      return;
    case RLE:
      for (const frame of encapsulatedFrames(elements.bytes, element, image.frames)) {
        yield rleFrame(frame, image);
      }
      return;
    case JPEG_BASELINE:
    case JPEG_EXTENDED:
      for (const frame of encapsulatedFrames(elements.bytes, element, image.frames)) {
        yield jpegFrame(frame, image, limits);
      }
      return;
    default: {
      const name = OTHER_COMPRESSIONS.find(([pattern]) => pattern.test(syntax))?.[1];
      throw unsupported(
        'DICOM',
        `rows compressed as ${name ?? `"${syntax.slice(0, 64)}"`}`,
        'Export the scan uncompressed, as RLE or as baseline JPEG.',
      );
    }
  }
}

function* nativeFrames(
  bytes: Uint8Array,
  element: Element,
  image: ImageAttributes,
  isBigEndian: boolean,
): Generator<StoredFrame> {
  if (image.photometric === 'YBR_FULL_422') {
    throw unsupported('DICOM', 'halved colours without compression', 'Export the scan as RGB.');
  }
  const samples = image.widthPx * image.heightPx * image.samplesPerPixel;
  const frameBytes = (samples * image.bitsAllocated) / 8;
  const available = Math.min(element.length, bytes.length - element.dataOffset);
  if (element.encapsulatedPixelData === true) {
    throw corrupt('DICOM', 'its rows are packed although it says that they are not');
  }
  if (available < frameBytes * image.frames) {
    const share = Math.floor((100 * available) / (frameBytes * image.frames));
    throw truncated('DICOM', `after ${String(share)} % of its rows`);
  }
  const isBytes = image.bitsAllocated === 8;
  const stored = bytes.subarray(element.dataOffset, element.dataOffset + available);
  // Eight-bit samples written as words lie the other way round in big-endian files (PS3.5, 8.1.1).
  const ordered = isBigEndian && isBytes && element.vr === 'OW' ? swapPairs(stored) : stored;
  for (let frame = 0; frame < image.frames; frame++) {
    const own = ordered.subarray(frame * frameBytes, (frame + 1) * frameBytes);
    const read = isBytes ? own.slice() : readWords(own, isBigEndian);
    yield {
      samples: image.isPlanar && image.samplesPerPixel === 3 ? interleave(read) : read,
      isRgb: image.photometric === 'RGB',
    };
  }
}

function readWords(bytes: Uint8Array, isBigEndian: boolean): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = new Uint16Array(bytes.length / 2);
  for (let index = 0; index < words.length; index++) {
    words[index] = view.getUint16(2 * index, !isBigEndian);
  }
  return words;
}

function swapPairs(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes, (_, index) => bytes[index ^ 1] ?? 0);
}

/**
 * The compressed frames: by their offset table, or where it is empty one fragment a frame, or all
 * fragments for the only frame (PS3.5, A.4).
 */
function encapsulatedFrames(bytes: Uint8Array, element: Element, frames: number): Uint8Array[] {
  const { fragments, basicOffsetTable } = element;
  if (fragments === undefined || fragments.length === 0) {
    throw truncated('DICOM', 'before its rows');
  }
  const bodies = fragments.map(({ position, length }) =>
    bytes.subarray(position, position + length),
  );
  if (frames === 1) return [Buffer.concat(bodies)];
  if (bodies.length === frames) return bodies;
  if (basicOffsetTable?.length !== frames) {
    if (bodies.length < frames) {
      throw truncated('DICOM', `after ${String(bodies.length)} of ${String(frames)} frames`);
    }
    throw corrupt('DICOM', 'its frames cannot be told apart');
  }
  return basicOffsetTable.map((start, index) => {
    const end = basicOffsetTable[index + 1] ?? Infinity;
    const own = bodies.filter((_, fragment) => {
      const offset = fragments[fragment]?.offset ?? -1;
      return offset >= start && offset < end;
    });
    return Buffer.concat(own);
  });
}

function rleFrame(frame: Uint8Array, image: ImageAttributes): StoredFrame {
  const pixels = image.widthPx * image.heightPx;
  const bytesPerSample = image.bitsAllocated / 8;
  const planes = decodeRleFrame(frame, pixels, image.samplesPerPixel, bytesPerSample);
  const isRgb = image.photometric === 'RGB';
  if (image.samplesPerPixel === 3) return { samples: interleave(planes), isRgb };
  return { samples: bytesPerSample === 2 ? readWords(planes, false) : planes, isRgb };
}

function jpegFrame(frame: Uint8Array, image: ImageAttributes, limits: ReadLimits): StoredFrame {
  const options = image.photometric === 'RGB' ? { colourIsRgb: true } : {};
  const raster = parseJpeg(frame, limits, options);
  const isSameSize = raster.widthPx === image.widthPx && raster.heightPx === image.heightPx;
  if (!isSameSize || raster.channels !== image.samplesPerPixel) {
    throw corrupt('DICOM', 'its compressed picture is not what its header says');
  }
  return { samples: raster.samples, isRgb: true };
}

/** Planes of red, green and blue to red, green, blue pixel by pixel. */
function interleave(planes: Uint8Array | Uint16Array): Uint8Array {
  const pixels = planes.length / 3;
  const out = new Uint8Array(planes.length);
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += 3) {
    out[at] = planes[pixel] ?? 0;
    out[at + 1] = planes[pixels + pixel] ?? 0;
    out[at + 2] = planes[2 * pixels + pixel] ?? 0;
  }
  return out;
}
