import type { Mark } from '../../src-shared/domain/mark';
import type { Decision, DecisionOutcome } from '../../src-shared/domain/review';
import type { MachineState } from '../../src-shared/domain/screening-outcome';
import type { Lane } from '../../src-shared/domain/site';
import type { TipMessage } from '../../src-shared/domain/tip';
import type { BagRecord, DecisionRecord, PresentationRecord } from '../store/store-record';
import type { QueuedBag } from './queued-bag';
import type { Session } from './session-service';
import type { TipPlan } from './tip/tip-plan';

/** What a person decided on a presentation that showed a projected threat. */
export interface ProjectionDecided {
  readonly presentation: PresentationRecord;
  readonly queued: QueuedBag;
  readonly plan: TipPlan;
  readonly session: Session;
  readonly outcome: DecisionOutcome;
  readonly marks: readonly Mark[];
  readonly cause: Decision['cause'];
  /** The machine's word on the composite. */
  readonly machine: MachineState;
  readonly decidedAt: string;
}

/**
 * Says which bags carry a projected threat, and learns what people say of them. A bag that carries
 * one is a composite from its arrival on, for the queue, the engine and the window alike: nothing
 * about it differs from another bag before it is decided on.
 */
export interface Projector {
  /** The threat that a bag carries; null for most. The same bag carries the same one each time. */
  plan(bag: BagRecord, lane: Lane): Promise<TipPlan | null>;
  /** False where nothing could be projected: the composite is the bag's own scan. */
  holds(plan: TipPlan): Promise<boolean>;
  /**
   * Records what was decided; no record may speak of the threat before. Null where there was none
   * to decide on: then the decision is on the bag itself.
   */
  resolve(decided: ProjectionDecided): Promise<TipMessage | null>;
  /** A bag itself was decided on: what to tell the person of it, if anything. */
  decided(decision: DecisionRecord, queued: QueuedBag): TipMessage | null;
}
