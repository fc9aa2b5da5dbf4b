import { MAX_ATTENUATION, WedgeCalibration } from './material-wedges';

/**
 * Phiscan's material palette: what dual-energy pixels look like to the model and to the operator.
 * Hue comes from the effective atomic number (organic under 10 orange, mixed and light metal 10–18
 * green, metal over 18 blue), brightness from transmission: white at open beam, black where
 * nothing passes. The hue of thin, noisy things fades to grey by the expected error of
 * R = ln T_low / ln T_high.
 *
 * The palette belongs to the canonical picture's version `phiscan-material-1`: a change to any
 * number here changes what every model sees, and makes a new version.
 */

/** Photons a pixel at open beam in each channel that the expected error of R assumes. */
const NOMINAL_PHOTONS = 30_000;
/** Readout noise of a channel as a share of its open-beam signal. */
const NOMINAL_READOUT = 1 / 10_000;
/** Error of R at which a hue has faded half-way to grey; organic and green lie about 0.3 apart. */
const HALF_FADED_RATIO_ERROR = 0.15;

/** Attenuation that tints white by 1 − 1/e towards the full hue. */
export const TINT_ATTENUATION = 0.5;
/** Attenuation and power of the fall from full hue to black. */
const SHADE_ATTENUATION = 3.2;
const SHADE_POWER = 1.7;
/** Mean attenuation of both channels from which the picture is black: about 25 mm of steel. */
export const BLACK_ATTENUATION = 6.2;

export type Rgb = readonly [number, number, number];
const ORGANIC: Rgb = [255, 160, 62];
const MIXED: Rgb = [78, 182, 40];
const METAL: Rgb = [12, 112, 236];
/** Full hues of the palette: organic, mixed and light metal, metal. */
export const MATERIAL_HUES: readonly [Rgb, Rgb, Rgb] = [ORGANIC, MIXED, METAL];
/** Ranges of Z over which one hue turns into the next, about 10 and 18. */
export const ORGANIC_TO_MIXED: readonly [number, number] = [9.5, 11.5];
export const MIXED_TO_METAL: readonly [number, number] = [16, 20];

/** Levels of each axis of the table; quantised by the root of attenuation, finest where it is thin. */
const TABLE_LEVELS = 512;
const LEVEL_PER_ROOT = (TABLE_LEVELS - 1) / Math.sqrt(MAX_ATTENUATION);

/**
 * Colour of a pair of attenuations (−ln of transmission; negative is taken as open beam).
 * Each channel of the colour is in [0, 255] and not yet rounded.
 */
export function materialColour(
  calibration: WedgeCalibration,
  low: number,
  high: number,
): [number, number, number] {
  const attenuationLow = Math.max(low, 0);
  const attenuationHigh = Math.max(high, 0);
  const mean = (attenuationLow + attenuationHigh) / 2;
  const hue = hueOf(calibration.effectiveZ(attenuationLow, attenuationHigh));
  const certainty = hueCertainty(attenuationLow, attenuationHigh);
  const grey = 0.299 * hue[0] + 0.587 * hue[1] + 0.114 * hue[2];
  const tint = 1 - Math.exp(-mean / TINT_ATTENUATION);
  const shade = shadeOf(mean);
  const mix = (channel: number): number => {
    const faded = grey + (channel - grey) * certainty;
    return (255 + (faded - 255) * tint) * shade;
  };
  return [mix(hue[0]), mix(hue[1]), mix(hue[2])];
}

/**
 * Renders two channels of counts into interleaved RGB, row-major.
 * @param openLow count of the low channel at open beam, over 0
 * @param openHigh count of the high channel at open beam, over 0
 */
export function renderMaterialPalette(
  low: Uint16Array,
  high: Uint16Array,
  openLow: number,
  openHigh: number,
): Uint8Array {
  const table = paletteTable();
  const levelsLow = levelsByCount(openLow);
  const levelsHigh = levelsByCount(openHigh);
  const rgb = new Uint8Array(low.length * 3);
  for (let pixel = 0, at = 0; pixel < low.length; pixel++, at += 3) {
    const levelHigh = levelsHigh[high[pixel] ?? 0] ?? 0;
    const levelLow = levelsLow[low[pixel] ?? 0] ?? 0;
    const entry = table[levelHigh * TABLE_LEVELS + levelLow] ?? 0;
    rgb[at] = entry & 255;
    rgb[at + 1] = (entry >>> 8) & 255;
    rgb[at + 2] = entry >>> 16;
  }
  return rgb;
}

/** Table level of every possible count, given the count at open beam. */
function levelsByCount(open: number): Uint16Array {
  const levels = new Uint16Array(65_536);
  for (let count = 0; count < levels.length; count++) {
    const attenuation = count > 0 ? Math.log(open / count) : MAX_ATTENUATION;
    const clamped = Math.min(Math.max(attenuation, 0), MAX_ATTENUATION);
    levels[count] = Math.round(Math.sqrt(clamped) * LEVEL_PER_ROOT);
  }
  return levels;
}

let cachedTable: Uint32Array | null = null;

function paletteTable(): Uint32Array {
  cachedTable ??= buildTable();
  return cachedTable;
}

function buildTable(): Uint32Array {
  const calibration = new WedgeCalibration();
  const table = new Uint32Array(TABLE_LEVELS * TABLE_LEVELS);
  for (let levelHigh = 0; levelHigh < TABLE_LEVELS; levelHigh++) {
    const high = (levelHigh / LEVEL_PER_ROOT) ** 2;
    for (let levelLow = 0; levelLow < TABLE_LEVELS; levelLow++) {
      const low = (levelLow / LEVEL_PER_ROOT) ** 2;
      const [red, green, blue] = materialColour(calibration, low, high);
      table[levelHigh * TABLE_LEVELS + levelLow] =
        Math.round(red) | (Math.round(green) << 8) | (Math.round(blue) << 16);
    }
  }
  return table;
}

function hueOf(effectiveZ: number): Rgb {
  if (effectiveZ < ORGANIC_TO_MIXED[1]) {
    return blend(ORGANIC, MIXED, smoothstep(effectiveZ, ...ORGANIC_TO_MIXED));
  }
  return blend(MIXED, METAL, smoothstep(effectiveZ, ...MIXED_TO_METAL));
}

/**
 * 1 where R is exact, towards 0 where noise hides it. The variance of −ln T is 1/(N·T) from
 * counting and (r/T)² from readout; R's follows by propagation through the quotient.
 */
export function hueCertainty(low: number, high: number): number {
  if (high <= 0) return 0;
  const ratio = low / high;
  const variance = (logVariance(low) + ratio * ratio * logVariance(high)) / (high * high);
  const half = HALF_FADED_RATIO_ERROR * HALF_FADED_RATIO_ERROR;
  return half / (half + variance);
}

function logVariance(attenuation: number): number {
  const inverse = Math.exp(attenuation);
  const readout = NOMINAL_READOUT * inverse;
  return inverse / NOMINAL_PHOTONS + readout * readout;
}

export function shadeOf(mean: number): number {
  if (mean >= BLACK_ATTENUATION) return 0;
  const fall = (attenuation: number): number =>
    Math.exp(-((attenuation / SHADE_ATTENUATION) ** SHADE_POWER));
  const floor = fall(BLACK_ATTENUATION);
  return (fall(mean) - floor) / (1 - floor);
}

function blend(from: Rgb, to: Rgb, share: number): Rgb {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

export function smoothstep(value: number, from: number, to: number): number {
  const share = Math.min(Math.max((value - from) / (to - from), 0), 1);
  return share * share * (3 - 2 * share);
}
