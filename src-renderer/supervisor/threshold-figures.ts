import { benignBagRate, displayScoreOfShare } from '../../src-shared/screening/calibration';

/** Share of a calibration's benign bags that alarmed at a φ, as observed. */
export interface ObservedShare {
  readonly threshold: number;
  readonly share: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const Z_95 = 1.959964;

/**
 * 95 % interval of a share seen in `total` bags: Wilson's score interval (Wilson 1927), which stays
 * in [0, 1] and keeps its width where nothing was seen.
 */
export function wilsonInterval(share: number, total: number): Interval {
  if (total <= 0) return { low: 0, high: 1 };
  const z2 = Z_95 ** 2;
  const middle = (share + z2 / (2 * total)) / (1 + z2 / total);
  const half =
    (Z_95 / (1 + z2 / total)) * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
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
