import { missingCaseError } from '../domain/missing-case-error';
import type { DualEnergyPixels, View } from '../domain/scan';
import type { CanonicalPicture } from './canonical-picture';
import { COUNTS_SEARCH, EXPORT_SEARCH, findOpenBeam, type OpenBeam } from './find-open-beam';
import { renderMaterialPalette } from './material-palette';

/**
 * Makes the one picture that the model and the operator see, by the canonical picture's version
 * `phiscan-material-1`: dual-energy through the material palette, a pseudo-colour export as it was
 * delivered, grey divided by its open beam and repeated in the three channels.
 *
 * Where no open beam is found, `openBeam` is null (such a view cannot be scored) and the picture
 * is drawn against the brightest level instead, so that a person can still look at it.
 */
export function toCanonicalPicture(view: View): CanonicalPicture {
  const { widthPx, heightPx, pixels } = view;
  switch (pixels.kind) {
    case 'dual-energy':
      return { widthPx, heightPx, transform: 'material-palette', ...fromDualEnergy(pixels) };
    case 'single-energy':
      return { widthPx, heightPx, transform: 'grey-as-rgb', ...fromGrey(pixels.grey) };
    case 'rgb':
      return { widthPx, heightPx, transform: 'as-delivered', ...fromExport(pixels.rgb) };
    default:
      throw missingCaseError(pixels);
  }
}

type PicturePlanes = Pick<CanonicalPicture, 'rgb' | 'brightness' | 'openBeam'>;

function fromDualEnergy({ low, high }: DualEnergyPixels): PicturePlanes {
  const openLow = findOpenBeam(low, COUNTS_SEARCH);
  const openHigh = findOpenBeam(high, COUNTS_SEARCH);
  const levelLow = openLow?.level ?? brightestLevel(low);
  const levelHigh = openHigh?.level ?? brightestLevel(high);
  const rgb = renderMaterialPalette(low, high, levelLow, levelHigh);
  const brightness = new Uint8Array(low.length);
  const scale = (255 * 255) / (levelLow * levelHigh);
  for (let pixel = 0; pixel < brightness.length; pixel++) {
    // The geometric mean of both transmissions: exp of minus the mean attenuation.
    const mean = Math.sqrt((low[pixel] ?? 0) * (high[pixel] ?? 0) * scale);
    brightness[pixel] = mean < 255 ? Math.round(mean) : 255;
  }
  const openBeam = openLow === null || openHigh === null ? null : openHigh;
  return { rgb, brightness, openBeam };
}

function fromGrey(grey: Uint16Array): PicturePlanes {
  const openBeam = findOpenBeam(grey, COUNTS_SEARCH);
  const brightness = normalise(grey, openBeam?.level ?? brightestLevel(grey));
  const rgb = new Uint8Array(brightness.length * 3);
  for (let pixel = 0, at = 0; pixel < brightness.length; pixel++, at += 3) {
    const level = brightness[pixel] ?? 0;
    rgb[at] = level;
    rgb[at + 1] = level;
    rgb[at + 2] = level;
  }
  return { rgb, brightness, openBeam };
}

function fromExport(rgb: Uint8Array): PicturePlanes {
  const luma = lumaOf(rgb);
  const openBeam: OpenBeam | null = findOpenBeam(luma, EXPORT_SEARCH);
  const brightness = normalise(luma, openBeam?.level ?? 255);
  return { rgb, brightness, openBeam };
}

/** Luma of interleaved RGB by ITU-R BT.601, in 8-bit integers. */
function lumaOf(rgb: Uint8Array): Uint8Array {
  const luma = new Uint8Array(rgb.length / 3);
  for (let pixel = 0, at = 0; pixel < luma.length; pixel++, at += 3) {
    luma[pixel] =
      (77 * (rgb[at] ?? 0) + 150 * (rgb[at + 1] ?? 0) + 29 * (rgb[at + 2] ?? 0) + 128) >> 8;
  }
  return luma;
}

function normalise(levels: Uint8Array | Uint16Array, open: number): Uint8Array {
  const brightness = new Uint8Array(levels.length);
  for (let pixel = 0; pixel < levels.length; pixel++) {
    const value = Math.round((255 * (levels[pixel] ?? 0)) / open);
    brightness[pixel] = value < 255 ? value : 255;
  }
  return brightness;
}

/** Never 0, so that it can be divided by. */
function brightestLevel(counts: Uint16Array): number {
  let brightest = 1;
  for (const count of counts) if (count > brightest) brightest = count;
  return brightest;
}
