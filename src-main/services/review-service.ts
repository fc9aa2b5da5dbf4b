import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Decided, Decision, Presentation } from '../../src-shared/domain/review';
import { UNDO_MS } from '../../src-shared/domain/review';
import type { TipMessage } from '../../src-shared/domain/tip';
import type { ScreeningStore } from '../store/screening-store';
import type { DecisionRecord, StoreRecord } from '../store/store-record';
import type { AccountsService } from './accounts-service';
import type { Clock } from './clock';
import { newId } from './clock';
import { DecisionLimit } from './decision-limit';
import type { DutyService } from './duty-service';
import type { EngineService } from './engine-service';
import { Feed } from './feed';
import { inTurns } from './in-turns';
import { LastDecision } from './last-decision';
import type { ModelsService } from './models-service';
import type { PreparedBag } from './next-bag';
import { NextBag } from './next-bag';
import { openShowing } from './open-showing';
import type { Projector } from './projector';
import type { QueuedBag } from './queued-bag';
import { recordDecision } from './record-decision';
import type { DecisionSent } from './require-decidable';
import { requireDecidable } from './require-decidable';
import type { ScreeningService } from './screening-service';
import type { Session } from './session-service';
import type { Showing } from './showing';
import type { SiteService } from './site-service';
import { TipWindow } from './tip/tip-window';

export interface ReviewOptions {
  readonly store: ScreeningStore;
  readonly accounts: AccountsService;
  readonly screening: ScreeningService;
  readonly engine: EngineService;
  readonly site: SiteService;
  readonly models: ModelsService;
  readonly duty: DutyService;
  /** Null where no threats are projected. */
  readonly projector: Projector | null;
  readonly clock: Clock;
}

export type VisibleBag = Pick<PreparedBag, 'queued' | 'threshold'>;

/** The time for a projected threat is over. */
export interface ThreatOver {
  readonly presentationId: string;
  readonly bagId: string;
  readonly tip: TipMessage;
}

/** What a person does with bags: look, decide, take back, look again. Each is a record before it is answered. */
export class ReviewService {
  /** The presentation on screen has news. */
  readonly changed = new Feed<Presentation>();
  /** A projected threat was on screen until its time was over; the bag itself waits. */
  readonly threatOver = new Feed<ThreatOver>();
  readonly trouble = new Feed<unknown>();
  #onScreen: Showing | null = null;
  readonly #next: NextBag;
  readonly #last: LastDecision;
  readonly #limit: DecisionLimit;
  readonly #tipWindow = new TipWindow();
  /** Calls are served one after the other: each sees what the one before has recorded. */
  readonly #inTurn = inTurns();

  constructor(private readonly options: ReviewOptions) {
    this.#last = new LastDecision(options.clock);
    this.#limit = new DecisionLimit(options.clock);
    this.#next = new NextBag(options);
    options.screening.changed.subscribe((queued) => {
      if (queued === null || queued === this.#onScreen?.queued) this.#publish();
    });
    options.screening.ended.subscribe((queued) => {
      if (queued === this.#onScreen?.queued) void this.#inTurn(() => this.#scoringEnded(queued));
    });
  }

  /**
   * Gets a waiting bag ready to be shown; nothing is recorded.
   * @throws PhiscanError `bag-not-found`
   */
  prepare(session: Session, bagId: string): Promise<PreparedBag> {
    return this.#next.prepare(session, this.#waiting(bagId));
  }

  /**
   * Shows a waiting bag; one that is on screen stays as it is.
   * @throws PhiscanError `bag-not-found`, `review-paused`
   */
  begin(session: Session, bagId: string): Promise<Presentation> {
    return this.#inTurn(async () => {
      const queued = this.#waiting(bagId);
      const shown = this.#onScreen;
      if (shown?.queued === queued && shown.record.accountId === session.accountId) {
        return this.#present(shown);
      }
      return this.#show(session, queued, []);
    });
  }

