import { checkPictureSize, type ReadLimits } from '../read-limits';
import { corrupt, truncated, unsupported } from '../scan-faults';
import type { TiffDirectory } from './read-tiff-directory';
import { maxRatioOf } from './unpack-tiff-segment';

/** Tag numbers of TIFF 6.0. */
export const TIFF_TAG = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  xResolution: 282,
  yResolution: 283,
  planarConfiguration: 284,
  resolutionUnit: 296,
  predictor: 317,
  colourMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
} as const;
export const WANTED_TIFF_TAGS: ReadonlySet<number> = new Set(Object.values(TIFF_TAG));
/** What a page says about its pixels, checked. */
export interface TiffPage {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bits: 8 | 16;
  readonly samplesPerPixel: number;
  readonly compression: number;
  readonly photometric: number;
  readonly isPlanar: boolean;
  readonly isDifferenced: boolean;
  /** Strips are tiles as wide as the picture. */
  readonly segmentWidth: number;
  readonly segmentHeight: number;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

/**
 * Reads and checks what a page says, before any of its rows is touched.
 * @throws PhiscanError file-truncated, file-corrupt, format-unsupported, picture-too-small/-large
 */
export function readTiffPage(
  directory: TiffDirectory,
  fileBytes: number,
  limits: ReadLimits,
): TiffPage {
  const widthPx = firstValue(directory, TIFF_TAG.width);
  const heightPx = firstValue(directory, TIFF_TAG.height);
  checkPictureSize(widthPx, heightPx, limits);
  const samplesPerPixel = firstValue(directory, TIFF_TAG.samplesPerPixel, 1);
  const bits = readBits(directory, samplesPerPixel);
  const photometric = firstValue(directory, TIFF_TAG.photometric);
  const colours = photometric === 2 ? 3 : 1;
  if (photometric > 3 || samplesPerPixel < colours || samplesPerPixel > colours + 1) {
    const found = `colours of kind ${String(photometric)} with ${String(samplesPerPixel)} samples`;
    throw unsupported('TIFF', found, 'Export it as grey or RGB.');
  }
  if (firstValue(directory, TIFF_TAG.orientation, 1) !== 1) {
    throw unsupported('TIFF', 'a turned picture', 'Export it upright.');
  }
  const predictor = firstValue(directory, TIFF_TAG.predictor, 1);
  if (predictor !== 1 && predictor !== 2) throw corrupt('TIFF', 'it names an unknown predictor');
  const compression = firstValue(directory, TIFF_TAG.compression, 1);
  if ((widthPx * heightPx * samplesPerPixel * bits) / 8 > fileBytes * maxRatioOf(compression)) {
    throw truncated('TIFF', `long before its ${String(widthPx)} × ${String(heightPx)} pixels`);
  }
  return {
    widthPx,
    heightPx,
    bits,
    samplesPerPixel,
    compression,
    photometric,
    isPlanar: firstValue(directory, TIFF_TAG.planarConfiguration, 1) === 2,
    isDifferenced: predictor === 2,
    ...readSegments(directory, widthPx, heightPx),
  };
}

function readBits(directory: TiffDirectory, samplesPerPixel: number): 8 | 16 {
  const depths = directory.get(TIFF_TAG.bitsPerSample) ?? [1];
  const formats = directory.get(TIFF_TAG.sampleFormat) ?? [1];
  const [bits] = depths;
  const isEven = depths.every((depth) => depth === bits) && depths.length <= samplesPerPixel;
  if (!isEven || (bits !== 8 && bits !== 16) || formats.some((format) => format !== 1)) {
    const found = `samples of ${depths.join(', ')} bits (kind ${formats.join(', ')})`;
    throw unsupported('TIFF', found, 'Export it with 8 or 16 bits, unsigned.');
  }
  return bits;
}

function readSegments(
  directory: TiffDirectory,
  widthPx: number,
  heightPx: number,
): Pick<TiffPage, 'segmentWidth' | 'segmentHeight' | 'offsets' | 'byteCounts'> {
  const isTiled = directory.has(TIFF_TAG.tileOffsets);
  const segmentWidth = isTiled ? firstValue(directory, TIFF_TAG.tileWidth) : widthPx;
  const segmentHeight = isTiled
    ? firstValue(directory, TIFF_TAG.tileHeight)
    : Math.min(firstValue(directory, TIFF_TAG.rowsPerStrip, heightPx), heightPx);
  const isPossible = segmentWidth > 0 && segmentHeight > 0;
  // Tiles reach past the picture by less than one tile (section 15); more is a bomb.
  if (!isPossible || segmentWidth > widthPx + 4096 || segmentHeight > heightPx + 4096) {
    throw corrupt('TIFF', 'its parts have impossible sizes');
  }
  const offsets = directory.get(isTiled ? TIFF_TAG.tileOffsets : TIFF_TAG.stripOffsets);
  const byteCounts = directory.get(isTiled ? TIFF_TAG.tileByteCounts : TIFF_TAG.stripByteCounts);
  if (offsets === undefined || byteCounts === undefined) {
    throw corrupt('TIFF', 'it does not say where its rows are');
  }
  return { segmentWidth, segmentHeight, offsets, byteCounts };
}

/**
 * The first value of a tag.
 * @throws PhiscanError file-corrupt when it is absent and has no default
 */
export function firstValue(directory: TiffDirectory, tag: number, absent?: number): number {
  const value = directory.get(tag)?.[0] ?? absent;
  if (value === undefined) throw corrupt('TIFF', `its header lacks tag ${String(tag)}`);
  return value;
}
