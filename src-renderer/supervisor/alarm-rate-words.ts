import type { ThresholdView } from '../../src-shared/contract/contract';
import { t } from '../messages/translate';
import { oneInOf, roundedCount, thresholdWords } from '../ui/rarity-words';
import { intervalAt } from './threshold-figures';

/**
 * The alarm rate that a φ implies, with its 95 % interval: "about 1 benign bag in 10 alarms,
 * between 1 in 8 and 1 in 13". Beyond what the calibration supports its upper end alone is said.
 */
export function alarmRateWords(
  threshold: number,
  calibration: ThresholdView['calibration'],
): string {
  const limit = calibration?.rarestSupported ?? null;
  const oneIn = oneInOf(threshold);
  const interval = intervalAt(calibration, threshold);
  if (interval === null || limit === null || oneIn < 1.05) return thresholdWords(threshold, limit);
  const most = roundedCount(1 / interval.high);
  if (oneIn > limit.oneIn) return t('threshold.meaningAtMost', { most });
  const about = roundedCount(oneIn);
  if (interval.low === 0) return t('threshold.meaningOrFewer', { oneIn: about, most });
  const least = roundedCount(1 / interval.low);
  if (least === most) return thresholdWords(threshold, limit);
  return t('threshold.meaningBetween', { oneIn: about, most, least });
}
