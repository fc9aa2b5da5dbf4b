import { materialColour } from '../imaging/material-palette';
import { MAX_ATTENUATION, WEDGE_MATERIALS, WedgeCalibration } from '../imaging/material-wedges';

/** A pair of attenuations, −ln of transmission in each channel. */
export interface AttenuationPair {
  readonly low: number;
  readonly high: number;
}

/** Levels of each colour channel between which the inverse is interpolated. */
const GRID = 18;
/** Steps along the wedges: materials, and thickness by the high channel's attenuation. */
const MATERIAL_STEPS = 36;
const THICKNESS_STEPS = 72;

/**
 * From a colour back to a pair of attenuations. A pseudo-colour picture holds less than the scan it
 * was made of, and vendors' palettes differ from Phiscan's: the inverse is that of Phiscan's
 * palette on the materials of its wedges, the nearest colour where a palette goes beyond it, and
 * so everything that is made with it is approximate.
 */
export class PaletteInverse {
  readonly #wedges = new WedgeCalibration();
  readonly #low: Float32Array;
  readonly #high: Float32Array;

  constructor() {
    const samples = this.#samples();
    this.#low = new Float32Array(GRID ** 3);
    this.#high = new Float32Array(GRID ** 3);
    const level = (index: number): number => (255 * index) / (GRID - 1);
    for (let red = 0, at = 0; red < GRID; red++) {
      for (let green = 0; green < GRID; green++) {
        for (let blue = 0; blue < GRID; blue++, at++) {
          const [low, high] = nearest(samples, level(red), level(green), level(blue));
          this.#low[at] = low;
          this.#high[at] = high;
        }
      }
    }
  }

  /** The palette itself: colour of a pair of attenuations, each channel in [0, 255]. */
  colourOf({ low, high }: AttenuationPair): [number, number, number] {
    return materialColour(this.#wedges, low, high);
  }

  /** The pair of attenuations that a colour stands for, interpolated between the levels of the grid. */
  attenuationOf(red: number, green: number, blue: number): AttenuationPair {
    const [r, g, b] = [red, green, blue].map((value) => (value / 255) * (GRID - 1)) as [
      number,
      number,
      number,
    ];
    const below = [r, g, b].map((value) => Math.min(GRID - 2, Math.floor(value))) as [
      number,
      number,
      number,
    ];
    let low = 0;
    let high = 0;
    for (let corner = 0; corner < 8; corner++) {
      const [dr, dg, db] = [corner & 1, (corner >> 1) & 1, corner >> 2];
      const share =
        shareOf(r - below[0], dr) * shareOf(g - below[1], dg) * shareOf(b - below[2], db);
      const at = ((below[0] + dr) * GRID + below[1] + dg) * GRID + below[2] + db;
      low += share * (this.#low[at] ?? 0);
      high += share * (this.#high[at] ?? 0);
    }
    return { low, high };
  }

  /** Colours of all wedge materials, and of mixtures of neighbours, at all thicknesses: (r, g, b, low, high). */
  #samples(): Float32Array {
    const samples: number[] = [];
    for (let step = 0; step <= MATERIAL_STEPS; step++) {
      const place = (step / MATERIAL_STEPS) * (WEDGE_MATERIALS.length - 1);
      const below = Math.min(Math.floor(place), WEDGE_MATERIALS.length - 2);
      for (let thickness = 0; thickness <= THICKNESS_STEPS; thickness++) {
        const high = MAX_ATTENUATION * (thickness / THICKNESS_STEPS) ** 2;
        const from = this.#wedges.ratioOf(below, high);
        const ratio = from + (this.#wedges.ratioOf(below + 1, high) - from) * (place - below);
        const pair = { low: Math.min(MAX_ATTENUATION, ratio * high), high };
        samples.push(...this.colourOf(pair), pair.low, pair.high);
      }
    }
    return Float32Array.from(samples);
  }
}

const shareOf = (fraction: number, upper: number): number =>
  upper === 1 ? fraction : 1 - fraction;

function nearest(
  samples: Float32Array,
  red: number,
  green: number,
  blue: number,
): readonly [low: number, high: number] {
  let best = Infinity;
  let found = 0;
  for (let at = 0; at < samples.length; at += 5) {
    const r = (samples[at] ?? 0) - red;
    const g = (samples[at + 1] ?? 0) - green;
    const b = (samples[at + 2] ?? 0) - blue;
    const distance = r * r + g * g + b * b;
    if (distance >= best) continue;
    best = distance;
    found = at;
  }
  return [samples[found + 3] ?? 0, samples[found + 4] ?? 0];
}
