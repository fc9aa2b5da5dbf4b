import { behindBag } from './beam-hardening';
import type { CastThreat } from './cast-threat';
import { normalField } from './normal-numbers';
import type { PaletteInverse } from './palette-inverse';

/** How noisy an export is: what is left of the scanner's noise after its own processing. */
export interface ExportNoise {
  /** Photons a pixel at open beam that would make the noise seen. */
  readonly photons: number;
  readonly correlation: { readonly x: number; readonly y: number };
}

/** Blocks in which noise is measured, the flattest of them counting. */
const BLOCK_PX = 8;
const FLATTEST_SHARE = 0.03;
/** Structure that a flat block still has must not count as noise that hangs together. */
const MOST_CORRELATION = 0.4;
const MOST_PHOTONS = 1e7;

/**
 * Measures an export's noise on the flattest blocks of its bags: darkness varies there by noise
 * alone, as −ln of brightness with the variance 1 / (photons · brightness).
 * @param brightness 0 to 255 (open beam)
 */
export function measureExportNoise(
  brightness: Uint8Array,
  widthPx: number,
  heightPx: number,
): ExportNoise {
  const found: { photons: number; x: number; y: number }[] = [];
  for (let top = 0; top + BLOCK_PX <= heightPx; top += BLOCK_PX) {
    for (let left = 0; left + BLOCK_PX <= widthPx; left += BLOCK_PX) {
      const block = measureBlock(brightness, widthPx, left, top);
      if (block !== null) found.push(block);
    }
  }
  found.sort((a, b) => b.photons - a.photons);
  const middle = found[Math.floor(found.length * FLATTEST_SHARE)];
  if (middle === undefined) return { photons: MOST_PHOTONS, correlation: { x: 0, y: 0 } };
  return {
    photons: middle.photons,
    correlation: {
      x: Math.min(MOST_CORRELATION, middle.x),
      y: Math.min(MOST_CORRELATION, middle.y),
    },
  };
}

function measureBlock(brightness: Uint8Array, widthPx: number, left: number, top: number) {
  const sums = { mean: 0, nearX: 0, farX: 0, nearY: 0, farY: 0 };
  const at = (x: number, y: number): number => brightness[(top + y) * widthPx + left + x] ?? 0;
  for (let y = 0; y < BLOCK_PX; y++) {
    for (let x = 0; x < BLOCK_PX; x++) {
      sums.mean += at(x, y) / BLOCK_PX ** 2;
      if (x + 2 < BLOCK_PX) {
        sums.nearX += (at(x, y) - at(x + 1, y)) ** 2;
        sums.farX += (at(x, y) - at(x + 2, y)) ** 2;
      }
      if (y + 2 < BLOCK_PX) {
        sums.nearY += (at(x, y) - at(x, y + 1)) ** 2;
        sums.farY += (at(x, y) - at(x, y + 2)) ** 2;
      }
    }
  }
  if (sums.mean < 60 || sums.mean > 215) return null;
  const far = Math.min(sums.farX, sums.farY) / (BLOCK_PX * (BLOCK_PX - 2));
  if (far <= 0) return null;
  const photons = Math.min(MOST_PHOTONS, (2 * sums.mean ** 2) / far / (sums.mean / 255));
  return {
    photons,
    x: Math.max(0, 1 - sums.nearX / Math.max(sums.farX, 1e-9)),
    y: Math.max(0, 1 - sums.nearY / Math.max(sums.farY, 1e-9)),
  };
}

/**
 * Puts a threat into a pseudo-colour picture: colours back to attenuations, the threat's added,
 * noise for the lower count, and through the palette again. What comes out is the old colour times
 * the ratio that the palette changes by, so that a palette other than Phiscan's keeps its own tone
 * and a pixel where the threat ends keeps its colour.
 * @returns a new picture, approximate as the inverse is
 */
export function composeExport(
  rgb: Uint8Array,
  widthPx: number,
  { x, y, width, height, low, high }: CastThreat,
  inverse: PaletteInverse,
  noise: ExportNoise,
  uniform: () => number,
): Uint8Array {
  const heightPx = rgb.length / 3 / widthPx;
  const composed = rgb.slice();
  const field = normalField(width, height, noise.correlation, uniform);
  for (let at = 0; at < low.length; at++) {
    const column = x + (at % width);
    const row = y + Math.floor(at / width);
    const isOnView = column >= 0 && row >= 0 && column < widthPx && row < heightPx;
    const onAir = { low: -Math.log(low[at] ?? 1), high: -Math.log(high[at] ?? 1) };
    if (!isOnView || onAir.low + onAir.high < 1e-4) continue;
    const pixel = 3 * (row * widthPx + column);
    const [red, green, blue] = [rgb[pixel] ?? 0, rgb[pixel + 1] ?? 0, rgb[pixel + 2] ?? 0];
    const before = inverse.attenuationOf(red, green, blue);
    const added = behindBag(before, onAir);
    const mean = (before.low + before.high) / 2;
    const gained = (added.low + added.high) / 2;
    // 1 / (photons · T) after, less what the picture holds already.
    const variance = (Math.exp(mean + gained) - Math.exp(mean)) / noise.photons;
    const shift = (field[at] ?? 0) * Math.sqrt(Math.min(variance, 0.25));
    const after = {
      low: Math.max(0, before.low + added.low + shift),
      high: Math.max(0, before.high + added.high + shift),
    };
    const from = inverse.colourOf(before);
    const to = inverse.colourOf(after);
    for (let channel = 0; channel < 3; channel++) {
      const old = rgb[pixel + channel] ?? 0;
      const ratio = ((to[channel] ?? 0) + 1) / ((from[channel] ?? 0) + 1);
      composed[pixel + channel] = Math.min(255, Math.max(0, Math.round((old + 1) * ratio - 1)));
    }
  }
  return composed;
}
