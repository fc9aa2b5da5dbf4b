/**
 * What a nominal dual-energy scanner measures on step wedges of known materials, and the inverse:
 * from a measured pair of log attenuations to effective atomic number.
 *
 * A channel is not one energy: each sees the beam through a few energy bins, so the ratio
 * R = ln T_low / ln T_high of a metal falls with thickness as the beam hardens. The inverse is
 * therefore made per thickness, from whole wedge curves and not from one R per material.
 *
 * Attenuation coefficients: Elam's tables through xraydb 4.5.8 (NIST XCOM agrees to the digits).
 */

/** Energies of the bins in keV. */
export const NOMINAL_BINS_KEV = [50, 60, 80, 100, 120, 140] as const;

/**
 * Share of a channel's open-beam signal that each bin carries, for a 160 kV tube: the low-energy
 * detector in front, the high-energy one behind a copper filter. Effective energies of thin steel
 * are about 62 and 90 keV; R is 1.11 for polyethylene, 1.16 for water, 1.47 for aluminium and 2.4
 * for thin steel, where dual-energy lane scanners measure 1.2, 1.25, 1.6 and 2.5.
 */
export const NOMINAL_LOW_WEIGHTS = [0.3, 0.3, 0.2, 0.1, 0.06, 0.04] as const;
export const NOMINAL_HIGH_WEIGHTS = [0.03, 0.07, 0.2, 0.25, 0.25, 0.2] as const;

interface WedgeMaterial {
  readonly name: string;
  readonly effectiveZ: number;
  /** Linear attenuation in cm⁻¹ at each bin. */
  readonly perCm: readonly number[];
}

/** In ascending effective Z; each has a higher R than the one before at every thickness. */
export const WEDGE_MATERIALS: readonly WedgeMaterial[] = [
  {
    name: 'polyethylene',
    effectiveZ: 5.5,
    perCm: [0.196, 0.185, 0.171, 0.162, 0.154, 0.147],
  },
  { name: 'water', effectiveZ: 7.4, perCm: [0.227, 0.206, 0.184, 0.171, 0.161, 0.154] },
  {
    name: 'nylon with 33 % glass',
    effectiveZ: 9.5,
    perCm: [0.344, 0.299, 0.256, 0.234, 0.219, 0.208],
  },
  { name: 'aluminium', effectiveZ: 13, perCm: [0.994, 0.75, 0.545, 0.46, 0.414, 0.384] },
  { name: 'titanium', effectiveZ: 22, perCm: [5.46, 3.45, 1.82, 1.22, 0.946, 0.794] },
  { name: 'steel', effectiveZ: 26, perCm: [15.4, 9.48, 4.68, 2.93, 2.12, 1.69] },
  { name: 'copper', effectiveZ: 29, perCm: [23.4, 14.3, 6.84, 4.11, 2.86, 2.2] },
];

/** Greatest attenuation (−ln T) that the wedges cover; beyond it nothing measurable passes. */
export const MAX_ATTENUATION = 7;

/** Attenuation −ln T of both nominal channels behind `thicknessCm` of a material. */
export function attenuationOnWedge(
  perCm: readonly number[],
  thicknessCm: number,
): { low: number; high: number } {
  let low = 0;
  let high = 0;
  NOMINAL_BINS_KEV.forEach((_, bin) => {
    const transmitted = Math.exp(-(perCm[bin] ?? 0) * thicknessCm);
    low += (NOMINAL_LOW_WEIGHTS[bin] ?? 0) * transmitted;
    high += (NOMINAL_HIGH_WEIGHTS[bin] ?? 0) * transmitted;
  });
  return { low: -Math.log(low), high: -Math.log(high) };
}

/** Steps of the calibration along the high channel's attenuation. */
const CURVE_STEPS = 140;

/** R of each wedge material at evenly spaced attenuations of the high channel. */
export class WedgeCalibration {
  private readonly ratios: readonly Float64Array[];

  constructor() {
    this.ratios = WEDGE_MATERIALS.map((material) => ratioCurve(material.perCm));
  }

  /** R that the material of that index shows where the high channel's attenuation is `high`. */
  ratioOf(materialIndex: number, high: number): number {
    const curve = this.ratios[materialIndex];
    if (curve === undefined) throw new RangeError(`no wedge material ${String(materialIndex)}`);
    const position = (Math.min(Math.max(high, 0), MAX_ATTENUATION) / MAX_ATTENUATION) * CURVE_STEPS;
    const below = Math.min(Math.floor(position), CURVE_STEPS - 1);
    const share = position - below;
    return (curve[below] ?? 1) * (1 - share) + (curve[below + 1] ?? 1) * share;
  }

  /**
   * Effective Z for a measured pair of attenuations, by linear interpolation in R between the
   * wedges at that thickness; clamped to the lightest and the heaviest wedge.
   */
  effectiveZ(low: number, high: number): number {
    const ratio = low / Math.max(high, 1e-6);
    let below = WEDGE_MATERIALS[0];
    let ratioBelow = this.ratioOf(0, high);
    if (below === undefined || ratio <= ratioBelow) return below?.effectiveZ ?? 0;
    for (let index = 1; index < WEDGE_MATERIALS.length; index++) {
      const above = WEDGE_MATERIALS[index];
      if (above === undefined) break;
      const ratioAbove = this.ratioOf(index, high);
      if (ratio < ratioAbove) {
        const share = (ratio - ratioBelow) / (ratioAbove - ratioBelow);
        return below.effectiveZ + share * (above.effectiveZ - below.effectiveZ);
      }
      below = above;
      ratioBelow = ratioAbove;
    }
    return below.effectiveZ;
  }
}

function ratioCurve(perCm: readonly number[]): Float64Array {
  const curve = new Float64Array(CURVE_STEPS + 1);
  let thickness = 0;
  for (let step = 0; step <= CURVE_STEPS; step++) {
    const wanted = Math.max((step / CURVE_STEPS) * MAX_ATTENUATION, 1e-3);
    thickness = thicknessForHigh(perCm, wanted, thickness);
    const { low, high } = attenuationOnWedge(perCm, thickness);
    curve[step] = low / high;
  }
  return curve;
}

/** Newton's method; attenuation rises with thickness and is concave, so it converges from below. */
function thicknessForHigh(perCm: readonly number[], wanted: number, start: number): number {
  let thickness = start;
  for (let round = 0; round < 40; round++) {
    const { high } = attenuationOnWedge(perCm, thickness);
    const step = 1e-5 * Math.max(thickness, 1e-3);
    const slope = (attenuationOnWedge(perCm, thickness + step).high - high) / step;
    const next = thickness + (wanted - high) / slope;
    if (Math.abs(next - thickness) <= 1e-9 * next) return next;
    thickness = next;
  }
  return thickness;
}
