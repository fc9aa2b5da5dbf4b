import type { Decision } from '../../src-shared/domain/review';
import type { DecisionRecord } from '../store/store-record';

/** The contract's Decision, without the bag that the record adds. */
export function decisionOf(record: DecisionRecord): Decision {
  const { id, presentationId, outcome, machine, note, decidedBy, decidedAt, supersedes } = record;
  return { id, presentationId, outcome, machine, note, decidedBy, decidedAt, supersedes };
}
