import type { BagState } from '../../src-shared/domain/review';

/** Each state has a sign beside its word and colour; what still moves has none. */
export const STATE_SIGNS: Readonly<Record<BagState, string>> = {
  alarm: '▲',
  'no-alarm': '○',
  unscored: '!',
  scoring: '',
  waiting: '',
};

export const DECIDED_SIGN = '✓';
