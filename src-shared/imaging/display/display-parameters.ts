import type { PixelKind } from '../../domain/scan';
import { MATERIAL_HUES, type Rgb } from '../material-palette';
import { MAX_ATTENUATION } from '../material-wedges';
import type { DensityWindow, DisplaySteps } from './display-steps';

/** The steps as numbers: all that the maths of a pixel reads, on the CPU and on the GPU alike. */
export interface DisplayParameters {
  readonly kind: PixelKind;
  readonly coloured: boolean;
  /** Full hues of organic, mixed and metal things; each part in [0, 255]. */
  readonly hues: readonly [Rgb, Rgb, Rgb];
  /** Whether organic, mixed and metal things keep their colour (1) or fade (0). */
  readonly kept: readonly [number, number, number];
  /** Share of the low-energy channel in the density; the rest is the high one's. */
  readonly lowShare: number;
  /** Null shows the whole range by the palette's own curve. */
  readonly window: DensityWindow | null;
  /** How much of what a pixel differs from its surroundings is added to its density. */
  readonly edgeGain: number;
  readonly smooth: boolean;
  readonly negative: boolean;
  /** Power to which brightness is raised. */
  readonly gammaExponent: number;
}

/**
 * Hues for people who don't tell red from green, or blue from yellow: they differ in lightness and
 * along both of the axes that the two forms of colour blindness leave (after Okabe and Ito, "Color
 * universal design", 2008).
 */
export const SAFE_HUES: readonly [Rgb, Rgb, Rgb] = [
  [255, 186, 20],
  [0, 158, 130],
  [38, 60, 190],
];

/** Densities of each end of the dense and the thin part, by what the samples are. */
const PARTS: Readonly<Record<PixelKind, { dense: DensityWindow; thin: DensityWindow }>> = {
  'dual-energy': { dense: { from: 1.2, to: 6.6 }, thin: { from: 0, to: 1.6 } },
  'single-energy': { dense: { from: 1.2, to: 6.6 }, thin: { from: 0, to: 1.6 } },
  // A palette's brightness falls more slowly than transmission.
  rgb: { dense: { from: 0.5, to: 3 }, thin: { from: 0, to: 0.7 } },
};

const EDGE_GAIN = 3;

/** The darkest density that a window may end at. */
export const MOST_DENSITY: Readonly<Record<PixelKind, number>> = {
  'dual-energy': MAX_ATTENUATION,
  'single-energy': MAX_ATTENUATION,
  rgb: 4,
};

export function displayParameters(steps: DisplaySteps, kind: PixelKind): DisplayParameters {
  const { density, material } = steps;
  const parts = PARTS[kind];
  const window = density === 'all' ? null : typeof density === 'string' ? parts[density] : density;
  return {
    kind,
    coloured: steps.colour !== 'grey',
    hues: steps.colour === 'safe' ? SAFE_HUES : MATERIAL_HUES,
    kept: KEPT[material],
    // Dense things pass more of the high energy, thin things stop more of the low one.
    lowShare: density === 'dense' ? 0 : density === 'thin' ? 1 : 0.5,
    window,
    edgeGain: steps.edges ? EDGE_GAIN : 0,
    smooth: steps.smooth,
    negative: steps.negative,
    gammaExponent: 1 / steps.gamma,
  };
}

const KEPT: Readonly<Record<DisplaySteps['material'], readonly [number, number, number]>> = {
  all: [1, 1, 1],
  organic: [1, 0, 0],
  inorganic: [0, 1, 1],
  metal: [0, 0, 1],
};
