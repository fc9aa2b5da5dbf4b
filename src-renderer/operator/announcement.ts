import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import type { Presentation } from '../../src-shared/domain/review';
import { t } from '../messages/translate';
import { shortReason } from '../ui/error-words';
import { scoreWords } from '../ui/rarity-words';
import { headlineOf } from './headline';

/** What a screen reader is told when the bag or its state changes. */
export function announcementOf(presentation: Presentation | null): string {
  const headline = headlineOf(presentation);
  const label = presentation?.label ?? '';
  switch (headline.kind) {
    case 'empty':
      return t('announce.none');
    case 'scoring':
      return t('announce.scoring', { label });
    case 'alarm':
      return t('announce.alarm', {
        label,
        count: headline.alarms,
        display: scoreWords(headline.highest ?? 0),
      });
    case 'no-alarm':
      return t('announce.noAlarm', { label });
    case 'unscored':
      return t('announce.unscored', {
        label,
        reason: headline.reason === null ? '' : shortReason(headline.reason),
      });
    default:
      throw missingCaseError(headline);
  }
}
