import { corrupt, truncated, unsupported } from '../scan-faults';
import { checkPictureSize, checkViews, type ReadLimits } from '../read-limits';
import type { DicomElements } from './dicom-elements';

export type Photometric = 'MONOCHROME1' | 'MONOCHROME2' | 'RGB' | 'YBR_FULL' | 'YBR_FULL_422';

const PHOTOMETRICS: readonly Photometric[] = [
  'MONOCHROME1',
  'MONOCHROME2',
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
];

/** What the Image Pixel module says (DICOM PS3.3, C.7.6.3), checked against what is read here. */
export interface ImageAttributes {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly frames: number;
  readonly photometric: Photometric;
  readonly samplesPerPixel: 1 | 3;
  /** Colours stand in planes, all red before all green, instead of pixel by pixel. */
  readonly isPlanar: boolean;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly isSigned: boolean;
  readonly slope: number;
  readonly intercept: number;
  /** The presentation wants light and dark swapped (PS3.3, C.11.6). */
  readonly isInverse: boolean;
  readonly pixelPitchMm: number | null;
}

const WANTED_BITS = 'Export the scan with 8 or 16 bits a sample.';

/**
 * Reads and checks the image attributes, before any pixel is touched.
 * @throws PhiscanError file-corrupt, file-truncated, format-unsupported, picture-too-small/-large
 */
export function readImageAttributes(elements: DicomElements, limits: ReadLimits): ImageAttributes {
  const heightPx = needed(elements.uint16('00280010'), 'its number of rows');
  const widthPx = needed(elements.uint16('00280011'), 'its number of columns');
  checkPictureSize(widthPx, heightPx, limits);
  const frames = elements.number('00280008') ?? 1;
  if (!Number.isInteger(frames) || frames < 1) {
    throw corrupt('DICOM', `it says that it holds ${String(frames)} frames`);
  }
  // Without knowing yet whether two frames make a view, the frames are bounded as if they did.
  checkViews(Math.ceil(frames / 2), widthPx, heightPx, limits);
  const photometric = readPhotometric(elements);
  const samplesPerPixel = elements.uint16('00280002') ?? 1;
  const expectedSamples = photometric.startsWith('MONOCHROME') ? 1 : 3;
  if (samplesPerPixel !== expectedSamples) {
    throw corrupt('DICOM', `${photometric} with ${String(samplesPerPixel)} samples a pixel`);
  }
  return {
    widthPx,
    heightPx,
    frames,
    photometric,
    samplesPerPixel: expectedSamples,
    isPlanar: elements.uint16('00280006') === 1,
    ...readBits(elements, expectedSamples),
    slope: elements.number('00281053') ?? 1,
    intercept: elements.number('00281052') ?? 0,
    isInverse: elements.text('20500020') === 'INVERSE',
    pixelPitchMm: readPitch(elements),
  };
}

function readPhotometric(elements: DicomElements): Photometric {
  const name = elements.text('00280004') ?? '';
  const known = PHOTOMETRICS.find((photometric) => photometric === name);
  if (known !== undefined) return known;
  throw unsupported(
    'DICOM',
    `colours as "${name.slice(0, 20)}"`,
    'Export the scan as MONOCHROME1, MONOCHROME2 or RGB.',
  );
}

function readBits(
  elements: DicomElements,
  samplesPerPixel: 1 | 3,
): Pick<ImageAttributes, 'bitsAllocated' | 'bitsStored' | 'highBit' | 'isSigned'> {
  const bitsAllocated = needed(elements.uint16('00280100'), 'its bits a sample');
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw unsupported('DICOM', `${String(bitsAllocated)} bits a sample`, WANTED_BITS);
  }
  if (samplesPerPixel === 3 && bitsAllocated !== 8) {
    throw unsupported('DICOM', 'colours of 16 bits', 'Export the scan with 8 bits a colour.');
  }
  const bitsStored = elements.uint16('00280101') ?? bitsAllocated;
  const highBit = elements.uint16('00280102') ?? bitsStored - 1;
  if (bitsStored < 1 || bitsStored > bitsAllocated) {
    throw corrupt('DICOM', `${String(bitsStored)} of ${String(bitsAllocated)} bits are in use`);
  }
  if (highBit >= bitsAllocated || highBit < bitsStored - 1) {
    throw corrupt('DICOM', `its highest bit is said to be number ${String(highBit)}`);
  }
  return { bitsAllocated, bitsStored, highBit, isSigned: elements.uint16('00280103') === 1 };
}

/** Where the spacing is given for the detector instead of the bag (0018,1164), that is used. */
function readPitch(elements: DicomElements): number | null {
  for (const tag of ['00280030', '00181164', '00182010']) {
    const between = { rows: elements.number(tag, 0), columns: elements.number(tag, 1) };
    if (between.rows === undefined || between.columns === undefined) continue;
    const isSquare = Math.abs(between.rows / between.columns - 1) < 0.01;
    if (isSquare && between.rows > 0) return between.rows;
  }
  return null;
}

function needed(value: number | undefined, name: string): number {
  if (value === undefined) throw truncated('DICOM', `before ${name}`);
  return value;
}
