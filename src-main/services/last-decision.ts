import { UNDO_MS } from '../../src-shared/domain/review';
import type { DecisionRecord } from '../store/store-record';
import type { Clock } from './clock';
import type { QueuedBag } from './queued-bag';
import type { Session } from './session-service';

export interface UndoableDecision {
  readonly decision: DecisionRecord;
  readonly queued: QueuedBag;
}

/** The decision that can still be taken back, by the person who took it. */
export class LastDecision {
  #last: (UndoableDecision & { readonly accountId: string }) | null = null;

  constructor(private readonly clock: Clock) {}

  remember({ accountId }: Session, last: UndoableDecision): void {
    this.#last = { ...last, accountId };
  }

  forget(): void {
    this.#last = null;
  }

  /** This person's decision, while it can be taken back. */
  of(session: Session): UndoableDecision | null {
    return this.untilOf(session) === null ? null : this.#last;
  }

  /** Until when this person's last decision can be taken back; null when there is none to take back. */
  untilOf(session: Session): string | null {
    if (this.#last?.accountId !== session.accountId) return null;
    const untilMs = Date.parse(this.#last.decision.decidedAt) + UNDO_MS;
    return this.clock().getTime() <= untilMs ? new Date(untilMs).toISOString() : null;
  }
}
