import { SvelteSet } from 'svelte/reactivity';
import type { CallResponse, EventPayload, QueueSnapshot } from '../../src-shared/contract/contract';
import type { Mark } from '../../src-shared/domain/mark';
import type { DecisionOutcome, Presentation } from '../../src-shared/domain/review';
import type { TipMessage } from '../../src-shared/domain/tip';
import { t } from '../messages/translate';
import type { Client } from '../state/client.svelte';
import { Marks } from './marks.svelte';
import { decisionRefusal, isOutOfTime, newerReport, nextBag } from './review-rules';

const EMPTY_QUEUE: QueueSnapshot = {
  waiting: [],
  waitingTotal: 0,
  recall: [],
  undoUntil: null,
  releasedTotal: 0,
  duty: null,
};

/** The bag that main has made ready; its pixels are served under the id that it will have. */
type PreparedBag = CallResponse<'presentations.prepare'>;

/** One person's work at the screen: the queue, the bag that is shown, and its decision. */
export class Review {
  queue = $state.raw<QueueSnapshot>(EMPTY_QUEUE);
  presentation = $state.raw<Presentation | null>(null);
  note = $state('');
  readonly marks = new Marks();
  /** Search was pressed without a mark: its reasons are offered. */
  reasonAsked = $state(false);
  /** What is told of projected threats after the last decision. */
  tip = $state.raw<TipMessage | null>(null);
  /** The bag that will follow, once it is ready. */
  next = $state.raw<PreparedBag | null>(null);
  /** A decision is on its way or the next bag is being brought. */
  busy = $state(false);

  readonly #client: Client;
  /** Presentations whose decision has been sent. */
  readonly #sent = new SvelteSet<string>();
  /** Settles when what is going on has ended. */
  #ended: Promise<void> = Promise.resolve();
  #justDecidedBagId: string | null = null;
  /** The last report on a presentation that no answer has named yet. */
  #early: Presentation | null = null;
  /** The bag that was asked to be made ready last. */
  #askedReady = '';
  /** The bag whose projected threat is told of; it follows itself once the person has read that. */
  #toldOfBagId: string | null = null;
  #lookedLongerAt = '';
  /** What went with the last decision, for taking it back. */
  #lastSent: { bagId: string; note: string; marks: readonly Mark[] } | null = null;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Follows the queue until the returned function is called. */
  follow(): () => void {
    const stops = [
      this.#client.on('queue.changed', (queue) => this.#takeQueue(queue)),
      this.#client.on('presentation.changed', (news) => this.#takeNews(news)),
      this.#client.on('presentation.threatOver', (over) => this.#takeThreatOver(over)),
    ];
    void this.refresh();
    return () => stops.forEach((stop) => stop());
  }

  async refresh(): Promise<void> {
    const queue = await this.#client.ask('queue.get', {});
    if (queue !== null) this.#takeQueue(queue);
  }

  /** Shows a waiting bag. */
  async begin(bagId: string): Promise<void> {
    await this.#inTurn(() => this.#bring('presentations.begin', bagId));
  }

  /** Shows a decided bag again; without a name, the last one. */
  async recall(bagId: string | undefined = this.queue.recall[0]?.bagId): Promise<void> {
    if (bagId === undefined) return;
    await this.#inTurn(() => this.#bring('presentations.recall', bagId));
  }

  /** Leaves a recalled bag as it was decided and goes on with the queue. */
  async backToQueue(): Promise<void> {
    this.presentation = null;
    await this.#bringNext();
  }

