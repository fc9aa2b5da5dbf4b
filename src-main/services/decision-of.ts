import type { Decision } from '../../src-shared/domain/review';
import type { DecisionRecord } from '../store/store-record';

/** A decision as the window has it: with the name of who decided, without the bag. */
export function decisionOf(
  record: DecisionRecord,
  nameOf: (accountId: string) => string,
): Decision {
  const { id, presentationId, outcome, machine, note, marks, reason, cause } = record;
  const { decidedBy, decidedAt, supersedes } = record;
  return {
    ...{ id, presentationId, outcome, machine, note, marks, reason, cause },
    ...{ decidedBy, decidedAt, supersedes },
    decidedByName: nameOf(decidedBy),
  };
}
