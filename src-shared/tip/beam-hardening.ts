import {
  NOMINAL_HIGH_WEIGHTS,
  NOMINAL_LOW_WEIGHTS,
  WEDGE_MATERIALS,
} from '../imaging/material-wedges';
import type { AttenuationPair } from './palette-inverse';
import type { ThreatPose, ThreatProjection } from './threat-projection';
import { poseMatrix } from './threat-projection';

/** Thicknesses in cm of two materials that attenuate both channels as something does. */
type Equivalent = readonly [organic: number, metal: number];

const perCmOf = (name: string): readonly number[] =>
  WEDGE_MATERIALS.find((material) => material.name === name)?.perCm ?? [];
const ORGANIC = perCmOf('water');
const METAL = perCmOf('steel');

const NEWTON_STEPS = 12;
const CLOSE_ENOUGH = 1e-4;
/** A bag takes no more than this share off a threat's attenuation; more is a failed inverse. */
const MOST_LOSS = 0.6;
/** Attenuation under which a threat's share of the beam is too small to be corrected. */
const LEAST_ATTENUATION = 0.004;
/** Over this nothing measurable passes, and there is nothing to correct. */
const MOST_ATTENUATION = 8;
/** The bag's own noise must not enter: its attenuation is the mean over so many pixels either way. */
const MEAN_REACH_PX = 2;

/**
 * What a threat takes from a beam that a bag has hardened. A channel is not one energy: a bag takes
 * the soft part of the spectrum first, and what lies behind it then attenuates less than on air.
 * Both are brought to equivalent thicknesses of water and steel in a nominal spectrum (two
 * materials span the attenuation of most others: Alvarez and Macovski, Phys. Med. Biol. 21, 1976),
 * and the threat's attenuation is the difference of bag with threat and bag alone.
 */
export function behindBag(bag: AttenuationPair, threat: AttenuationPair): AttenuationPair {
  if (bag.low <= 0.01 || bag.low > MOST_ATTENUATION || threat.low > MOST_ATTENUATION) return threat;
  const before = equivalentOf(bag);
  const added = equivalentOf(threat);
  if (before === null || added === null) return threat;
  const alone = attenuationOf(before);
  const both = attenuationOf([before[0] + added[0], before[1] + added[1]]);
  return {
    low: plausible(both.low - alone.low, threat.low),
    high: plausible(both.high - alone.high, threat.high),
  };
}

const plausible = (found: number, onAir: number): number =>
  Number.isFinite(found) ? Math.min(onAir, Math.max((1 - MOST_LOSS) * onAir, found)) : onAir;

function attenuationOf([organic, metal]: Equivalent): AttenuationPair {
  let low = 0;
  let high = 0;
  for (let bin = 0; bin < ORGANIC.length; bin++) {
    const passed = Math.exp(-(ORGANIC[bin] ?? 0) * organic - (METAL[bin] ?? 0) * metal);
    low += (NOMINAL_LOW_WEIGHTS[bin] ?? 0) * passed;
    high += (NOMINAL_HIGH_WEIGHTS[bin] ?? 0) * passed;
  }
  return { low: -Math.log(low), high: -Math.log(high) };
}

/** Newton's method on both channels; null where it does not arrive. */
function equivalentOf(pair: AttenuationPair): Equivalent | null {
  let organic = pair.high / 0.17;
  let metal = 0;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const sums = { low: 0, high: 0, lowO: 0, lowM: 0, highO: 0, highM: 0 };
    for (let bin = 0; bin < ORGANIC.length; bin++) {
      const [o, m] = [ORGANIC[bin] ?? 0, METAL[bin] ?? 0];
      const passed = Math.exp(-o * organic - m * metal);
      const low = (NOMINAL_LOW_WEIGHTS[bin] ?? 0) * passed;
      const high = (NOMINAL_HIGH_WEIGHTS[bin] ?? 0) * passed;
      sums.low += low;
      sums.high += high;
      sums.lowO += o * low;
      sums.lowM += m * low;
      sums.highO += o * high;
      sums.highM += m * high;
    }
    const missing = {
      low: pair.low + Math.log(sums.low),
      high: pair.high + Math.log(sums.high),
    };
    if (Math.abs(missing.low) + Math.abs(missing.high) < CLOSE_ENOUGH) return [organic, metal];
    // Slopes of the attenuations are mean coefficients under what still passes.
    const [a, b] = [sums.lowO / sums.low, sums.lowM / sums.low];
    const [c, d] = [sums.highO / sums.high, sums.highM / sums.high];
    const determinant = a * d - b * c;
    if (Math.abs(determinant) < 1e-9) return null;
    organic += (d * missing.low - b * missing.high) / determinant;
    metal += (a * missing.high - c * missing.low) / determinant;
    if (!Number.isFinite(organic) || !Number.isFinite(metal)) return null;
  }
  return null;
}

/** Channels of a bag's scan, with the counts of their open beams. */
export interface BagChannels {
  readonly low: Uint16Array;
  readonly high: Uint16Array;
  readonly openLow: number;
  readonly openHigh: number;
  readonly widthPx: number;
}

/**
 * A threat's projection as the beam behind the bag sees it where it is laid. It is made before the
 * projection is cast: a pixel that an opaque edge covers by half is no thin metal.
 * @param pixelPitchMm of the bag's view
 */
export function hardenedThreat(
  threat: ThreatProjection,
  pose: ThreatPose,
  pixelPitchMm: number,
  bag: BagChannels,
): ThreatProjection {
  const low = threat.low.slice();
  const high = threat.high.slice();
  const { widthPx, heightPx } = threat;
  const scale = threat.pixelPitchMm / pixelPitchMm;
  const [a, b, c, d] = poseMatrix(pose);
  for (let pixel = 0; pixel < low.length; pixel++) {
    const onAir = { low: low[pixel] ?? 0, high: high[pixel] ?? 0 };
    if (onAir.low < LEAST_ATTENUATION) continue;
    const x = ((pixel % widthPx) - (widthPx - 1) / 2) * scale;
    const y = (Math.floor(pixel / widthPx) - (heightPx - 1) / 2) * scale;
    const column = Math.round(pose.centreX + a * x + b * y);
    const row = Math.round(pose.centreY + c * x + d * y);
    const seen = behindBag(
      {
        low: meanAttenuation(bag.low, bag.openLow, bag.widthPx, column, row),
        high: meanAttenuation(bag.high, bag.openHigh, bag.widthPx, column, row),
      },
      onAir,
    );
    low[pixel] = seen.low;
    high[pixel] = seen.high;
  }
  return { ...threat, low, high };
}

function meanAttenuation(
  counts: Uint16Array,
  open: number,
  widthPx: number,
  column: number,
  row: number,
): number {
  const heightPx = counts.length / widthPx;
  let sum = 0;
  let pixels = 0;
  for (let y = row - MEAN_REACH_PX; y <= row + MEAN_REACH_PX; y++) {
    for (let x = column - MEAN_REACH_PX; x <= column + MEAN_REACH_PX; x++) {
      if (x < 0 || y < 0 || x >= widthPx || y >= heightPx) continue;
      sum += counts[y * widthPx + x] ?? 0;
      pixels++;
    }
  }
  return pixels === 0 ? 0 : Math.log(open / Math.max(sum / pixels, 0.5));
}
