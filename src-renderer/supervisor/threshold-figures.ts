import type { ThresholdView } from '../../src-shared/contract/contract';
import { benignBagRate, displayScoreOfShare } from '../../src-shared/screening/calibration';
import type { Interval } from '../../src-shared/screening/share-intervals';
import { intervalOfShare } from '../../src-shared/screening/share-intervals';

/** Share of a calibration's benign bags that alarmed at a φ, as observed. */
export interface ObservedShare {
  readonly threshold: number;
  readonly share: number;
}

/** The 95 % interval of the share of benign bags that alarm at φ; null where none is known. */
export function intervalAt(
  calibration: ThresholdView['calibration'],
  threshold: number,
): Interval | null {
  if (calibration === null || calibration.intervals.length === 0) return null;
  return intervalOfShare(calibration.intervals, benignBagRate(threshold));
}

/** What was seen at the highest observed φ not above the one asked for; null below the first. */
export function observedAt(
  observed: readonly ObservedShare[],
  threshold: number,
): ObservedShare | null {
  let found: ObservedShare | null = null;
  for (const entry of observed) {
    if (entry.threshold > threshold + 1e-9) continue;
    if (found === null || entry.threshold > found.threshold) found = entry;
  }
  return found;
}

/** A share in percent with no more figures than it deserves, e.g. `9.8 %`, `0.05 %`. */
export function percentWords(share: number): string {
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent >= 99.5) return '100 %';
  const digits = percent >= 10 ? 0 : Math.min(4, 1 - Math.floor(Math.log10(percent)));
  return `${Number(percent.toFixed(digits))} %`;
}

/** The chart's axes: φ grows to the right, shares fall by decades from 100 %. */
export interface ChartScale {
  readonly highestThreshold: number;
  readonly lowestShare: number;
  toX(threshold: number): number;
  toY(share: number): number;
}

/** Plots into a box of pixels; the axis reaches φ 0.8, or 1 where a φ lies beyond. */
export function chartScale(
  plot: { left: number; top: number; width: number; height: number },
  thresholds: readonly number[],
): ChartScale {
  const highestThreshold = thresholds.some((threshold) => threshold > 0.8) ? 1 : 0.8;
  const lowestShare = benignBagRate(highestThreshold);
  return {
    highestThreshold,
    lowestShare,
    toX: (threshold) => plot.left + (plot.width * threshold) / highestThreshold,
    toY: (share) =>
      plot.top +
      (plot.height * displayScoreOfShare(Math.max(share, lowestShare))) / highestThreshold,
  };
}
