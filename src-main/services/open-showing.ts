import { coversScanner } from '../../src-shared/screening/scanner-kind';
import type { ScreeningStore } from '../store/screening-store';
import type { DecisionRecord, PresentationRecord, StoreRecord } from '../store/store-record';
import type { AccountsService } from './accounts-service';
import { decisionOf } from './decision-of';
import type { PreparedBag } from './next-bag';
import { Showing } from './showing';
import type { SiteService } from './site-service';

export interface OpenShowingParts {
  readonly store: ScreeningStore;
  readonly site: SiteService;
  readonly accounts: AccountsService;
}

/**
 * What puts a bag on screen, with its Presentation, which is not yet recorded.
 * @param before records that are appended with it and may end the bag's chain of decisions
 */
export async function openShowing(
  { store, site, accounts }: OpenShowingParts,
  ready: PreparedBag,
  before: readonly StoreRecord[],
  shownAt: string,
): Promise<Showing> {
  const { session, queued, threshold, calibration } = ready;
  const { bag, lane, screened } = queued;
  const decisions = await store.readDecisions(bag.id);
  const head = before.reduce<DecisionRecord | undefined>(
    (last, entry) => (entry.kind === 'decision' ? entry.record : last),
    decisions.at(-1),
  );
  const record: PresentationRecord = {
    id: ready.presentationId,
    bagId: bag.id,
    accountId: session.accountId,
    laneId: lane.id,
    sha256: screened?.outcome.state === 'screened' ? screened.outcome.sha256 : ready.sha256,
    thresholdId: threshold.id,
    bundleId: threshold.bundleId,
    calibrated: coversScanner(calibration, lane.scannerKind),
    shownAt,
  };
  const inForce = head === undefined || head.outcome === 'undone' ? null : head;
  return new Showing({
    ...{ session, record, queued, threshold, calibration },
    rules: site.checkpoint(lane.checkpointId).review,
    decision: inForce && decisionOf(inForce, accounts.nameOf),
    lastDecisionId: head?.id ?? null,
  });
}
