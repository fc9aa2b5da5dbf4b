import { hueCertainty, MIXED_TO_METAL, ORGANIC_TO_MIXED, smoothstep } from '../material-palette';
import { WedgeCalibration } from '../material-wedges';
import { attenuationOfShare } from './display-view';

/** Entries along each side of the table. */
export const MATERIAL_SIDE = 256;

/**
 * Attenuations of the low channel over which its ratio to the high one stops telling a material:
 * the sample ends at MAX_ATTENUATION, and thick metal would pass for something lighter.
 */
const LOST_FROM_TO: readonly [number, number] = [5.6, 6.4];

let cached: Float32Array | null = null;

/**
 * What a pair of samples is made of, four numbers an entry: how organic, how mixed and how metal it
 * is (they add up to 1), and how certain that is. Columns by the low channel's sample, rows by the
 * high one's, both from 0 to full scale.
 */
export function materialMembers(): Float32Array {
  cached ??= build();
  return cached;
}

function build(): Float32Array {
  const calibration = new WedgeCalibration();
  const members = new Float32Array(MATERIAL_SIDE * MATERIAL_SIDE * 4);
  let to = 0;
  for (let row = 0; row < MATERIAL_SIDE; row++) {
    const high = attenuationOfShare(row / (MATERIAL_SIDE - 1));
    for (let column = 0; column < MATERIAL_SIDE; column++) {
      const low = attenuationOfShare(column / (MATERIAL_SIDE - 1));
      const effectiveZ = calibration.effectiveZ(low, high);
      const heavier = smoothstep(effectiveZ, ...ORGANIC_TO_MIXED);
      const metal = smoothstep(effectiveZ, ...MIXED_TO_METAL);
      members[to++] = 1 - heavier;
      members[to++] = heavier - metal;
      members[to++] = metal;
      members[to++] = hueCertainty(low, high) * (1 - smoothstep(low, ...LOST_FROM_TO));
    }
  }
  return members;
}
