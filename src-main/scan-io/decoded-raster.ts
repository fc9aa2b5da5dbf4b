import type { ViewPixels } from '../../src-shared/domain/scan';

/** Samples as a raster file holds them, interleaved and row-major, before they become a view. */
export interface DecodedRaster {
  readonly widthPx: number;
  readonly heightPx: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: 1 | 2 | 3 | 4;
  /** Uint8Array for samples of 0–255, Uint16Array for 0–65,535. */
  readonly samples: Uint8Array | Uint16Array;
  readonly pixelPitchMm: number | null;
}

/**
 * Makes view pixels of a raster. Grey becomes counts of 16 bits (8-bit values times 257); colour
 * becomes 8-bit RGB (16-bit values divided by 257 and rounded). What is transparent lies on air:
 * it is composed onto white.
 */
export function toViewPixels(raster: DecodedRaster): ViewPixels {
  return raster.channels <= 2
    ? { kind: 'single-energy', grey: toGrey16(raster) }
    : { kind: 'rgb', rgb: toRgb8(raster) };
}

function toGrey16({ samples, channels }: DecodedRaster): Uint16Array {
  const scale = samples instanceof Uint8Array ? 257 : 1;
  if (channels === 1) {
    if (samples instanceof Uint16Array) return samples;
    const grey = new Uint16Array(samples.length);
    for (let pixel = 0; pixel < grey.length; pixel++) grey[pixel] = (samples[pixel] ?? 0) * scale;
    return grey;
  }
  const grey = new Uint16Array(samples.length / 2);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    const value = (samples[2 * pixel] ?? 0) * scale;
    const alpha = (samples[2 * pixel + 1] ?? 0) * scale;
    grey[pixel] = onWhite(value, alpha, 65_535);
  }
  return grey;
}

function toRgb8({ samples, channels }: DecodedRaster): Uint8Array {
  if (channels === 3 && samples instanceof Uint8Array) return samples;
  const scale = samples instanceof Uint8Array ? 1 : 257;
  const full = 255 * scale;
  const rgb = new Uint8Array((samples.length / channels) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += channels, to += 3) {
    const alpha = channels === 4 ? (samples[from + 3] ?? 0) : full;
    for (let channel = 0; channel < 3; channel++) {
      const value = samples[from + channel] ?? 0;
      rgb[to + channel] = Math.round(onWhite(value, alpha, full) / scale);
    }
  }
  return rgb;
}

function onWhite(value: number, alpha: number, full: number): number {
  return alpha === full ? value : Math.round((value * alpha + full * (full - alpha)) / full);
}
