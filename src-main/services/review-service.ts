import type { Calibration } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Decision, DecisionOutcome, Presentation } from '../../src-shared/domain/review';
import { UNDO_MS } from '../../src-shared/domain/review';
import type { ScanSource } from '../../src-shared/domain/scan';
import type { ThresholdRecord } from '../../src-shared/domain/site';
import { coversScanner } from '../../src-shared/screening/scanner-kind';
import type { ScreeningStore } from '../store/screening-store';
import type { DecisionRecord, PresentationRecord, StoreRecord } from '../store/store-record';
import type { AccountsService } from './accounts-service';
import type { Clock } from './clock';
import { newId } from './clock';
import { decisionOf } from './decision-of';
import type { EngineService } from './engine-service';
import { Feed } from './feed';
import { hashSource } from './hash-source';
import { inTurns } from './in-turns';
import type { ModelsService } from './models-service';
import { presentBag } from './present-bag';
import type { QueuedBag } from './queued-bag';
import type { ScreeningService } from './screening-service';
import type { Session } from './session-service';
import { shownAlarmsOf } from './shown-alarms-of';
import type { SiteService } from './site-service';

export interface ReviewOptions {
  readonly store: ScreeningStore;
  readonly accounts: AccountsService;
  readonly screening: ScreeningService;
  readonly engine: EngineService;
  readonly site: SiteService;
  readonly models: ModelsService;
  readonly clock: Clock;
}

/** The presentation on screen. */
interface OnScreen {
  readonly record: PresentationRecord;
  readonly queued: QueuedBag;
  readonly threshold: ThresholdRecord;
  readonly calibration: Calibration | null;
  /** The decision in force on the bag. */
  decision: Decision | null;
  /** The last link of the bag's chain of decisions, which the next one supersedes. */
  lastDecisionId: string | null;
  alarmsRecorded: boolean;
  decided: boolean;
}

interface LastDecision {
  readonly accountId: string;
  readonly decision: DecisionRecord;
  readonly queued: QueuedBag;
}

/** What a person does with bags: look, decide, take back, look again. Each is a record before it is answered. */
export class ReviewService {
  /** The presentation on screen has news. */
  readonly changed = new Feed<Presentation>();
  readonly trouble = new Feed<unknown>();
  #onScreen: OnScreen | null = null;
  #last: LastDecision | null = null;
  /** Calls are served one after the other: each sees what the one before has recorded. */
  readonly #inTurn = inTurns();

  constructor(private readonly options: ReviewOptions) {
    options.screening.changed.subscribe((queued) => {
      if (queued === null || queued === this.#onScreen?.queued) this.#publish();
    });
    options.screening.ended.subscribe((queued) => {
      if (queued === this.#onScreen?.queued)
        void this.#inTurn(() => this.#recordLateAlarms(queued));
    });
  }

  /** Shows a waiting bag. @throws PhiscanError `bag-not-found` */
  begin(session: Session, bagId: string): Promise<Presentation> {
    return this.#inTurn(async () => {
      const queued = this.options.screening.waitingBag(bagId);
      if (queued === null) {
        throw new PhiscanError(
          'bag-not-found',
          'This bag does not wait for a decision. Recall it to see it again.',
        );
      }
      return this.#show(session, queued, []);
    });
  }

