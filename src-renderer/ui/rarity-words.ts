import type { Rarity } from '../../src-shared/domain/review';
import { benignBagRate } from '../../src-shared/screening/calibration';
import type { Interval } from '../../src-shared/screening/share-intervals';
import { t } from '../messages/translate';

/** One benign bag in this many reaches a displayScore: the scale's inverse, 10^(5 s). */
export function oneInOf(displayScore: number): number {
  return 1 / benignBagRate(displayScore);
}

/** A count with no more figures than it deserves: two significant ones. */
export function roundedCount(oneIn: number): string {
  if (oneIn < 10) return oneIn.toFixed(0);
  const magnitude = 10 ** (Math.floor(Math.log10(oneIn)) - 1);
  return (Math.round(oneIn / magnitude) * magnitude).toLocaleString('en-US');
}

/** displayScore and φ as shown: two decimals. */
export function scoreWords(displayScore: number): string {
  return displayScore.toFixed(2);
}

/**
 * How rare a score is, in words. `limit` is the rarest that the calibration supports; without one
 * nothing is claimed.
 */
export function rarityWords(displayScore: number, limit: Rarity | null): string {
  if (limit === null) return t('rarity.unknown');
  const oneIn = oneInOf(displayScore);
  const beyondSample = oneIn > limit.oneIn;
  return raritySaid({ oneIn: beyondSample ? limit.oneIn : oneIn, beyondSample });
}

/** A rarity that main has worked out, in the same words. */
export function raritySaid(rarity: Rarity): string {
  if (rarity.beyondSample) {
    return t('rarity.beyond', { oneIn: Math.floor(rarity.oneIn).toLocaleString('en-US') });
  }
  if (rarity.oneIn < 1.5) return t('rarity.common');
  return t('rarity.about', { oneIn: roundedCount(rarity.oneIn) });
}

/** How sure a rarity is, in words: its 95 % interval; null where there is none. */
export function intervalWords(interval: Interval | null): string | null {
  if (interval === null || Number.isNaN(interval.high)) return null;
  const least = roundedCount(1 / interval.high);
  if (interval.low === 0) return t('rarity.atMost', { least });
  return t('rarity.between', { most: roundedCount(1 / interval.low), least });
}

/** What a φ means for benign bags, in words. */
export function thresholdWords(threshold: number, limit: Rarity | null): string {
  const oneIn = oneInOf(threshold);
  if (limit !== null && oneIn > limit.oneIn) {
    return t('threshold.meaningBeyond', { oneIn: Math.floor(limit.oneIn).toLocaleString('en-US') });
  }
  if (oneIn < 1.05) return t('threshold.meaningEvery');
  return t('threshold.meaning', { oneIn: roundedCount(oneIn) });
}