  /** Shows a decided bag again. @throws PhiscanError `bag-not-found`, `review-paused` */
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
   * @throws PhiscanError `presentation-not-found`, `scoring-not-ended` (clear alone),
   *   `reason-required` (search alone), `already-decided`
   */
  decide(
    session: Session,
    { presentationId, ...sent }: DecisionSent & { readonly presentationId: string },
  ): Promise<Decided> {
    return this.#inTurn(async () => {
      const shown = this.#require(session, presentationId);
      requireDecidable(shown, sent);
      return this.#decide(shown, sent, 'person');
    });
  }

  /** Takes back one's own last decision; the bag is shown again. @throws PhiscanError `nothing-to-undo` */
  undo(session: Session): Promise<Presentation> {
    return this.#inTurn(async () => {
      const last = this.#last.of(session);
      if (last === null) {
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
        ...{ note: '', marks: [], reason: null, cause: 'person' },
        decidedAt: this.options.clock().toISOString(),
        supersedes: decision.id,
      };
      const presentation = await this.#show(session, queued, [
        { kind: 'decision', record: undone },
      ]);
      this.#last.forget();
      this.options.screening.undecided(queued);
      return presentation;
    });
  }

  /** Until when this person's last decision can be taken back; null when there is none to take back. */
  undoUntil(session: Session): string | null {
    return this.#last.untilOf(session);
  }

  /** Takes the bag off the screen, where it waits on; nothing is shown until `resume`. */
  pause(session: Session): Promise<void> {
    return this.#inTurn(async () => {
      await this.options.duty.pause(session);
      this.#takeOffScreen();
    });
  }

  resume(session: Session): Promise<void> {
    return this.#inTurn(() => this.options.duty.resume(session));
  }

  /** The person works on the picture: where there is a time to find a threat in, it is longer. */
  lookLonger(session: Session, presentationId: string): void {
    this.#require(session, presentationId);
    this.#tipWindow.extend(presentationId);
  }

  /** The session has ended or is locked: nothing is on screen, nothing can be taken back; what was undecided waits on. */
  leave(): Promise<void> {
    return this.#inTurn(() => {
      this.#takeOffScreen();
      this.#next.forget();
      this.#last.forget();
      return Promise.resolve();
    });
  }

  /**
   * What this person may see the pictures of: the bag on screen, or the one made ready to follow.
   * @throws PhiscanError `presentation-not-found`
   */
  visible(session: Session, presentationId: string): VisibleBag {
    const next = this.#next.under(session, presentationId);
    return next ?? this.#require(session, presentationId).parts;
  }

  /** What is on screen; null when nothing is. */
  get current(): Presentation | null {
    return this.#onScreen && this.#present(this.#onScreen);
  }

  #waiting(bagId: string): QueuedBag {
    const queued = this.options.screening.waitingBag(bagId);
    if (queued !== null) return queued;
    throw new PhiscanError(
      'bag-not-found',
      'This bag does not wait for a decision. Recall it to see it again.',
    );
  }

  #require(session: Session, presentationId: string): Showing {
    const shown = this.#onScreen;
    if (shown?.record.id === presentationId && shown.record.accountId === session.accountId) {
      return shown;
    }
    throw notOnScreen();
  }

  /** Appends a Presentation after the records given, and puts it on screen. */
  async #show(
    session: Session,
    queued: QueuedBag,
    before: readonly StoreRecord[],
  ): Promise<Presentation> {
    const { store, screening, site, duty } = this.options;
    if (duty.paused) {
      throw new PhiscanError('review-paused', 'The review is paused. Go on with it first.');
    }
    // Held first, so that the machine does not release what a person is about to see.
    screening.hold(queued, site.checkpoint(queued.lane.checkpointId).threshold.bundleId);
    let shown: Showing;
    try {
      const ready = await this.#next.take(session, queued);
      shown = await openShowing(this.options, ready, before, this.#now());
      const alarms = shown.alarmsToRecord(this.#now());
      await store.append(...before, { kind: 'presentation', record: shown.record }, ...alarms);
      shown.alarmsRecorded = alarms.length > 0;
      if (this.#onScreen?.queued !== queued) this.#takeOffScreen();
      this.#onScreen = shown;
    } catch (fault) {
      const onScreen = this.#onScreen;
      // What stays on screen keeps the bundle that its own record names.
      if (queued === onScreen?.queued) screening.hold(queued, onScreen.record.bundleId);
      else screening.release(queued);
      throw fault;
    }
    await duty.shown(session);
    // Scoring may have ended while the presentation was being recorded.
    await this.#scoringEnded(queued);
    return this.#present(shown);
  }

  /** When it resolves, the decision is recorded; the bag has left the queue unless a projection was decided on. */
  async #decide(shown: Showing, sent: DecisionSent, cause: Decision['cause']): Promise<Decided> {
    const { record, ...decided } = await recordDecision(
      this.options,
      shown,
      sent,
      cause,
      this.#now(),
    );
    this.#limit.stop();
    this.#tipWindow.stop();
    if (record === null) {
      this.#last.forget();
      this.#takeOffScreen();
      this.options.screening.withoutThreat(shown.queued);
    } else {
      this.#last.remember(shown.parts.session, { decision: record, queued: shown.queued });
      this.options.screening.decided(shown.queued);
    }
    return decided;
  }

  /** The person's time is over: the bag goes to search, or stays where the rules say so. */
  async #outOfTime(shown: Showing): Promise<void> {
    if (this.#onScreen !== shown || shown.decided) return;
    const nothing = { note: '', marks: [], reason: null };
    let decided: Decided;
    try {
      decided = await this.#decide(shown, { outcome: 'search', ...nothing }, 'time-limit');
    } catch (fault) {
      this.trouble.publish(fault);
      throw fault;
    }
    const { tip, decision } = decided;
    if (decision !== null || tip === null) this.changed.publish(this.#present(shown));
    else
      this.threatOver.publish({ presentationId: shown.record.id, bagId: shown.record.bagId, tip });
  }

  /** The time to find a threat in is over, if there was one to find. */
  async #threatTimeOver(shown: Showing): Promise<void> {
    const { queued, decided } = shown;
    if (this.#onScreen !== shown || decided || queued.tip === null) return;
    if ((await this.options.projector?.holds(queued.tip)) === true) await this.#outOfTime(shown);
  }

  #takeOffScreen(): void {
    const shown = this.#onScreen;
    this.#onScreen = null;
    this.#limit.stop();
    this.#tipWindow.stop();
    this.options.duty.left();
    if (shown !== null) this.options.screening.release(shown.queued);
  }

  /** Once the bag on screen is scored, its alarms are recorded and the time to decide begins. */
  async #scoringEnded(queued: QueuedBag): Promise<void> {
    const shown = this.#onScreen;
    if (shown?.queued !== queued || shown.decided || shown.alarm === null) return;
    // A recalled bag is looked at without haste: its decision stands.
    if (shown.limit === null && shown.decision === null) {
      shown.limit = this.#limit.start(shown.parts.rules, () =>
        this.#inTurn(() => this.#outOfTime(shown)),
      );
      if (shown.limit !== null) this.changed.publish(this.#present(shown));
    }
    if (queued.tip !== null) {
      this.#tipWindow.start(shown.record.id, queued.tip, () =>
        this.#inTurn(() => this.#threatTimeOver(shown)),
      );
    }
    const alarms = shown.alarmsToRecord(this.#now());
    if (alarms.length === 0) return;
    try {
      await this.options.store.append(...alarms);
      shown.alarmsRecorded = true;
    } catch (fault) {
      // What cannot be recorded now is recorded with the decision, or the decision is refused.
      this.trouble.publish(fault);
    }
  }

  #now(): string {
    return this.options.clock().toISOString();
  }

  #present(shown: Showing): Presentation {
    return shown.present(this.options.engine.state.description);
  }

  #publish(): void {
    if (this.#onScreen !== null) this.changed.publish(this.#present(this.#onScreen));
  }
}

const notOnScreen = (): PhiscanError =>
  new PhiscanError('presentation-not-found', 'This bag is no longer on screen. Show it again.');
