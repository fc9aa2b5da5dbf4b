import type { Mark } from '../../src-shared/domain/mark';
import type { Decision, DecisionOutcome, TipMessage } from '../../src-shared/domain/review';
import type { Box } from '../../src-shared/domain/screening-outcome';
import type { ThresholdRecord } from '../../src-shared/domain/site';
import type { TileInspection, ViewDisplay } from '../engine/screener';
import type { DecisionRecord, PresentationRecord } from '../store/store-record';
import type { QueuedBag, ScreenedBag } from './queued-bag';
import type { Session } from './session-service';

/** What stands in for a bag's own scan while it is shown: all that the window learns comes from it. */
export interface Projection {
  /** The composite's outcome, scored before the bag is shown. */
  readonly screened: ScreenedBag;
  display(viewIndex: number): Promise<ViewDisplay>;
  inspectTile(viewIndex: number, tile: Box): Promise<TileInspection>;
}

/** What a person decided on a presentation that showed a projection. */
export interface ProjectionDecided {
  readonly presentation: PresentationRecord;
  readonly queued: QueuedBag;
  readonly projection: Projection;
  readonly session: Session;
  readonly outcome: DecisionOutcome;
  readonly marks: readonly Mark[];
  readonly reason: string | null;
  readonly note: string;
  readonly cause: Decision['cause'];
  readonly decidedAt: string;
}

/** Projects threats into bags before they are shown, and learns what people say of them. */
export interface Projector {
  /**
   * Asked once for each scored bag as it is prepared for showing, while another bag is on screen;
   * null shows the bag itself. Never asked for a bag that somebody was shown before.
   */
  project(queued: QueuedBag, threshold: ThresholdRecord): Promise<Projection | null>;
  /** Records what was decided; no record may speak of the projection before. The bag waits on. */
  resolve(decided: ProjectionDecided): Promise<TipMessage>;
  /** A bag itself was decided on: what to tell the person of it, if anything. */
  decided(decision: DecisionRecord): TipMessage | null;
}
