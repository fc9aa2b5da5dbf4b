import { SvelteSet } from 'svelte/reactivity';
import type { QueueSnapshot } from '../../src-shared/contract/contract';
import type { DecisionOutcome, Presentation } from '../../src-shared/domain/review';
import type { Client } from '../state/client.svelte';
import { decisionRefusal, newerReport, nextBag } from './review-rules';

const EMPTY_QUEUE: QueueSnapshot = { waiting: [], waitingTotal: 0, recall: [], undoUntil: null };

/** One person's work at the screen: the queue, the bag that is shown, and its decision. */
export class Review {
  queue = $state.raw<QueueSnapshot>(EMPTY_QUEUE);
  presentation = $state.raw<Presentation | null>(null);
  note = $state('');
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

  constructor(client: Client) {
    this.#client = client;
  }

  /** Follows the queue until the returned function is called. */
  follow(): () => void {
    const stops = [
      this.#client.on('queue.changed', (queue) => this.#takeQueue(queue)),
      this.#client.on('presentation.changed', (news) => {
        // What comes after the decision is no news of a bag that waits for one.
        if (this.#sent.has(news.id)) return;
        if (news.id !== this.presentation?.id) this.#early = news;
        else this.presentation = news;
      }),
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
   * Sends the decision on the bag that is shown, then brings the next one. A decision does not
   * wait its turn: what is pressed while another bag is on its way was not meant for that bag.
   */
  async decide(outcome: DecisionOutcome): Promise<void> {
    const { presentation } = this;
    if (this.busy || presentation === null) return;
    if (decisionRefusal(presentation, outcome, this.#sent) !== null) return;
    await this.#inTurn(() => this.#send(presentation, outcome));
  }

  /** Takes back the last decision and shows its bag. */
  async undo(): Promise<void> {
    await this.#inTurn(async () => {
      const undone = await this.#client.ask('presentations.undo', {});
      if (undone === null) return;
      this.#justDecidedBagId = null;
      this.#show(undone);
    });
  }

  async #send(presentation: Presentation, outcome: DecisionOutcome): Promise<void> {
    this.#sent.add(presentation.id);
    const answer = await this.#client.call('presentations.decide', {
      presentationId: presentation.id,
      outcome,
      note: this.note.trim(),
    });
    this.#client.trouble = answer.ok ? null : answer.error;
    if (!answer.ok) {
      if (answer.error.code !== 'already-decided') {
        this.#sent.delete(presentation.id);
        return;
      }
    }
    this.#justDecidedBagId = presentation.bagId;
    const next = nextBag(this.queue.waiting, presentation.bagId);
    // The decided bag stays in sight until the next one replaces it, so that nothing flashes.
    if (next === null) this.presentation = null;
    else await this.#bring('presentations.begin', next.bagId);
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
  }

  async #bringNext(): Promise<void> {
    if (this.presentation !== null || this.busy) return;
    const next = nextBag(this.queue.waiting, this.#justDecidedBagId);
    if (next !== null) await this.begin(next.bagId);
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
    this.note = '';
    this.presentation =
      early?.id === presentation.id ? newerReport(early, presentation) : presentation;
  }
}
