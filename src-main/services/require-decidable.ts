import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Mark } from '../../src-shared/domain/mark';
import type { DecisionOutcome } from '../../src-shared/domain/review';
import type { Showing } from './showing';

/** What a person sends when they decide. */
export interface DecisionSent {
  readonly outcome: DecisionOutcome;
  readonly note: string;
  readonly marks: readonly Mark[];
  readonly reason: string | null;
}

/**
 * The rules of deciding on what is shown.
 * @throws PhiscanError `already-decided`, `scoring-not-ended`, `reason-required`, `request-invalid`
 */
export function requireDecidable(shown: Showing, sent: DecisionSent): void {
  const { alarm } = shown;
  if (shown.decided) {
    throw new PhiscanError(
      'already-decided',
      'This bag was decided already. Recall it to decide again.',
    );
  }
  if (sent.outcome === 'clear' && alarm === null) {
    throw new PhiscanError(
      'scoring-not-ended',
      'Scoring goes on: a bag can be cleared once it has ended. It can be sent to search now.',
    );
  }
  if (sent.outcome === 'rescan' && alarm?.state !== 'unscored') {
    throw new PhiscanError(
      'request-invalid',
      'A bag is scanned again where it could not be scored. Clear this one or send it to search.',
    );
  }
  if (sent.outcome === 'search') requireWhy(shown, sent);
}

function requireWhy({ parts }: Showing, { marks, reason }: DecisionSent): void {
  if (reason === null ? marks.length > 0 : parts.rules.searchReasons.includes(reason)) return;
  throw new PhiscanError(
    'reason-required',
    `A search needs a mark on the picture or a reason of the checkpoint's list; ${
      reason === null ? 'neither was given' : `“${reason}” is not on it`
    }. Mark what is to be looked for, or choose a reason.`,
  );
}
