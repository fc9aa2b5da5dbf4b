import type { TipMessage } from '../../src-shared/domain/tip';
import { categoryWords } from '../messages/category-words';
import { t } from '../messages/translate';

interface TipWords {
  readonly sign: string;
  readonly title: string;
  /** Why, and what is to be done now. */
  readonly next: string;
}

/** What a person is told of projected threats after a decision. */
export function tipWords(tip: TipMessage): TipWords {
  if (tip.result === 'no-projection') {
    return { sign: '○', title: t('tip.none'), next: t('tip.none.next') };
  }
  const what = categoryWords(tip.category);
  if (tip.result === 'hit')
    return { sign: '✓', title: t('tip.hit', { what }), next: t('tip.next') };
  return { sign: '!', title: t('tip.miss', { what }), next: t(`tip.miss.${tip.cause}`) };
}
