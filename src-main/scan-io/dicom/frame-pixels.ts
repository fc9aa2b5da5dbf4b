import type { RgbPixels, SingleEnergyPixels } from '../../../src-shared/domain/scan';
import { unsupported } from '../scan-faults';
import type { ImageAttributes } from './image-attributes';
import type { StoredFrame } from './read-frames';

/** Below zero no count can be; a few such values are noise around it, more mean something else. */
const MAX_NEGATIVE_SHARE = 0.005;

/** @throws PhiscanError format-unsupported when the values can't be counts */
export function toFramePixels(
  frame: StoredFrame,
  image: ImageAttributes,
): SingleEnergyPixels | RgbPixels {
  if (image.samplesPerPixel === 1) {
    return { kind: 'single-energy', grey: toCounts(frame.samples, image) };
  }
  const rgb = Uint8Array.from(frame.samples);
  if (!frame.isRgb) convertFromYbr(rgb);
  return { kind: 'rgb', rgb };
}

/**
 * Stored values to counts of 0–65,535, brighter where less is attenuated: sign and rescale are
 * applied (PS3.3, C.11.1), what is under zero is taken as zero, and the greatest value that the
 * stored bits can express becomes 65,535. Sixteen unsigned bits with slope 1 stay as they are.
 */
function toCounts(samples: Uint8Array | Uint16Array, image: ImageAttributes): Uint16Array {
  const { bitsStored, highBit, isSigned, slope, intercept } = image;
  const shift = highBit + 1 - bitsStored;
  const mask = 2 ** bitsStored - 1;
  const signBit = 2 ** (bitsStored - 1);
  const lowest = isSigned ? -signBit : 0;
  const highest = isSigned ? signBit - 1 : mask;
  const greatest = Math.max(lowest * slope + intercept, highest * slope + intercept);
  if (!(greatest > 0)) throw negativeValues();
  const scale = 65_535 / greatest;
  const isLightDark = (image.photometric === 'MONOCHROME1') !== image.isInverse;
  const counts = new Uint16Array(samples.length);
  let negatives = 0;
  for (let pixel = 0; pixel < counts.length; pixel++) {
    const bits = ((samples[pixel] ?? 0) >> shift) & mask;
    const value = isSigned && bits >= signBit ? bits - 2 * signBit : bits;
    const rescaled = value * slope + intercept;
    if (rescaled < 0) negatives++;
    const count = rescaled > 0 ? Math.round(rescaled * scale) : 0;
    counts[pixel] = isLightDark ? 65_535 - count : count;
  }
  if (negatives > MAX_NEGATIVE_SHARE * counts.length) throw negativeValues();
  return counts;
}

function negativeValues(): Error {
  return unsupported(
    'DICOM',
    'values under zero, which no detector counts',
    'Export the projections of the scan, not computed slices.',
  );
}

/** YBR_FULL to RGB in place (PS3.3, C.7.6.3.1.2). */
function convertFromYbr(pixels: Uint8Array): void {
  for (let at = 0; at + 2 < pixels.length; at += 3) {
    const luma = pixels[at] ?? 0;
    const blue = (pixels[at + 1] ?? 0) - 128;
    const red = (pixels[at + 2] ?? 0) - 128;
    pixels[at] = clampByte(luma + 1.402 * red);
    pixels[at + 1] = clampByte(luma - 0.344136 * blue - 0.714136 * red);
    pixels[at + 2] = clampByte(luma + 1.772 * blue);
  }
}

function clampByte(value: number): number {
  return Math.min(Math.max(Math.round(value), 0), 255);
}
