import type { DecodedRaster } from '../decoded-raster';
import { checkViews, type ReadLimits } from '../read-limits';
import { corrupt, truncated } from '../scan-faults';
import { plausiblePitch } from './plausible-pitch';
import { readTiffDirectories, type TiffDirectory, type TiffFile } from './read-tiff-directory';
import {
  firstValue,
  readTiffPage,
  TIFF_TAG,
  WANTED_TIFF_TAGS,
  type TiffPage,
} from './read-tiff-page';
import { unpackTiffSegment } from './unpack-tiff-segment';

const MM_PER_UNIT = new Map([
  [2, 25.4],
  [3, 10],
]);

/**
 * Decodes the pages of a TIFF, one view each: 8 or 16 bits, grey, RGB or palette, with or without
 * alpha, in strips or tiles, uncompressed or LZW, Deflate or PackBits. Reduced copies are skipped.
 * @throws PhiscanError file-truncated, file-corrupt, format-unsupported, picture-too-small/-large
 */
export function parseTiff(bytes: Uint8Array, limits: ReadLimits): DecodedRaster[] {
  const file = readTiffDirectories(bytes, WANTED_TIFF_TAGS, limits);
  const pages = file.pages.filter(
    (page) => (firstValue(page, TIFF_TAG.newSubfileType, 0) & 1) === 0,
  );
  const [first] = pages;
  if (first === undefined) throw truncated('TIFF', 'before its first page');
  checkViews(
    pages.length,
    firstValue(first, TIFF_TAG.width, 0),
    firstValue(first, TIFF_TAG.height, 0),
    limits,
  );
  let pixels = 0;
  return pages.map((directory) => {
    const page = readTiffPage(directory, bytes.length, limits);
    pixels += page.widthPx * page.heightPx;
    checkViews(1, pixels, 1, limits);
    return toRaster(readSamples(file, page), page, directory);
  });
}

/** All samples of a page, interleaved. */
function readSamples(file: TiffFile, page: TiffPage): Uint8Array | Uint16Array {
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
  page: TiffPage,
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
  page: TiffPage,
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
  page: TiffPage,
  directory: TiffDirectory,
): DecodedRaster {
  const { widthPx, heightPx, samplesPerPixel, photometric } = page;
  const full = page.bits === 16 ? 65_535 : 255;
  const size = { widthPx, heightPx, pixelPitchMm: pitchOf(directory) };
  const isExtra = samplesPerPixel === 2 || samplesPerPixel === 4;
  const extra = isExtra ? firstValue(directory, TIFF_TAG.extraSamples, 0) : 0;
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
  const map = directory.get(TIFF_TAG.colourMap) ?? [];
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
  const perUnit = directory.get(TIFF_TAG.xResolution)?.[0];
  const mm = MM_PER_UNIT.get(firstValue(directory, TIFF_TAG.resolutionUnit, 2));
  const isSquare = perUnit === directory.get(TIFF_TAG.yResolution)?.[0];
  if (perUnit === undefined || mm === undefined || !isSquare) return null;
  return plausiblePitch(mm / perUnit);
}