  /**
   * Sends the decision on the bag that is shown, then brings the next one. A search without a mark
   * asks for its reason first. A decision does not wait its turn: what is pressed while another bag
   * is on its way was not meant for that bag.
   */
  async decide(outcome: DecisionOutcome, reason: string | null = null): Promise<void> {
    const { presentation, marks } = this;
    if (this.busy || presentation === null) return;
    if (decisionRefusal(presentation, outcome, this.#sent) !== null) return;
    if (outcome === 'search' && reason === null && marks.drawn.length === 0) {
      marks.tool = null;
      this.reasonAsked = true;
      return;
    }
    this.reasonAsked = false;
    await this.#inTurn(() => this.#send(presentation, outcome, reason));
  }

  /** Takes back the last decision and shows its bag, with what had been written and drawn. */
  async undo(): Promise<void> {
    await this.#inTurn(async () => {
      const undone = await this.#client.ask('presentations.undo', {});
      if (undone === null) return;
      this.#justDecidedBagId = null;
      const sent = this.#lastSent?.bagId === undone.bagId ? this.#lastSent : null;
      this.#show(undone);
      this.note = sent?.note ?? '';
      this.marks.startAnew(sent?.marks);
    });
  }

  /** Stops for a while, or goes on. */
  async togglePause(): Promise<void> {
    const isPaused = this.queue.duty?.paused === true;
    await this.#inTurn(async () => {
      const queue = await this.#client.ask(isPaused ? 'review.resume' : 'review.pause', {});
      if (queue === null) return;
      if (!isPaused) this.leave();
      this.queue = queue;
    });
    await this.#bringNext();
  }

  /** Goes on after the duty time, instead of handing over. */
  async goOn(): Promise<void> {
    const queue = await this.#client.ask('review.goOn', {});
    if (queue !== null) this.#takeQueue(queue);
  }

  /** The person works on the picture; told for every bag, once. */
  lookLonger(): void {
    const presentationId = this.presentation?.id;
    if (presentationId === undefined || presentationId === this.#lookedLongerAt) return;
    if (this.#sent.has(presentationId)) return;
    this.#lookedLongerAt = presentationId;
    void this.#client.call('presentations.lookLonger', { presentationId });
  }

  /** The person has read what was told of a projected threat. */
  readTip(): void {
    const bagId = this.#toldOfBagId;
    this.tip = null;
    if (bagId !== null) void this.begin(bagId);
  }

  /** Nothing is on screen any more: what was undecided waits on. */
  leave(): void {
    this.#toldOfBagId = null;
    this.tip = null;
    this.presentation = null;
    this.next = null;
    this.#askedReady = '';
    this.#cleanDesk();
  }

  async #send(
    presentation: Presentation,
    outcome: DecisionOutcome,
    reason: string | null,
  ): Promise<void> {
    const { bagId, id } = presentation;
    const sent = { note: this.note.trim(), marks: [...this.marks.drawn] };
    this.#remember(id);
    const answer = await this.#client.call('presentations.decide', {
      ...{ presentationId: id, outcome, reason },
      ...sent,
    });
    this.#client.trouble = answer.ok ? null : answer.error;
    if (!answer.ok && answer.error.code !== 'already-decided') {
      this.#sent.delete(id);
      return;
    }
    this.tip = answer.ok ? answer.value.tip : null;
    if (answer.ok && answer.value.decision === null) {
      this.#tellOfThreat(bagId);
      return;
    }
    this.#lastSent = { bagId, ...sent };
    await this.#goOnFrom(bagId);
  }

  /**
   * The bag carried a projected threat: where it lay is marked on its picture until the person has
   * read of it, and then the bag itself follows, to be decided on.
   */
  #tellOfThreat(bagId: string): void {
    const { tip } = this;
    if (tip !== null && tip.result !== 'no-projection') {
      this.marks.startAnew(tip.places.map((place) => ({ kind: 'box', ...place })));
    }
    this.#toldOfBagId = bagId;
  }

  /** Brings what comes after a decided bag, which stays in sight until then, so that nothing flashes. */
  async #goOnFrom(decidedBagId: string): Promise<void> {
    this.#justDecidedBagId = decidedBagId;
    const next = this.#isHeldUp() ? null : nextBag(this.queue.waiting, decidedBagId);
    if (next === null) this.presentation = null;
    else await this.#bring('presentations.begin', next.bagId);
  }

  /** No bag is brought by itself in a pause, and when the duty time is over. */
  #isHeldUp(): boolean {
    const { duty } = this.queue;
    return duty !== null && (duty.paused || duty.handOverAsked);
  }

  /** One thing after the other: a key pressed early waits until what goes on has ended. */
  async #inTurn(act: () => Promise<void>): Promise<void> {
    while (this.busy) await this.#ended;
    this.busy = true;
    const done = act();
    this.#ended = done.catch(() => undefined);
    try {
      await done;
    } finally {
      this.busy = false;
    }
  }

  #takeQueue(queue: QueueSnapshot): void {
    this.queue = queue;
    const stillWaits = queue.waiting.some((item) => item.bagId === this.#justDecidedBagId);
    if (!stillWaits) this.#justDecidedBagId = null;
    void this.#bringNext();
    void this.#makeReady();
  }

  #takeNews(news: Presentation): void {
    // What comes after the decision is no news of a bag that waits for one.
    if (this.#sent.has(news.id)) return;
    if (news.id !== this.presentation?.id) {
      this.#early = news;
      return;
    }
    this.presentation = news;
    if (!isOutOfTime(news)) return;
    this.#remember(news.id);
    this.#client.trouble = { words: t('limit.sentToSearch', { label: news.label }) };
    void this.#inTurn(() => this.#goOnFrom(news.bagId));
  }

  #takeThreatOver({ presentationId, bagId, tip }: EventPayload<'presentation.threatOver'>): void {
    if (presentationId !== this.presentation?.id) return;
    this.#remember(presentationId);
    this.reasonAsked = false;
    this.tip = tip;
    this.#tellOfThreat(bagId);
  }

  async #bringNext(): Promise<void> {
    if (this.presentation !== null || this.busy || this.#isHeldUp()) return;
    const next = nextBag(this.queue.waiting, this.#justDecidedBagId);
    if (next !== null) await this.begin(next.bagId);
  }

  /**
   * Has main make the following bag ready while this one is looked at, once it is scored: a picture
   * fetched before might be of another file than the one that was scored.
   */
  async #makeReady(): Promise<void> {
    const { presentation } = this;
    if (presentation === null || this.busy || this.#isHeldUp()) return;
    const next = nextBag(this.queue.waiting, presentation.bagId, this.#justDecidedBagId);
    if (next === null || next.state === 'waiting' || next.state === 'scoring') return;
    const { bagId } = next;
    if (bagId === this.#askedReady) return;
    this.#askedReady = bagId;
    const answer = await this.#client.call('presentations.prepare', { bagId });
    // A bag that could not be made ready is shown all the same, only later.
    if (answer.ok && this.#askedReady === bagId) this.next = answer.value;
  }

  async #bring(name: 'presentations.begin' | 'presentations.recall', bagId: string): Promise<void> {
    const presentation = await this.#client.ask(name, { bagId });
    if (presentation !== null) this.#show(presentation);
    else if (this.presentation !== null && this.#sent.has(this.presentation.id)) {
      this.presentation = null;
    }
  }

  #show(presentation: Presentation): void {
    const early = this.#early;
    this.#early = null;
    // Another bag is shown: nothing is told of the one before.
    if (this.#toldOfBagId !== null) this.tip = null;
    this.#toldOfBagId = null;
    this.#cleanDesk();
    this.#askedReady = '';
    this.presentation =
      early?.id === presentation.id ? newerReport(early, presentation) : presentation;
    // In the next turn, so that what is on screen is drawn first.
    setTimeout(() => void this.#makeReady(), 0);
  }

  #cleanDesk(): void {
    this.note = '';
    this.marks.startAnew();
    this.reasonAsked = false;
  }

  /** Presentations decided long ago have no news any more. */
  #remember(presentationId: string): void {
    this.#sent.add(presentationId);
    const [oldest] = this.#sent;
    if (this.#sent.size > 100 && oldest !== undefined) this.#sent.delete(oldest);
  }
}
