import type { DecodedRaster } from '../decoded-raster';
import { checkPictureSize, checkViews, type ReadLimits } from '../read-limits';
import { corrupt, truncated, unsupported } from '../scan-faults';
import { plausiblePitch } from './plausible-pitch';
import { readTiffDirectories, type TiffDirectory, type TiffFile } from './read-tiff-directory';
import { maxRatioOf, unpackTiffSegment } from './unpack-tiff-segment';

/** Tag numbers of TIFF 6.0. */
const TAG = {
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
const WANTED_TAGS: ReadonlySet<number> = new Set(Object.values(TAG));
const MM_PER_UNIT = new Map([
  [2, 25.4],
  [3, 10],
]);

/** What a page says about its pixels, checked. */
interface Page {
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
 * Decodes the pages of a TIFF, one view each: 8 or 16 bits, grey, RGB or palette, with or without
 * alpha, in strips or tiles, uncompressed or LZW, Deflate or PackBits. Reduced copies are skipped.
 * @throws PhiscanError file-truncated, file-corrupt, format-unsupported, picture-too-small/-large
 */
export function parseTiff(bytes: Uint8Array, limits: ReadLimits): DecodedRaster[] {
  const file = readTiffDirectories(bytes, WANTED_TAGS, limits);
  const pages = file.pages.filter((page) => (one(page, TAG.newSubfileType, 0) & 1) === 0);
  const [first] = pages;
  if (first === undefined) throw truncated('TIFF', 'before its first page');
  checkViews(pages.length, one(first, TAG.width, 0), one(first, TAG.height, 0), limits);
  let pixels = 0;
  return pages.map((directory) => {
    const page = readPage(directory, bytes.length, limits);
    pixels += page.widthPx * page.heightPx;
    checkViews(1, pixels, 1, limits);
    return toRaster(readSamples(file, page), page, directory);
  });
}

function readPage(directory: TiffDirectory, fileBytes: number, limits: ReadLimits): Page {
  const widthPx = one(directory, TAG.width);
  const heightPx = one(directory, TAG.height);
  checkPictureSize(widthPx, heightPx, limits);
  const samplesPerPixel = one(directory, TAG.samplesPerPixel, 1);
  const bits = readBits(directory, samplesPerPixel);
  const photometric = one(directory, TAG.photometric);
  const colours = photometric === 2 ? 3 : 1;
  if (photometric > 3 || samplesPerPixel < colours || samplesPerPixel > colours + 1) {
    const found = `colours of kind ${String(photometric)} with ${String(samplesPerPixel)} samples`;
    throw unsupported('TIFF', found, 'Export it as grey or RGB.');
  }
  if (one(directory, TAG.orientation, 1) !== 1) {
    throw unsupported('TIFF', 'a turned picture', 'Export it upright.');
  }
  const predictor = one(directory, TAG.predictor, 1);
  if (predictor !== 1 && predictor !== 2) throw corrupt('TIFF', 'it names an unknown predictor');
  const compression = one(directory, TAG.compression, 1);
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
    isPlanar: one(directory, TAG.planarConfiguration, 1) === 2,
    isDifferenced: predictor === 2,
    ...readSegments(directory, widthPx, heightPx),
  };
}

function readBits(directory: TiffDirectory, samplesPerPixel: number): 8 | 16 {
  const depths = directory.get(TAG.bitsPerSample) ?? [1];
  const formats = directory.get(TAG.sampleFormat) ?? [1];
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
): Pick<Page, 'segmentWidth' | 'segmentHeight' | 'offsets' | 'byteCounts'> {
  const isTiled = directory.has(TAG.tileOffsets);
  const segmentWidth = isTiled ? one(directory, TAG.tileWidth) : widthPx;
  const segmentHeight = isTiled
    ? one(directory, TAG.tileHeight)
    : Math.min(one(directory, TAG.rowsPerStrip, heightPx), heightPx);
  const isPossible = segmentWidth > 0 && segmentHeight > 0;
  // Tiles reach past the picture by less than one tile (section 15); more is a bomb.
  if (!isPossible || segmentWidth > widthPx + 4096 || segmentHeight > heightPx + 4096) {
    throw corrupt('TIFF', 'its parts have impossible sizes');
  }
  const offsets = directory.get(isTiled ? TAG.tileOffsets : TAG.stripOffsets);
  const byteCounts = directory.get(isTiled ? TAG.tileByteCounts : TAG.stripByteCounts);
  if (offsets === undefined || byteCounts === undefined) {
    throw corrupt('TIFF', 'it does not say where its rows are');
  }
  return { segmentWidth, segmentHeight, offsets, byteCounts };
}

/** All samples of a page, interleaved. */
function readSamples(file: TiffFile, page: Page): Uint8Array | Uint16Array {
  const { widthPx, heightPx, samplesPerPixel, segmentWidth, segmentHeight } = page;
  const count = widthPx * heightPx * samplesPerPixel;
  const samples = page.bits === 16 ? new Uint16Array(count) : new Uint8Array(count);
  const planes = page.isPlanar ? samplesPerPixel : 1;
  const across = Math.ceil(widthPx / segmentWidth);
  const down = Math.ceil(heightPx / segmentHeight);
  if (page.offsets.length < planes * across * down) {
    throw corrupt('TIFF', 'some of its rows are missing');
  }
  const isTiled = segmentWidth !== widthPx;
  for (let segment = 0; segment < planes * across * down; segment++) {
    const plane = Math.floor(segment / (across * down));
    const x = (segment % across) * segmentWidth;
    const y = (Math.floor(segment / across) % down) * segmentHeight;
    // The last strip holds the rows that are left; tiles are always whole.
    const rows = isTiled ? segmentHeight : Math.min(segmentHeight, heightPx - y);
    const stored = readSegment(file, page, segment, rows);
    placeSegment(stored, page, { x, y, plane, rows }, samples);
  }
  return samples;
}

function readSegment(
  file: TiffFile,
  page: Page,
  segment: number,
  rows: number,
): Uint8Array | Uint16Array {
  const { buffer, byteOffset, byteLength } = file.view;
  const offset = page.offsets[segment] ?? 0;
  const length = page.byteCounts[segment] ?? 0;
  if (offset + length > byteLength) throw truncated('TIFF', 'in the middle of its rows');
  const perPixel = page.isPlanar ? 1 : page.samplesPerPixel;
  const rowSamples = page.segmentWidth * perPixel;
  const bytes = unpackTiffSegment(
    new Uint8Array(buffer, byteOffset + offset, length),
    page.compression,
    (rows * rowSamples * page.bits) / 8,
  );
  const stored = page.bits === 16 ? toWords(bytes, file.isLittleEndian) : bytes;
  if (page.isDifferenced) {
    for (let row = 0; row < rows; row++) {
      const end = (row + 1) * rowSamples;
      for (let at = row * rowSamples + perPixel; at < end; at++) {
        // Typed arrays wrap as the predictor wants (section 14).
        stored[at] = (stored[at] ?? 0) + (stored[at - perPixel] ?? 0);
      }
    }
  }
  return stored;
}

function toWords(bytes: Uint8Array, isLittleEndian: boolean): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = new Uint16Array(bytes.length / 2);
  for (let index = 0; index < words.length; index++) {
    words[index] = view.getUint16(2 * index, isLittleEndian);
  }
  return words;
}

