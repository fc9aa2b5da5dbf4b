import { BLACK_ATTENUATION, shadeOf, TINT_ATTENUATION } from '../material-palette';
import type { DisplayParameters } from './display-parameters';
import { attenuationOfShare } from './display-view';
import { MATERIAL_SIDE, materialMembers } from './material-members';

/**
 * What every sample looks like under the steps: all that is done to a pixel by itself. Reading it
 * between entries (bilinear, entries at the ends of the range) is the display's definition, on the
 * CPU and on the GPU.
 */
export interface ColourTable {
  readonly columns: number;
  readonly rows: number;
  /**
   * RGBA. Of counts: the colour, by the low channel's (or only) sample along a row and by the high
   * channel's down the rows. Of exports: in red, the brightness that a luma is brought to.
   */
  readonly rgba: Uint8Array;
}

/** The hue of brightness alone: what lies between the palette's own hues. */
const NEUTRAL = 150;
/** How dark the ghost of what is faded away stays: it must not vanish. */
const GHOST_SHARE = 0.3;
/** Entries along the row of a table of one sample. */
const ROW_ENTRIES = 1024;
/** Black of an export in its levels, so that its logarithm is finite. */
export const LEAST_LUMA = 0.5;
/** Brightness by ITU-R BT.601. */
export const LUMA = [0.299, 0.587, 0.114] as const;

const tables = new WeakMap<DisplayParameters, ColourTable>();

/** The table of the steps; made once for each set of parameters. */
export function colourTable(parameters: DisplayParameters): ColourTable {
  const known = tables.get(parameters);
  if (known !== undefined) return known;
  const table = parameters.kind === 'dual-energy' ? ofPairs(parameters) : ofOne(parameters);
  tables.set(parameters, table);
  return table;
}

/** Whether an export's brightness stays as delivered. */
export function keepsBrightness({ window, gammaExponent }: DisplayParameters): boolean {
  return window === null && gammaExponent === 1;
}

function ofOne(parameters: DisplayParameters): ColourTable {
  const { kind, window, negative, gammaExponent } = parameters;
  const rgba = new Uint8Array(ROW_ENTRIES * 4);
  for (let entry = 0; entry < ROW_ENTRIES; entry++) {
    const share = entry / (ROW_ENTRIES - 1);
    const density =
      kind === 'rgb'
        ? Math.log(255 / Math.max(255 * share, LEAST_LUMA))
        : attenuationOfShare(share);
    const thin = window === null ? Math.exp(-density) : 1 - shareOfWindow(density, window);
    const brightness = 255 * thin ** gammaExponent;
    // The negative of an export's colour is made of the colour, not of its brightness.
    const shown = negative && kind !== 'rgb' ? 255 - brightness : brightness;
    rgba.fill(Math.round(shown), 4 * entry, 4 * entry + 3);
    rgba[4 * entry + 3] = 255;
  }
  return { columns: ROW_ENTRIES, rows: 1, rgba };
}

function ofPairs(parameters: DisplayParameters): ColourTable {
  const { lowShare } = parameters;
  const members = materialMembers();
  const rgba = new Uint8Array(MATERIAL_SIDE * MATERIAL_SIDE * 4);
  const rgb = new Float64Array(3);
  let entry = 0;
  for (let row = 0; row < MATERIAL_SIDE; row++) {
    const high = attenuationOfShare(row / (MATERIAL_SIDE - 1));
    for (let column = 0; column < MATERIAL_SIDE; column++, entry++) {
      const low = attenuationOfShare(column / (MATERIAL_SIDE - 1));
      materialColour(members, entry, lowShare * low + (1 - lowShare) * high, parameters, rgb);
      finish(rgb, parameters);
      for (let channel = 0; channel < 3; channel++) {
        rgba[4 * entry + channel] = Math.round(rgb[channel] ?? 0);
      }
      rgba[4 * entry + 3] = 255;
    }
  }
  return { columns: MATERIAL_SIDE, rows: MATERIAL_SIDE, rgba };
}

/**
 * Colour of a pair of attenuations: hue by material, brightness by density. What is surely of a
 * material that isn't kept fades to its ghost; what can't be told stays.
 */
function materialColour(
  members: Float32Array,
  entry: number,
  density: number,
  parameters: DisplayParameters,
  rgb: Float64Array,
): void {
  const { window, hues, kept, coloured } = parameters;
  const depth = window === null ? density : BLACK_ATTENUATION * shareOfWindow(density, window);
  const tint = 1 - Math.exp(-depth / TINT_ATTENUATION);
  const shade = shadeOf(depth);
  const toned = (hue: number): number => (255 + (hue - 255) * tint) * shade;
  const organic = members[4 * entry] ?? 0;
  const mixed = members[4 * entry + 1] ?? 0;
  const metal = members[4 * entry + 2] ?? 0;
  const certainty = members[4 * entry + 3] ?? 0;
  const keep = 1 - certainty * (1 - organic * kept[0] - mixed * kept[1] - metal * kept[2]);
  const ghost = 255 - (255 - toned(NEUTRAL)) * GHOST_SHARE;
  const hueOf = (channel: 0 | 1 | 2): number =>
    organic * hues[0][channel] + mixed * hues[1][channel] + metal * hues[2][channel];
  const [red, green, blue] = [hueOf(0), hueOf(1), hueOf(2)];
  const grey = LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue;
  for (const [channel, hue] of [red, green, blue].entries()) {
    const faded = coloured ? grey + (hue - grey) * certainty : NEUTRAL;
    rgb[channel] = ghost + (toned(faded) - ghost) * keep;
  }
}

/** Gamma on brightness, then the negative: it turns lightness round and keeps the hue. */
function finish(rgb: Float64Array, { gammaExponent, negative }: DisplayParameters): void {
  if (gammaExponent !== 1) {
    const brightest = Math.max(rgb[0] ?? 0, rgb[1] ?? 0, rgb[2] ?? 0) / 255;
    const factor = brightest < 1e-4 ? 0 : brightest ** (gammaExponent - 1);
    for (let channel = 0; channel < 3; channel++) rgb[channel] = (rgb[channel] ?? 0) * factor;
  }
  if (negative) turnOver(rgb);
}

/** Lightness turned round at the same hue and strength of colour; stays in [0, 255]. */
export function turnOver(rgb: Float64Array): void {
  const [red = 0, green = 0, blue = 0] = rgb;
  const turn = 255 - Math.max(red, green, blue) - Math.min(red, green, blue);
  for (let channel = 0; channel < 3; channel++) rgb[channel] = (rgb[channel] ?? 0) + turn;
}

/** A density in a window's terms: 0 at its thin end, 1 at its dense end. */
function shareOfWindow(density: number, window: { from: number; to: number }): number {
  return Math.min(Math.max((density - window.from) / (window.to - window.from), 0), 1);
}
