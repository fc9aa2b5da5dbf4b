import { attenuationPerCm } from './materials';

/** How a dual-energy detector line sees an X-ray tube. Thicknesses in mm. */
export interface BeamParameters {
  /** Tube voltage in kV: the greatest photon energy in keV, at most 160. */
  readonly tubeKv: number;
  /** Centres of the energy bins in keV, ascending. */
  readonly binsKev: readonly number[];
  /** Filtration of the whole beam (tube window and housing), as aluminium. */
  readonly aluminiumMm: number;
  /** Copper between the low-energy detector in front and the high-energy one behind it. */
  readonly copperMm: number;
  /** Power of 1/E with which the thin front scintillator's absorption falls. */
  readonly frontFallPower: number;
}

/** Share of each channel's open-beam signal that each bin carries; each sums to 1. */
export interface ChannelWeights {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * Channel weights from Kramers' law (H. A. Kramers, Phil. Mag. 46 (1923) 836): photons per keV of
 * a thick target go as (E₀ − E) / E; an energy-integrating detector weighs each by E and by the
 * share it absorbs; filters multiply by exp(−μt). Characteristic tungsten lines are left out: they
 * lie at 58–69 keV and carry less than a tenth of the signal at 160 kV.
 */
export function channelWeights(beam: BeamParameters): ChannelWeights {
  const widths = binWidths(beam.binsKev, beam.tubeKv);
  const low = new Float64Array(widths.length);
  const high = new Float64Array(widths.length);
  beam.binsKev.forEach((energy, bin) => {
    const bremsstrahlung = Math.max(0, beam.tubeKv - energy) * (widths[bin] ?? 0);
    const housing = Math.exp((-attenuationPerCm('aluminium', energy) * beam.aluminiumMm) / 10);
    const copper = Math.exp((-attenuationPerCm('copper', energy) * beam.copperMm) / 10);
    const front = Math.min(1, Math.pow(50 / energy, beam.frontFallPower));
    low[bin] = bremsstrahlung * housing * front;
    high[bin] = bremsstrahlung * housing * (1 - 0.6 * front) * copper;
  });
  return { low: normalised(low), high: normalised(high) };
}

function binWidths(centres: readonly number[], tubeKv: number): number[] {
  return centres.map((centre, bin) => {
    const below = centres[bin - 1];
    const above = centres[bin + 1];
    const from =
      below === undefined ? centre - ((above ?? tubeKv) - centre) / 2 : (below + centre) / 2;
    const to = above === undefined ? Math.min(tubeKv, 2 * centre - from) : (centre + above) / 2;
    return to - from;
  });
}

function normalised(weights: Float64Array): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
