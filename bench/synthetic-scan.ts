import type { GanomalyArchitecture } from '../src-shared/domain/model-bundle';
import type { ByteTiles } from '../src-main/engine/bundle/parity';

/** An interleaved 8-bit RGB picture. */
export interface RgbPicture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgb: Uint8Array;
}

/**
 * A picture for measuring, not for judging detection: white air in a margin around a bag of smooth
 * coloured swells, so that every tile holds material. The same for the same size and seed.
 */
export function syntheticScan(widthPx: number, heightPx: number, seed: number): RgbPicture {
  const rgb = new Uint8Array(widthPx * heightPx * 3).fill(255);
  const marginPx = Math.min(16, Math.floor(Math.min(widthPx, heightPx) / 8));
  for (let y = marginPx; y < heightPx - marginPx; y++) {
    for (let x = marginPx; x < widthPx - marginPx; x++) {
      for (let channel = 0; channel < 3; channel++) {
        rgb[(y * widthPx + x) * 3 + channel] = swell(x, y, channel, seed);
      }
    }
  }
  return { widthPx, heightPx, rgb };
}

/** Tiles of the architecture's form with the same swells, each from another place. */
export function syntheticTiles(
  { isize, nc }: GanomalyArchitecture,
  count: number,
  seed: number,
): ByteTiles {
  const values = new Uint8Array(count * isize * isize * nc);
  for (let index = 0; index < values.length; index++) {
    const channel = index % nc;
    const x = Math.floor(index / nc) % isize;
    const y = Math.floor(index / nc / isize) % isize;
    const tile = Math.floor(index / nc / isize / isize);
    values[index] = swell(x + 97 * tile, y + 61 * tile, channel, seed);
  }
  return { count, height: isize, width: isize, channels: nc, values };
}

/** In [20, 220]: two waves and a step, of wavelengths from a few to a hundred pixels. */
function swell(x: number, y: number, channel: number, seed: number): number {
  const phase = seed + 1.7 * channel;
  const wide = Math.sin(x / 23 + phase) * Math.cos(y / 31 - phase);
  const narrow = Math.sin((x + 2 * y) / 5 + 2 * phase);
  const step = Math.sin(x / 61 + y / 47 + phase) > 0.3 ? 1 : -1;
  return Math.round(120 + 50 * wide + 25 * narrow + 25 * step);
}
