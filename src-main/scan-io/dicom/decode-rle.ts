import { corrupt, truncated } from '../scan-faults';

const HEADER_BYTES = 64;
const MAX_SEGMENTS = 15;

/**
 * Decodes one RLE frame (DICOM PS3.5, annex G): a segment for each byte of each sample, the most
 * significant first. The answer holds whole planes of samples one after another (red, green, blue),
 * little endian where they have two bytes.
 * @param pixels of the frame
 * @throws PhiscanError file-corrupt or file-truncated
 */
export function decodeRleFrame(
  frame: Uint8Array,
  pixels: number,
  samplesPerPixel: number,
  bytesPerSample: number,
): Uint8Array {
  if (frame.length < HEADER_BYTES) throw truncated('DICOM', 'inside a compressed frame');
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const segments = view.getUint32(0, true);
  if (segments !== samplesPerPixel * bytesPerSample || segments > MAX_SEGMENTS) {
    throw corrupt('DICOM', `a compressed frame has ${String(segments)} parts`);
  }
  const decoded = new Uint8Array(pixels * segments);
  for (let segment = 0; segment < segments; segment++) {
    const start = view.getUint32(4 + 4 * segment, true);
    const end = segment + 1 < segments ? view.getUint32(8 + 4 * segment, true) : frame.length;
    if (start < HEADER_BYTES || end < start) {
      throw corrupt('DICOM', 'the parts of a compressed frame overlap');
    }
    if (end > frame.length) throw truncated('DICOM', 'inside a compressed frame');
    const sample = Math.floor(segment / bytesPerSample);
    const significance = bytesPerSample - 1 - (segment % bytesPerSample);
    const first = sample * pixels * bytesPerSample + significance;
    unpackBits(frame.subarray(start, end), pixels, decoded, first, bytesPerSample);
  }
  return decoded;
}

/** PackBits (G.3.1) into every `step`-th byte of `into` from `first`. */
function unpackBits(
  packed: Uint8Array,
  count: number,
  into: Uint8Array,
  first: number,
  step: number,
): void {
  let at = 0;
  let done = 0;
  while (done < count) {
    if (at + 1 >= packed.length) throw truncated('DICOM', 'inside a compressed frame');
    const control = packed[at++] ?? 0;
    if (control === 128) continue;
    const isRun = control > 128;
    const length = isRun ? 257 - control : control + 1;
    if (done + length > count) throw corrupt('DICOM', 'a compressed frame holds too many pixels');
    if (!isRun && at + length > packed.length) {
      throw truncated('DICOM', 'inside a compressed frame');
    }
    for (let index = 0; index < length; index++) {
      into[first + (done + index) * step] = packed[isRun ? at : at + index] ?? 0;
    }
    at += isRun ? 1 : length;
    done += length;
  }
}
