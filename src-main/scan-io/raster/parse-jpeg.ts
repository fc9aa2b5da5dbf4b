import jpeg from 'jpeg-js';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import type { DecodedRaster } from '../decoded-raster';
import { checkPictureSize, type ReadLimits } from '../read-limits';
import { corrupt, truncated } from '../scan-faults';
import { readJpegHeader } from './read-jpeg-header';

/** What decoding may take: about 12 bytes a pixel in colour, 4 in grey, and the picture itself. */
const MAX_DECODER_MB = 768;
/** A block of 64 pixels takes a bit at least, so a byte holds at most this many pixels. */
const MAX_PIXELS_PER_BYTE = 512;

export interface ParseJpegOptions {
  /** Of a file in a container that already says how colour is held (DICOM): overrides the markers. */
  readonly colourIsRgb?: boolean;
}

/**
 * Decodes a baseline or progressive JPEG, grey or colour. The markers are walked first, so that
 * size, kind and completeness are known before the decoder allocates anything; a flipped bit in the
 * compressed rows may go unseen, since JPEG has no checksum.
 * @throws PhiscanError file-truncated, file-corrupt, format-unsupported, picture-too-small/-large
 */
export function parseJpeg(
  bytes: Uint8Array,
  limits: ReadLimits,
  options: ParseJpegOptions = {},
): DecodedRaster {
  const header = readJpegHeader(bytes);
  const { widthPx, heightPx, components } = header;
  checkPictureSize(widthPx, heightPx, limits);
  if (bytes.length * MAX_PIXELS_PER_BYTE < widthPx * heightPx) {
    throw truncated('JPEG', `long before its ${String(widthPx)} × ${String(heightPx)} pixels`);
  }
  const rgb = decode(bytes, options.colourIsRgb ?? header.colourIsRgb);
  if (components === 3) return { widthPx, heightPx, channels: 3, samples: rgb, pixelPitchMm: null };
  const grey = new Uint8Array(widthPx * heightPx);
  for (let pixel = 0; pixel < grey.length; pixel++) grey[pixel] = rgb[3 * pixel] ?? 0;
  return { widthPx, heightPx, channels: 1, samples: grey, pixelPitchMm: null };
}

function decode(bytes: Uint8Array, colourIsRgb: boolean): Uint8Array {
  try {
    return jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      colorTransform: !colourIsRgb,
      maxMemoryUsageInMB: MAX_DECODER_MB,
    }).data;
  } catch (error) {
    if (error instanceof Error && error.message.includes('maxMemoryUsageInMB')) {
      throw new PhiscanError(
        'picture-too-large',
        `The JPEG picture would take more than ${String(MAX_DECODER_MB)} MB to open. Export the scan at the scanner's own size.`,
        { cause: error },
      );
    }
    throw corrupt('JPEG', 'its rows cannot be unpacked', error);
  }
}
