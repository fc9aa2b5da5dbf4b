import type { QueueSnapshot } from '../../src-shared/contract/contract';
import type { QueueItem } from '../../src-shared/domain/review';
import type { ScreeningStore } from '../store/screening-store';
import type { AccountsService } from './accounts-service';
import { bagErrorOf } from './bag-error';
import { decisionOf } from './decision-of';
import type { DutyService } from './duty-service';
import type { QueuedBag } from './queued-bag';
import type { ReleaseService } from './release-service';
import type { ReviewService } from './review-service';
import type { ScreeningService } from './screening-service';
import { RECALL_LIMIT } from './screening-service';
import type { SessionService } from './session-service';
import type { SiteService } from './site-service';

/** Waiting bags that a snapshot lists; how many wait in all stands beside them. */
export const LISTED_LIMIT = 200;

interface QueueParts {
  readonly store: ScreeningStore;
  readonly queue: ScreeningService;
  readonly review: ReviewService;
  readonly site: SiteService;
  readonly session: SessionService;
  readonly accounts: AccountsService;
  readonly duty: DutyService;
  readonly releases: ReleaseService;
}

/** The queue as the window shows it, each bag's state at its checkpoint's φ. */
export async function queueSnapshot(parts: QueueParts): Promise<QueueSnapshot> {
  const { store, queue, review, site, session, accounts, duty, releases } = parts;
  const decided = await store.readDecidedBags(RECALL_LIMIT);
  const waiting = queue.waiting;
  const { current: signedIn } = session;
  return {
    waiting: waiting.slice(0, LISTED_LIMIT).map((queued) => itemOf(queued, site)),
    waitingTotal: waiting.length,
    recall: decided.map(({ bag, decision }) => ({
      bagId: bag.id,
      presentationId: decision.presentationId,
      label: bag.label,
      decision: decisionOf(decision, accounts.nameOf),
    })),
    undoUntil: signedIn === null ? null : review.undoUntil(signedIn),
    releasedTotal: releases.releasedTotal,
    duty: signedIn === null ? null : duty.stateOf(signedIn),
  };
}

function itemOf(queued: QueuedBag, site: SiteService): QueueItem {
  const { bag, lane, screened, progress } = queued;
  const { threshold, review } = site.checkpoint(lane.checkpointId);
  const state = queued.state(threshold);
  return {
    bagId: bag.id,
    label: bag.label,
    laneName: lane.name,
    state,
    progress,
    arrivedAt: bag.arrivedAt,
    held: review.mode === 'alarms-only' && screened === null,
    error: screened === null ? null : bagErrorOf(screened.outcome),
  };
}