  /** Shows a decided bag again. @throws PhiscanError `bag-not-found` */
  recall(session: Session, bagId: string): Promise<Presentation> {
    return this.#inTurn(async () => {
      const queued = this.options.screening.decidedBag(bagId);
      if (queued === null) {
        throw new PhiscanError('bag-not-found', 'This bag is not among the last decided ones.');
      }
      return this.#show(session, queued, []);
    });
  }

  /**
   * Decides on the bag on screen; when it answers, the decision is on disk.
   * @throws PhiscanError `presentation-not-found`, `scoring-not-ended` (clear alone), `already-decided`
   */
  decide(
    session: Session,
    {
      presentationId,
      outcome,
      note,
    }: { presentationId: string; outcome: DecisionOutcome; note: string },
  ): Promise<Decision> {
    return this.#inTurn(async () => {
      const shown = this.#require(session, presentationId);
      const { queued, record } = shown;
      if (shown.decided) {
        throw new PhiscanError(
          'already-decided',
          'This bag was decided already. Recall it to decide again.',
        );
      }
      const alarm = queued.alarm(shown.threshold);
      if (outcome === 'clear' && alarm === null) {
        throw new PhiscanError(
          'scoring-not-ended',
          'Scoring goes on: a bag can be cleared once it has ended. It can be sent to search now.',
        );
      }
      const decision: DecisionRecord = {
        id: newId(),
        bagId: record.bagId,
        presentationId,
        outcome,
        // A bag sent to search before scoring ended was decided without the machine.
        machine: alarm?.state ?? 'unscored',
        note,
        decidedBy: session.accountId,
        decidedAt: this.options.clock().toISOString(),
        supersedes: shown.lastDecisionId,
      };
      await this.options.store.append(...this.#alarmsToRecord(shown), {
        kind: 'decision',
        record: decision,
      });
      shown.alarmsRecorded = true;
      shown.decided = true;
      shown.decision = decisionOf(decision, this.options.accounts.nameOf);
      shown.lastDecisionId = decision.id;
      this.#last = { accountId: session.accountId, decision, queued };
      this.options.screening.decided(queued);
      return decisionOf(decision, this.options.accounts.nameOf);
    });
  }

  /** Takes back one's own last decision; the bag is shown again. @throws PhiscanError `nothing-to-undo` */
  undo(session: Session): Promise<Presentation> {
    return this.#inTurn(async () => {
      const last = this.#last;
      if (last === null || this.undoUntil(session) === null) {
        throw new PhiscanError(
          'nothing-to-undo',
          `A decision can be taken back within ${UNDO_MS / 1000} s. Recall the bag to decide again.`,
        );
      }
      const { decision, queued } = last;
      const undone: DecisionRecord = {
        ...decision,
        id: newId(),
        outcome: 'undone',
        note: '',
        decidedAt: this.options.clock().toISOString(),
        supersedes: decision.id,
      };
      const presentation = await this.#show(session, queued, [
        { kind: 'decision', record: undone },
      ]);
      this.#last = null;
      this.options.screening.undecided(queued);
      return presentation;
    });
  }

  /** Until when this person's last decision can be taken back; null when there is none to take back. */
  undoUntil(session: Session): string | null {
    if (this.#last?.accountId !== session.accountId) return null;
    const untilMs = Date.parse(this.#last.decision.decidedAt) + UNDO_MS;
    return this.options.clock().getTime() <= untilMs ? new Date(untilMs).toISOString() : null;
  }

  /** The session has ended: nothing is on screen, nothing can be taken back; what was undecided waits on. */
  leave(): Promise<void> {
    return this.#inTurn(() => {
      this.#takeOffScreen();
      this.#last = null;
      return Promise.resolve();
    });
  }

  /** The scan of the presentation on screen. @throws PhiscanError `presentation-not-found` */
  sourceOf(session: Session, presentationId: string): ScanSource {
    return this.#require(session, presentationId).queued.bag.source;
  }

  /** What the presentation's scores belong to; null before it is scored. @throws PhiscanError `presentation-not-found` */
  scoredSha256Of(session: Session, presentationId: string): string | null {
    const outcome = this.#require(session, presentationId).queued.screened?.outcome;
    return outcome?.state === 'screened' ? outcome.sha256 : null;
  }

  /** The bundle that the presentation on screen was begun with. @throws PhiscanError `presentation-not-found` */
  bundleIdOf(session: Session, presentationId: string): string {
    return this.#require(session, presentationId).record.bundleId;
  }

  /** What is on screen; null when nothing is. */
  get current(): Presentation | null {
    return this.#onScreen && this.#present(this.#onScreen);
  }

  #require(session: Session, presentationId: string): OnScreen {
    const shown = this.#onScreen;
    if (shown?.record.id !== presentationId || shown.record.accountId !== session.accountId) {
      throw new PhiscanError(
        'presentation-not-found',
        'This bag is no longer on screen. Show it again.',
      );
    }
    return shown;
  }

  /** Appends a Presentation after the records given, and puts it on screen. */
  async #show(
    session: Session,
    queued: QueuedBag,
    before: readonly StoreRecord[],
  ): Promise<Presentation> {
    const { store, site, models, clock, screening } = this.options;
    const { bag, lane } = queued;
    const { threshold } = site.checkpoint(lane.checkpointId);
    const calibration = await models.calibrationOf(threshold.bundleId);
    const decisions = await store.readDecisions(bag.id);
    const head = before.reduce<DecisionRecord | undefined>(
      (last, entry) => (entry.kind === 'decision' ? entry.record : last),
      decisions.at(-1),
    );
    screening.hold(queued, threshold.bundleId);
    const record: PresentationRecord = {
      id: newId(),
      bagId: bag.id,
      accountId: session.accountId,
      laneId: lane.id,
      sha256: await shaOf(queued),
      thresholdId: threshold.id,
      bundleId: threshold.bundleId,
      calibrated: coversScanner(calibration, lane.scannerKind),
      shownAt: clock().toISOString(),
    };
    const shown: OnScreen = {
      record,
      queued,
      threshold,
      calibration,
      decision:
        head === undefined || head.outcome === 'undone'
          ? null
          : decisionOf(head, this.options.accounts.nameOf),
      lastDecisionId: head?.id ?? null,
      alarmsRecorded: false,
      decided: false,
    };
    const alarms = this.#alarmsToRecord(shown);
    try {
      await store.append(...before, { kind: 'presentation', record }, ...alarms);
    } catch (fault) {
      const onScreen = this.#onScreen;
      // What stays on screen keeps the bundle that its own record names.
      if (queued === onScreen?.queued) screening.hold(queued, onScreen.record.bundleId);
      else screening.release(queued);
      throw fault;
    }
    shown.alarmsRecorded = alarms.length > 0;
    if (this.#onScreen?.queued !== queued) this.#takeOffScreen();
    this.#onScreen = shown;
    // Scoring may have ended while the presentation was being recorded.
    await this.#recordLateAlarms(queued);
    return this.#present(shown);
  }

  #takeOffScreen(): void {
    const shown = this.#onScreen;
    this.#onScreen = null;
    if (shown !== null) this.options.screening.release(shown.queued);
  }

  /** The alarms of a scored bag, unless they stand in the store already. */
  #alarmsToRecord({
    record,
    queued,
    threshold,
    calibration,
    alarmsRecorded,
  }: OnScreen): StoreRecord[] {
    const { screened } = queued;
    const alarm = queued.alarm(threshold);
    if (alarmsRecorded || screened === null || alarm === null) return [];
    const at = this.options.clock().toISOString();
    return [
      { kind: 'shownAlarms', record: shownAlarmsOf(record, calibration, screened, alarm, at) },
    ];
  }

  /** What cannot be recorded now is recorded with the decision, or the decision is refused. */
  async #recordLateAlarms(queued: QueuedBag): Promise<void> {
    const shown = this.#onScreen;
    if (shown?.queued !== queued || shown.decided) return;
    const alarms = this.#alarmsToRecord(shown);
    if (alarms.length === 0) return;
    try {
      await this.options.store.append(...alarms);
      shown.alarmsRecorded = true;
    } catch (fault) {
      this.trouble.publish(fault);
    }
  }

  #present(shown: OnScreen): Presentation {
    return presentBag({ ...shown, engine: this.options.engine.state.description });
  }

  #publish(): void {
    if (this.#onScreen !== null) this.changed.publish(this.#present(this.#onScreen));
  }
}

/** What was scored; before that, what lies on the disk as the bag is shown. */
async function shaOf({ screened, bag }: QueuedBag): Promise<string | null> {
  if (screened?.outcome.state === 'screened') return screened.outcome.sha256;
  return hashSource(bag.source).catch(() => bag.sha256);
}
