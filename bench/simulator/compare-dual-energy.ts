import { decode } from 'fast-png';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulateBag } from '../../src-lab/simulator/simulate-bag';
import { COUNTS_SEARCH, findOpenBeam } from '../../src-shared/imaging/find-open-beam';
import { spread, type Spread } from './spread';

/** Statistics of the counts themselves, of pixels behind something (transmission under 0.95). */
interface CountStatistics {
  readonly lowTransmissionMedian: number;
  readonly lowTransmissionP10: number;
  /** ln T_low / ln T_high where ln T_high is 0.3 to 0.8, and where it is 1 to 2. */
  readonly ratioThin: number;
  readonly ratioThick: number;
  /** Noise of neighbouring pixels in the open beam, relative, both channels. */
  readonly airNoiseLow: number;
  readonly airNoiseHigh: number;
}

const MEASURES = [
  'lowTransmissionMedian',
  'lowTransmissionP10',
  'ratioThin',
  'ratioThick',
  'airNoiseLow',
  'airNoiseHigh',
] as const satisfies readonly (keyof CountStatistics)[];

export type CountMeasure = (typeof MEASURES)[number];

/**
 * Compares real 16-bit pairs (`*_low.png`, `*_high.png`) with simulated bags.
 * @param realDirectory folder of pairs; they are read, never copied
 */
export function compareDualEnergy(
  realDirectory: string,
  simulatedBags: number,
  seed: number,
): { realPairs: number; measures: Record<CountMeasure, { real: Spread; simulated: Spread }> } {
  const names = readdirSync(realDirectory)
    .filter((name) => name.endsWith('_low.png'))
    .sort();
  const real = names.map((name) => {
    const low = readCounts(join(realDirectory, name));
    const high = readCounts(join(realDirectory, name.replace('_low', '_high')));
    return countStatistics(low.counts, high.counts, low.widthPx);
  });
  const simulated = Array.from({ length: simulatedBags }, (_, index) => {
    const bag = simulateBag({ seed, index, threat: 'none' });
    return countStatistics(bag.low, bag.high, bag.widthPx);
  });
  const compared = (measure: CountMeasure): { real: Spread; simulated: Spread } => ({
    real: spread(real.map((statistics) => statistics[measure])),
    simulated: spread(simulated.map((statistics) => statistics[measure])),
  });
  const entries = MEASURES.map((measure) => [measure, compared(measure)] as const);
  return {
    realPairs: real.length,
    measures: Object.fromEntries(entries) as Record<
      CountMeasure,
      { real: Spread; simulated: Spread }
    >,
  };
}

function countStatistics(low: Uint16Array, high: Uint16Array, widthPx: number): CountStatistics {
  const openLow = findOpenBeam(low, COUNTS_SEARCH)?.level ?? NaN;
  const openHigh = findOpenBeam(high, COUNTS_SEARCH)?.level ?? NaN;
  const transmissions: number[] = [];
  const thin: number[] = [];
  const thick: number[] = [];
  for (let pixel = 0; pixel < low.length; pixel++) {
    const transmission = (low[pixel] ?? 0) / openLow;
    if (!(transmission < 0.95)) continue;
    transmissions.push(transmission);
    const attenuationHigh = -Math.log(Math.max(1, high[pixel] ?? 0) / openHigh);
    const ratio = -Math.log(Math.max(1, low[pixel] ?? 0) / openLow) / attenuationHigh;
    if (attenuationHigh > 0.3 && attenuationHigh < 0.8) thin.push(ratio);
    if (attenuationHigh > 1 && attenuationHigh < 2) thick.push(ratio);
  }
  return {
    lowTransmissionMedian: quantile(transmissions, 0.5),
    lowTransmissionP10: quantile(transmissions, 0.1),
    ratioThin: quantile(thin, 0.5),
    ratioThick: quantile(thick, 0.5),
    airNoiseLow: airNoise(low, widthPx, openLow),
    airNoiseHigh: airNoise(high, widthPx, openHigh),
  };
}

/** Half the difference of neighbours on a row, both in the open beam, as a deviation. */
function airNoise(counts: Uint16Array, widthPx: number, open: number): number {
  const differences: number[] = [];
  for (let at = 1; at < counts.length; at++) {
    if (at % widthPx === 0) continue;
    const a = counts[at - 1] ?? 0;
    const b = counts[at] ?? 0;
    if (a > open * 0.98 && b > open * 0.98) differences.push(Math.abs(a - b) / open);
  }
  // The median of |a − b| of two normal numbers is 0.9539 of their deviation.
  return quantile(differences, 0.5) / 0.9539;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.round(share * (sorted.length - 1))] ?? 0;
}

function readCounts(path: string): { counts: Uint16Array; widthPx: number } {
  const { data, width } = decode(readFileSync(path));
  return { counts: Uint16Array.from(data), widthPx: width };
}
