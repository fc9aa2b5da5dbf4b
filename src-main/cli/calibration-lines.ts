import type { ResplitFigures } from '../../src-lab/evaluation/calibration-resplits';
import type { CalibrationWithIntervals } from '../../src-shared/screening/calibration';
import {
  anomalyScoreAt,
  benignBagRate,
  benignBagRateInterval,
} from '../../src-shared/screening/calibration';
import type { Interval } from '../../src-shared/screening/share-intervals';

/** φ that a new scale is explained at. */
const EXPLAINED_AT = [0.1, 0.2, 0.4, 0.6];

/** A new scale for people: which raw score each φ is now, and the alarm rate that it implies. */
export function calibrationLines(calibration: CalibrationWithIntervals): string[] {
  const { bagMaxima, scannerKinds, pixelKinds, tail } = calibration;
  return [
    `${bagMaxima.length} benign bags, scanner kinds: ${scannerKinds.join(', ')}; pictures: ${pixelKinds.join(', ')}`,
    `tail above A(x) ${tail.threshold.toPrecision(5)}: shape ${tail.shape.toFixed(3)}, scale ${tail.scale.toPrecision(4)}`,
    ...EXPLAINED_AT.map((threshold) => {
      const score = anomalyScoreAt(calibration, threshold).toPrecision(5).padEnd(10);
      const interval = benignBagRateInterval(calibration, threshold);
      return `  φ ${threshold.toFixed(1)}  A(x) ${score}  ${rateLine(benignBagRate(threshold), interval)}`;
    }),
    'Intervals are 95 %, of the true rate on benign bags of the same kind.',
  ];
}

/** "about 1 benign bag in 10 alarms, between 1 in 7.9 and 1 in 13". */
function rateLine(rate: number, interval: Interval | null): string {
  const about = `about 1 benign bag in ${count(1 / rate)} alarms`;
  if (interval === null) return about;
  const { low, high } = interval;
  return low === 0
    ? `${about}, at most 1 in ${count(1 / high)}`
    : `${about}, between 1 in ${count(1 / high)} and 1 in ${count(1 / low)}`;
}

function count(oneIn: number): string {
  return oneIn < 20 ? Number(oneIn.toFixed(1)).toString() : oneIn.toFixed(0);
}

/** How often the promised rate held when one half of the bags made the scale for the other. */
export function resplitLine(figures: ResplitFigures): string {
  const { threshold, inside, resplits, meanAlarmRate, meanInterval } = figures;
  const percent = (share: number): string => (share * 100).toFixed(2);
  return (
    `Resplits, φ ${threshold.toFixed(1)}: in ${inside} of ${resplits} the alarms of the other half lie in the ` +
    `95 % prediction interval (mean ${percent(meanAlarmRate)} %, interval ${percent(meanInterval.low)}–${percent(meanInterval.high)} %)`
  );
}
