import { hueCertainty } from '../material-palette';
import { WedgeCalibration } from '../material-wedges';
import { attenuationOfShare, CHANNELS, FULL_SCALE, type DisplayView } from './display-view';

/** What a place of a view measures: the mean of the 3 × 3 pixels around it. */
export type PixelReading =
  | {
      readonly kind: 'dual-energy';
      /** Shares of the open beam that pass, in [0, 1]. */
      readonly low: number;
      readonly high: number;
      /** Effective atomic number, or null where noise or darkness hides it. */
      readonly effectiveZ: number | null;
    }
  | { readonly kind: 'single-energy'; readonly transmission: number }
  | { readonly kind: 'rgb'; readonly red: number; readonly green: number; readonly blue: number };

/** Certainty of the material under which no number is given. */
const LEAST_CERTAINTY = 0.5;
/** From this attenuation of the low channel on, its ratio to the high one tells no material. */
const MOST_ATTENUATION = 6;

let calibration: WedgeCalibration | null = null;

/** Reads the view's own pixels, not those that are drawn; null outside of the view. */
export function readPixel(view: DisplayView, x: number, y: number): PixelReading | null {
  const [own] = view.levels;
  if (own === undefined || x < 0 || y < 0 || x >= view.widthPx || y >= view.heightPx) return null;
  const [first = 0, second = 0, third = 0] = meanAround(view, Math.floor(x), Math.floor(y));
  switch (view.kind) {
    case 'rgb':
      return { kind: 'rgb', red: first, green: second, blue: third };
    case 'single-energy':
      return { kind: 'single-energy', transmission: Math.exp(-first) };
    case 'dual-energy': {
      const isTold = first < MOST_ATTENUATION && hueCertainty(first, second) >= LEAST_CERTAINTY;
      calibration ??= new WedgeCalibration();
      const effectiveZ = isTold ? calibration.effectiveZ(first, second) : null;
      return { kind: 'dual-energy', low: Math.exp(-first), high: Math.exp(-second), effectiveZ };
    }
  }
}

/** Mean levels of an export, or attenuations of the mean transmissions of counts, one a channel. */
function meanAround(view: DisplayView, x: number, y: number): number[] {
  const { widthPx, heightPx, kind } = view;
  const samples = view.levels[0]?.samples ?? new Uint16Array();
  const channels = CHANNELS[kind];
  const sums = new Array<number>(channels).fill(0);
  let count = 0;
  for (let row = Math.max(0, y - 1); row <= Math.min(heightPx - 1, y + 1); row++) {
    for (let column = Math.max(0, x - 1); column <= Math.min(widthPx - 1, x + 1); column++) {
      const at = (row * widthPx + column) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const sample = samples[at + channel] ?? 0;
        const value =
          kind === 'rgb' ? sample : Math.exp(-attenuationOfShare(sample / FULL_SCALE[kind]));
        sums[channel] = (sums[channel] ?? 0) + value;
      }
      count += 1;
    }
  }
  return sums.map((sum) => (kind === 'rgb' ? sum / count : -Math.log(sum / count)));
}
