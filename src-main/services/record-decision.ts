import type { Decided, Decision } from '../../src-shared/domain/review';
import type { ScreeningStore } from '../store/screening-store';
import type { DecisionRecord } from '../store/store-record';
import type { AccountsService } from './accounts-service';
import { newId } from './clock';
import { decisionOf } from './decision-of';
import type { Projector } from './projector';
import type { DecisionSent } from './require-decidable';
import type { Showing } from './showing';

export interface RecordDecisionParts {
  readonly store: ScreeningStore;
  readonly accounts: AccountsService;
  readonly projector: Projector | null;
}

export interface RecordedDecision extends Decided {
  /** The bag's decision; null where a projection was decided on and the bag waits on. */
  readonly record: DecisionRecord | null;
}

/** Records what was decided on the bag on screen; when it resolves, it is on disk. */
export async function recordDecision(
  { store, accounts, projector }: RecordDecisionParts,
  shown: Showing,
  sent: DecisionSent,
  cause: Decision['cause'],
  decidedAt: string,
): Promise<RecordedDecision> {
  const { session, record: presentation, queued } = shown.parts;
  // A bag sent to search before scoring ended was decided without the machine.
  const machine = shown.alarm?.state ?? 'unscored';
  const { tip: plan } = queued;
  if (plan !== null && projector !== null) {
    const of = { presentation, queued, plan, session, machine };
    const tip = await projector.resolve({ ...of, ...sent, cause, decidedAt });
    if (tip !== null) {
      shown.decided = true;
      return { decision: null, tip, record: null };
    }
    queued.tip = null;
  }
  const record: DecisionRecord = {
    id: newId(),
    bagId: presentation.bagId,
    presentationId: presentation.id,
    outcome: sent.outcome,
    machine,
    ...{ note: sent.note, marks: [...sent.marks], reason: sent.reason, cause },
    decidedBy: session.accountId,
    decidedAt,
    supersedes: shown.lastDecisionId,
  };
  await store.append(...shown.alarmsToRecord(decidedAt), { kind: 'decision', record });
  shown.alarmsRecorded = true;
  shown.decided = true;
  shown.decision = decisionOf(record, accounts.nameOf);
  shown.lastDecisionId = record.id;
  return { decision: shown.decision, tip: projector?.decided(record, queued) ?? null, record };
}
