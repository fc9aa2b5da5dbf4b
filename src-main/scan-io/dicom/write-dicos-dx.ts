import { createHash } from 'node:crypto';
import type { View } from '../../../src-shared/domain/scan';
import {
  DICOS_DX_FOR_PROCESSING,
  DICOS_VERSION,
  HIGH_ENERGY_DETECTORS,
  LOW_ENERGY_DETECTORS,
} from '../dicos/dicos-identifiers';
import { encodeDicomFile, type DicomDataSet } from './encode-data-set';

/** What a DX object is made of: any number of views of one kind and size. */
export type DicosDxView = Pick<View, 'widthPx' | 'heightPx' | 'pixelPitchMm' | 'pixels'>;

/**
 * Encodes views as one DICOS DX object (NEMA IIC 1), 16-bit MONOCHROME2, explicit little endian.
 * Dual-energy views are written as two frames each, low then high, with both detector flags set;
 * single-energy views as one frame each. Equal views give equal bytes: UIDs come from the pixels.
 * @throws RangeError when the views are none, of different sizes or kinds, or RGB
 */
export function writeDicosDx(views: readonly DicosDxView[]): Uint8Array {
  const [first] = views;
  if (first === undefined) throw new RangeError('a DICOS DX object needs at least one view');
  const isDual = first.pixels.kind === 'dual-energy';
  const frames = views.flatMap((view) => {
    const isSameSize = view.widthPx === first.widthPx && view.heightPx === first.heightPx;
    if (!isSameSize || view.pixels.kind !== first.pixels.kind) {
      throw new RangeError('all views of a DICOS DX object have one size and one kind');
    }
    return framesOf(view);
  });
  const pixelData = Buffer.concat(frames.map(toLittleEndian));
  const instance = createHash('sha256').update(pixelData).digest();
  return encodeDicomFile({
    ...identification(instance),
    ...(first.pixelPitchMm === null ? {} : spacing(first.pixelPitchMm)),
    '00280002': { vr: 'US', numbers: [1] },
    '00280004': { vr: 'CS', text: 'MONOCHROME2' },
    '00280008': { vr: 'IS', text: String(frames.length) },
    '00280010': { vr: 'US', numbers: [first.heightPx] },
    '00280011': { vr: 'US', numbers: [first.widthPx] },
    '00280100': { vr: 'US', numbers: [16] },
    '00280101': { vr: 'US', numbers: [16] },
    '00280102': { vr: 'US', numbers: [15] },
    '00280103': { vr: 'US', numbers: [0] },
    [LOW_ENERGY_DETECTORS]: { vr: 'CS', text: isDual ? 'YES' : 'NO' },
    [HIGH_ENERGY_DETECTORS]: { vr: 'CS', text: 'YES' },
    [DICOS_VERSION]: { vr: 'CS', text: 'V03' },
    '7fe00010': { vr: 'OW', bytes: pixelData },
  });
}

function framesOf({ pixels, widthPx, heightPx }: DicosDxView): Uint16Array[] {
  if (pixels.kind === 'rgb') throw new RangeError('a DICOS DX object holds counts, not colours');
  const frames = pixels.kind === 'dual-energy' ? [pixels.low, pixels.high] : [pixels.grey];
  if (frames.some((frame) => frame.length !== widthPx * heightPx)) {
    throw new RangeError(`a frame needs ${String(widthPx * heightPx)} counts`);
  }
  return frames;
}

function toLittleEndian(frame: Uint16Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(frame.length * 2);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  frame.forEach((count, index) => {
    view.setUint16(2 * index, count, true);
  });
  return bytes;
}

function identification(hash: Uint8Array): DicomDataSet {
  return {
    '00080008': { vr: 'CS', text: 'ORIGINAL\\PRIMARY' },
    '00080016': { vr: 'UI', text: DICOS_DX_FOR_PROCESSING },
    '00080018': { vr: 'UI', text: uidFrom(hash, 0) },
    '00080060': { vr: 'CS', text: 'DX' },
    '00080068': { vr: 'CS', text: 'FOR PROCESSING' },
    '00080070': { vr: 'LO', text: 'Phiscan' },
    '0020000d': { vr: 'UI', text: uidFrom(hash, 1) },
    '0020000e': { vr: 'UI', text: uidFrom(hash, 2) },
    '00200013': { vr: 'IS', text: '1' },
  };
}

function spacing(pitchMm: number): DicomDataSet {
  // At most 16 characters (PS3.5, DS).
  const text = String(Number(pitchMm.toPrecision(7)));
  return { '00280030': { vr: 'DS', text: `${text}\\${text}` } };
}

/** A UID under 2.25, made of 120 bits of a hash and the number of the part it names. */
function uidFrom(hash: Uint8Array, part: number): string {
  const hex = Buffer.from(hash.subarray(0, 15)).toString('hex');
  return `2.25.${(BigInt(`0x${hex}`) * 16n + BigInt(part)).toString()}`;
}
