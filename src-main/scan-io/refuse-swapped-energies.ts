import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { DualEnergyPixels } from '../../src-shared/domain/scan';
import { COUNTS_SEARCH, findOpenBeam } from '../../src-shared/imaging/find-open-beam';

/** Pixels looked at, spread evenly over the view: the answer is a sum, and not near its limit. */
const SAMPLES = 200_000;
/** Fewer pixels with material than this may be noise, and are not judged by. */
const MIN_MATERIAL_SAMPLES = 300;
/**
 * Transmissions that show material: neither air nor what the noise of few counts rules. Told by
 * the geometric mean of both energies, since a choice by one of them would favour that one.
 */
const MATERIAL_FROM = 0.05;
const MATERIAL_TO = 0.8;
/**
 * The low-energy attenuation may be this share of the high-energy one at least. No material goes
 * under 1; bags measure 1.28 and more, swapped ones under 0.79.
 */
const MIN_ATTENUATION_RATIO = 0.9;

/**
 * Refuses a view whose low-energy picture lets more through than its high-energy one. Between 20
 * and 200 keV every material attenuates low energies more, so that the two must have changed
 * places; the material palette would draw such a bag in the colours of other materials. Views
 * without open beam or with hardly any material show nothing of the kind and are let through.
 * @throws PhiscanError energy-pair-mismatch
 */
export function refuseSwappedEnergies({ low, high }: Omit<DualEnergyPixels, 'kind'>): void {
  const openLow = findOpenBeam(low, COUNTS_SEARCH)?.level;
  const openHigh = findOpenBeam(high, COUNTS_SEARCH)?.level;
  if (openLow === undefined || openHigh === undefined) return;
  const thinnest = -2 * Math.log(MATERIAL_TO);
  const thickest = -2 * Math.log(MATERIAL_FROM);
  const step = Math.max(1, Math.floor(high.length / SAMPLES));
  let material = 0;
  let attenuationLow = 0;
  let attenuationHigh = 0;
  for (let pixel = 0; pixel < high.length; pixel += step) {
    // Where nothing passes there is no logarithm; one count is the least that is known of it.
    const lowHere = -Math.log(Math.max(1, low[pixel] ?? 0) / openLow);
    const highHere = -Math.log(Math.max(1, high[pixel] ?? 0) / openHigh);
    const both = lowHere + highHere;
    if (both < thinnest || both > thickest) continue;
    material += 1;
    attenuationLow += lowHere;
    attenuationHigh += highHere;
  }
  if (material < MIN_MATERIAL_SAMPLES) return;
  if (attenuationLow >= MIN_ATTENUATION_RATIO * attenuationHigh) return;
  throw new PhiscanError(
    'energy-pair-mismatch',
    'The low-energy picture of this scan lets more through than the high-energy one; no material does. The two files are probably swapped. Correct their names, or export the scan again.',
  );
}
