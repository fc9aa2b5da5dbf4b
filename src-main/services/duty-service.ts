import type { Duty } from '../../src-shared/contract/contract';
import type { ReviewRules } from '../../src-shared/domain/review-rules';
import type { ScreeningStore } from '../store/screening-store';
import type { SessionEventKind } from '../store/store-record';
import type { Clock } from './clock';
import { newId } from './clock';
import { Feed } from './feed';
import type { Session } from './session-service';

/** Who goes on after the duty time is asked to hand over again after this long. */
const ASK_AGAIN_MS = 5 * 60_000;
const MINUTE_MS = 60_000;
/** As far back as a stretch of review is looked for in the records. */
const LOOK_BACK_MS = 12 * 60 * MINUTE_MS;

export interface DutyOptions {
  readonly store: ScreeningStore;
  readonly clock: Clock;
  /** The rules in force at the lane in use. */
  readonly rules: () => ReviewRules;
}

/** One person's stretch of review without a break. */
interface Stretch {
  readonly accountId: string;
  readonly begunMs: number;
  /** When a bag was last on screen; null while one is. */
  offMs: number | null;
  /** Review at which a hand-over is asked for next. */
  askAtMs: number;
  asked: boolean;
}

/**
 * How long the person at the screen has reviewed without a break. A break is a time without a bag
 * on screen: signed out, locked, paused, or an empty queue. Signing in again goes on from the
 * records, so that it is no break.
 */
export class DutyService {
  readonly changed = new Feed<null>();
  readonly trouble = new Feed<unknown>();
  #stretch: Stretch | null = null;
  #paused = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: DutyOptions) {}

  get paused(): boolean {
    return this.#paused;
  }

  /** A bag has come on screen. */
  async shown(session: Session): Promise<void> {
    const nowMs = this.#nowMs();
    if (this.#stretch?.accountId !== session.accountId) {
      const begunMs = (await this.#begunBefore(session.accountId, nowMs)) ?? nowMs;
      this.#stretch = this.#newStretch(session.accountId, begunMs);
    } else if (this.#isBreak(this.#stretch.offMs, nowMs)) {
      this.#stretch = this.#newStretch(session.accountId, nowMs);
    }
    this.#stretch.offMs = null;
    this.#schedule();
  }

  /** No bag is on screen any more. */
  left(): void {
    if (this.#stretch !== null) this.#stretch.offMs ??= this.#nowMs();
    this.#schedule();
  }

  async pause(session: Session): Promise<void> {
    if (this.#paused) return;
    await this.#record('paused', session);
    this.#paused = true;
    this.left();
  }

  async resume(session: Session): Promise<void> {
    if (!this.#paused) return;
    await this.#record('resumed', session);
    this.#paused = false;
    this.changed.publish(null);
  }

  /** Goes on after a hand-over was asked for. */
  async goOn(session: Session): Promise<void> {
    const stretch = this.#stretch;
    if (stretch?.accountId !== session.accountId || !stretch.asked) return;
    await this.#record('hand-over-declined', session);
    stretch.asked = false;
    stretch.askAtMs = this.#reviewMs(stretch) + ASK_AGAIN_MS;
    this.#schedule();
    this.changed.publish(null);
  }

  /** The session ends; one that ends when a hand-over was asked for is one. */
  async ended(session: Session): Promise<void> {
    this.left();
    this.#paused = false;
    const stretch = this.#stretch;
    if (stretch?.accountId !== session.accountId || !stretch.asked) return;
    stretch.asked = false;
    await this.#record('handed-over', session);
  }

  stateOf(session: Session): Duty {
    const now = this.options.clock();
    const own = this.#stretch?.accountId === session.accountId ? this.#stretch : null;
    const isOver = own !== null && this.#isBreak(own.offMs, now.getTime());
    return {
      paused: this.#paused,
      reviewMs: own === null || isOver ? 0 : this.#reviewMs(own),
      asOf: now.toISOString(),
      running: own?.offMs === null,
      dutyMinutes: this.options.rules().dutyMinutes,
      handOverAsked: own !== null && !isOver && own.asked,
    };
  }

  /** Nothing is asked for any more. */
  close(): void {
    this.left();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #newStretch(accountId: string, begunMs: number): Stretch {
    const askAtMs = this.options.rules().dutyMinutes * MINUTE_MS;
    return { accountId, begunMs, offMs: null, askAtMs, asked: false };
  }

  /** When the stretch began that the person's last bags belong to; null after a break. */
  async #begunBefore(accountId: string, nowMs: number): Promise<number | null> {
    const since = new Date(nowMs - LOOK_BACK_MS).toISOString();
    const records = await this.options.store.readPresentationsTo(accountId, since);
    // The bag that has just come on screen may stand among them; it is part of the stretch.
    const timesMs = records.map(({ shownAt }) => Date.parse(shownAt));
    let begunMs: number | null = null;
    let laterMs = nowMs;
    for (const atMs of timesMs.reverse()) {
      if (this.#isBreak(atMs, laterMs)) break;
      begunMs = atMs;
      laterMs = atMs;
    }
    return begunMs;
  }

  #isBreak(offMs: number | null, nowMs: number): boolean {
    return offMs !== null && nowMs - offMs >= this.options.rules().breakMinutes * MINUTE_MS;
  }

  #reviewMs({ begunMs, offMs }: Stretch): number {
    return (offMs ?? this.#nowMs()) - begunMs;
  }

  /** While a bag is on screen, a timer stands for the moment at which the duty time is over. */
  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const stretch = this.#stretch;
    if (stretch === null || stretch.offMs !== null || stretch.asked) return;
    const leftMs = Math.max(0, stretch.askAtMs - this.#reviewMs(stretch));
    this.#timer = setTimeout(() => {
      this.#ask(stretch).catch((fault: unknown) => {
        this.trouble.publish(fault);
      });
    }, leftMs);
    this.#timer.unref();
  }

  async #ask(stretch: Stretch): Promise<void> {
    stretch.asked = true;
    this.changed.publish(null);
    await this.#record('hand-over-asked', stretch);
  }

  async #record(kind: SessionEventKind, { accountId }: { accountId: string }): Promise<void> {
    const at = this.options.clock().toISOString();
    const record = { id: newId(), kind, accountId, at };
    await this.options.store.append({ kind: 'sessionEvent', record });
  }

  #nowMs(): number {
    return this.options.clock().getTime();
  }
}