function placeSegment(
  stored: Uint8Array | Uint16Array,
  page: Page,
  at: { x: number; y: number; plane: number; rows: number },
  samples: Uint8Array | Uint16Array,
): void {
  const { widthPx, heightPx, samplesPerPixel, segmentWidth } = page;
  const perPixel = page.isPlanar ? 1 : samplesPerPixel;
  const columns = Math.min(segmentWidth, widthPx - at.x);
  for (let row = 0; row < Math.min(at.rows, heightPx - at.y); row++) {
    const from = row * segmentWidth * perPixel;
    const to = ((at.y + row) * widthPx + at.x) * samplesPerPixel + at.plane;
    if (!page.isPlanar) {
      samples.set(stored.subarray(from, from + columns * perPixel), to);
      continue;
    }
    for (let column = 0; column < columns; column++) {
      samples[to + column * samplesPerPixel] = stored[from + column] ?? 0;
    }
  }
}

function toRaster(
  samples: Uint8Array | Uint16Array,
  page: Page,
  directory: TiffDirectory,
): DecodedRaster {
  const { widthPx, heightPx, samplesPerPixel, photometric } = page;
  const full = page.bits === 16 ? 65_535 : 255;
  const size = { widthPx, heightPx, pixelPitchMm: pitchOf(directory) };
  const isExtra = samplesPerPixel === 2 || samplesPerPixel === 4;
  const extra = isExtra ? one(directory, TAG.extraSamples, 0) : 0;
  if (photometric === 3) {
    const indices = isExtra ? dropExtra(samples, samplesPerPixel) : samples;
    return { ...size, channels: 3, samples: applyColourMap(indices, directory) };
  }
  if (photometric === 0) {
    for (let at = 0; at < samples.length; at += samplesPerPixel) {
      samples[at] = full - (samples[at] ?? 0);
    }
  }
  if (extra === 2) {
    return { ...size, channels: samplesPerPixel === 2 ? 2 : 4, samples };
  }
  if (extra === 1) composeOnWhite(samples, samplesPerPixel, full);
  const own = isExtra ? dropExtra(samples, samplesPerPixel) : samples;
  return { ...size, channels: photometric === 2 ? 3 : 1, samples: own };
}

