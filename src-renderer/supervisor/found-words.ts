import type { TipCount } from '../../src-shared/domain/tip';
import { betaQuantile } from '../../src-shared/screening/beta-distribution';
import { t } from '../messages/translate';
import { percentWords } from './threshold-figures';

/** Share of projected threats that were found, with its exact 95 % interval (Clopper and Pearson). */
export function foundWords({ hits, misses }: TipCount): string {
  const shown = hits + misses;
  if (shown === 0) return '–';
  const low = hits === 0 ? 0 : betaQuantile(0.025, hits, misses + 1);
  const high = misses === 0 ? 1 : betaQuantile(0.975, hits + 1, misses);
  return t('tipDesk.foundShare.interval', {
    share: percentWords(hits / shown),
    low: percentWords(low),
    high: percentWords(high),
  });
}