/** Colours already multiplied by their alpha (section 18) need only the white behind them. */
function composeOnWhite(samples: Uint8Array | Uint16Array, perPixel: number, full: number): void {
  for (let at = 0; at < samples.length; at += perPixel) {
    const behind = full - (samples[at + perPixel - 1] ?? 0);
    for (let channel = 0; channel < perPixel - 1; channel++) {
      samples[at + channel] = Math.min((samples[at + channel] ?? 0) + behind, full);
    }
  }
}

function dropExtra(samples: Uint8Array | Uint16Array, perPixel: number): Uint8Array | Uint16Array {
  return samples.filter((_, index) => index % perPixel !== perPixel - 1);
}

/** Section 5: 16-bit reds, then greens, then blues. */
function applyColourMap(indices: Uint8Array | Uint16Array, directory: TiffDirectory): Uint16Array {
  const map = directory.get(TAG.colourMap) ?? [];
  const colours = map.length / 3;
  const rgb = new Uint16Array(indices.length * 3);
  for (let pixel = 0, at = 0; pixel < indices.length; pixel++, at += 3) {
    const index = indices[pixel] ?? 0;
    if (index >= colours) throw corrupt('TIFF', 'a pixel names a colour outside its table');
    rgb[at] = map[index] ?? 0;
    rgb[at + 1] = map[colours + index] ?? 0;
    rgb[at + 2] = map[2 * colours + index] ?? 0;
  }
  return rgb;
}

function pitchOf(directory: TiffDirectory): number | null {
  const perUnit = directory.get(TAG.xResolution)?.[0];
  const mm = MM_PER_UNIT.get(one(directory, TAG.resolutionUnit, 2));
  const isSquare = perUnit === directory.get(TAG.yResolution)?.[0];
  if (perUnit === undefined || mm === undefined || !isSquare) return null;
  return plausiblePitch(mm / perUnit);
}

/**
 * The first value of a tag.
 * @throws PhiscanError file-corrupt when it is absent and has no default
 */
function one(directory: TiffDirectory, tag: number, absent?: number): number {
  const value = directory.get(tag)?.[0] ?? absent;
  if (value === undefined) throw corrupt('TIFF', `its header lacks tag ${String(tag)}`);
  return value;
}
