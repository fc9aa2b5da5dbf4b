import { describe, expect, test } from 'vitest';
import type {
  Answer,
  CallName,
  Duty,
  EventName,
  QueueSnapshot,
} from '../../src-shared/contract/contract';
import type { Decision, Presentation, QueueItem } from '../../src-shared/domain/review';
import { headlineOf } from '../../src-renderer/operator/headline';
import { Review } from '../../src-renderer/operator/review.svelte';
import { decisionRefusal, newerReport, nextBag } from '../../src-renderer/operator/review-rules';
import { Client } from '../../src-renderer/state/client.svelte';

const ARRIVED = '2026-11-23T14:07:00.000Z';

function item(bagId: string, arrivedAt = ARRIVED): QueueItem {
  return {
    bagId,
    label: `${bagId}.png`,
    laneName: 'Lane 4',
    state: 'no-alarm',
    progress: 1,
    arrivedAt,
    held: false,
    error: null,
  };
}

function presentation(over: Partial<Presentation> = {}): Presentation {
  return {
    id: 'p-1',
    bagId: 'bag-1',
    label: 'bag-1.png',
    laneName: 'Lane 4',
    lanePitchMm: null,
    arrivedAt: ARRIVED,
    shownAt: ARRIVED,
    scoring: false,
    progress: 1,
    machine: 'no-alarm',
    error: null,
    views: [],
    threshold: 0.2,
    bundleId: 'bundle',
    engine: 'onnx',
    calibrated: true,
    rarity: null,
    searchReasons: ['Looks like a knife'],
    limit: null,
    decision: null,
    ...over,
  };
}

/** The other side of the contract, holding a queue as main does: it records what it is asked. */
class FakeMain {
  readonly asked: [CallName, unknown][] = [];
  readonly #listeners = new Map<EventName, (payload: never) => void>();
  waiting = [item('bag-1'), item('bag-2'), item('bag-3')];
  refusal: Answer<never> | null = null;
  duty: Duty | null = null;
  /** What a decision is answered with. */
  decided: unknown = { decision: {}, tip: null };
  /** How a bag stands when it is begun. */
  begun: Partial<Presentation> = {};
  /** Called before `presentations.begin` answers. */
  beforeBegun: (begun: Presentation) => void = () => undefined;

  readonly client = new Client({
    call: (name, request) => {
      this.asked.push([name, request]);
      return Promise.resolve(this.#answer(name, request)) as Promise<Answer<never>>;
    },
    on: (name, listener) => {
      this.#listeners.set(name, listener);
      return () => this.#listeners.delete(name);
    },
    pathOf: () => '',
  });

  tell(name: EventName, payload: unknown): void {
    this.#listeners.get(name)?.(payload as never);
  }

  get snapshot(): QueueSnapshot {
    return {
      waiting: this.waiting,
      waitingTotal: this.waiting.length,
      recall: [],
      undoUntil: null,
      releasedTotal: 0,
      duty: this.duty,
    };
  }

  decisions(): unknown[] {
    return this.asked
      .filter(([name]) => name === 'presentations.decide')
      .map(([, request]) => request);
  }

  #answer(name: CallName, request: unknown): Answer<unknown> {
    if (name === 'queue.get') return { ok: true, value: this.snapshot };
    if (name === 'presentations.begin') {
      const { bagId } = request as { bagId: string };
      const begun = presentation({ id: `p-${bagId}`, bagId, ...this.begun });
      this.beforeBegun(begun);
      return { ok: true, value: begun };
    }
    if (name === 'presentations.decide') {
      if (this.refusal !== null) return this.refusal;
      const { presentationId } = request as { presentationId: string };
      this.waiting = this.waiting.filter(({ bagId }) => `p-${bagId}` !== presentationId);
      this.tell('queue.changed', this.snapshot);
      return { ok: true, value: this.decided };
    }
    if (name === 'presentations.prepare') {
      const { bagId } = request as { bagId: string };
      return { ok: true, value: { presentationId: `p-${bagId}`, bagId } };
    }
    if (name === 'presentations.undo') {
      return { ok: true, value: presentation({ id: 'p-undone', bagId: 'bag-1' }) };
    }
    throw new Error(`${name} is not part of this test`);
  }
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

async function atWork(main = new FakeMain()): Promise<{ main: FakeMain; review: Review }> {
  const review = new Review(main.client);
  review.follow();
  await settled();
  return { main, review };
}

describe('the rules of deciding', () => {
  test('clear waits for the end of scoring, search does not', () => {
    const scoring = presentation({ scoring: true, machine: null });
    expect(decisionRefusal(scoring, 'clear', new Set())).toBe('scoring-not-ended');
    expect(decisionRefusal(scoring, 'search', new Set())).toBeNull();
    expect(decisionRefusal(null, 'search', new Set())).toBe('no-bag');
  });

  test('an unscored bag may be cleared by eye once scoring has ended', () => {
    expect(decisionRefusal(presentation({ machine: 'unscored' }), 'clear', new Set())).toBeNull();
  });

  test('the next bag is the one that came first, never the one just decided', () => {
    const waiting = [item('late', '2026-11-23T14:09:00.000Z'), item('early', ARRIVED)];
    expect(nextBag(waiting, null)?.bagId).toBe('early');
    expect(nextBag(waiting, 'early')?.bagId).toBe('late');
    expect(nextBag([item('early')], 'early')).toBeNull();
  });

  test('of two reports the one further on is kept', () => {
    const half = presentation({ scoring: true, progress: 0.5 });
    const done = presentation();
    expect(newerReport(half, done)).toBe(done);
    expect(newerReport(done, half)).toBe(done);
    expect(newerReport(half, { ...half, progress: 0.2 })).toBe(half);
  });
});

describe('working through the queue', () => {
  test('the first bag is shown by itself, and the next one after each decision', async () => {
    const { main, review } = await atWork();
    expect(review.presentation?.bagId).toBe('bag-1');
    review.note = '  loose wires ';
    await review.decide('search', 'Looks like a knife');
    await settled();
    expect(main.decisions()).toEqual([
      {
        ...{ presentationId: 'p-bag-1', outcome: 'search', note: 'loose wires', marks: [] },
        reason: 'Looks like a knife',
      },
    ]);
    expect(review.presentation?.bagId).toBe('bag-2');
    expect(review.note).toBe('');
  });

  test('the last decision empties the screen; a bag that arrives fills it', async () => {
    const { main, review } = await atWork();
    await review.decide('clear');
    await review.decide('clear');
    await review.decide('clear');
    await settled();
    expect(review.presentation).toBeNull();
    main.waiting = [item('bag-4')];
    main.tell('queue.changed', main.snapshot);
    await settled();
    expect(review.presentation?.bagId).toBe('bag-4');
  });

  test('keys pressed while a decision is on its way decide nothing else', async () => {
    const { main, review } = await atWork();
    await Promise.all([review.decide('clear'), review.decide('clear'), review.decide('search')]);
    await settled();
    expect(main.decisions()).toHaveLength(1);
  });

  test('undo and recall pressed while the next bag is on its way wait their turn', async () => {
    const { main, review } = await atWork();
    const decided = review.decide('clear');
    const undone = review.undo();
    await Promise.all([decided, undone]);
    expect(main.asked.map(([name]) => name).slice(-3)).toEqual([
      'presentations.decide',
      'presentations.begin',
      'presentations.undo',
    ]);
    expect(review.presentation?.bagId).toBe('bag-1');
  });

  test('a decision that was refused can be taken again, and the refusal is shown', async () => {
    const { main, review } = await atWork();
    main.refusal = { ok: false, error: { code: 'store-full', message: 'full' } };
    await review.decide('clear');
    expect(review.presentation?.bagId).toBe('bag-1');
    expect(main.client.trouble).toMatchObject({ code: 'store-full' });
    main.refusal = null;
    await review.decide('clear');
    await settled();
    expect(main.decisions()).toHaveLength(2);
    expect(review.presentation?.bagId).toBe('bag-2');
  });

  test('news that overtakes the answer is not lost', async () => {
    const main = new FakeMain();
    main.waiting = [item('bag-1')];
    main.begun = { scoring: true, progress: 0.4, machine: null };
    main.beforeBegun = (begun) =>
      main.tell('presentation.changed', { ...begun, scoring: false, machine: 'alarm' });
    const { review } = await atWork(main);
    expect(review.presentation).toMatchObject({ scoring: false, machine: 'alarm' });
  });

  test('news of the bag on screen is shown, of another bag not', async () => {
    const { main, review } = await atWork();
    main.tell('presentation.changed', presentation({ id: 'p-bag-1', machine: 'alarm' }));
    expect(review.presentation?.machine).toBe('alarm');
    main.tell('presentation.changed', presentation({ id: 'p-bag-9', machine: 'unscored' }));
    expect(review.presentation?.machine).toBe('alarm');
  });

  test('news of a bag whose decision was sent changes nothing', async () => {
    const { main, review } = await atWork();
    await review.decide('clear');
    main.tell('presentation.changed', presentation({ id: 'p-bag-1', bagId: 'bag-1' }));
    await settled();
    expect(review.presentation?.bagId).toBe('bag-2');
  });
});

describe('what a search, a limit and a pause ask', () => {
  test('a search without a mark asks for its reason first; a mark is enough', async () => {
    const { main, review } = await atWork();
    await review.decide('search');
    expect(review.reasonAsked).toBe(true);
    expect(main.decisions()).toEqual([]);
    await review.decide('search', 'Looks like a knife');
    expect(review.reasonAsked).toBe(false);
    review.marks.add({ kind: 'point', viewIndex: 0, x: 1, y: 2 });
    await review.decide('search');
    expect(main.decisions()).toMatchObject([
      { presentationId: 'p-bag-1', reason: 'Looks like a knife', marks: [] },
      { presentationId: 'p-bag-2', reason: null, marks: [{ kind: 'point', x: 1, y: 2 }] },
    ]);
    expect(review.marks.drawn).toEqual([]);
  });

  test('undo brings back what had been written and drawn', async () => {
    const { review } = await atWork();
    review.note = 'left corner';
    review.marks.add({ kind: 'point', viewIndex: 0, x: 1, y: 2 });
    await review.decide('search');
    expect(review.note).toBe('');
    await review.undo();
    expect(review.note).toBe('left corner');
    expect(review.marks.drawn).toHaveLength(1);
  });

  test('only a bag that could not be scored is scanned again', async () => {
    expect(decisionRefusal(presentation(), 'rescan', new Set())).toBe('is-scored');
    const unscored = presentation({ machine: 'unscored' });
    expect(decisionRefusal(unscored, 'rescan', new Set())).toBeNull();
    const scoring = presentation({ scoring: true, machine: null });
    expect(decisionRefusal(scoring, 'rescan', new Set())).toBe('is-scored');
    await Promise.resolve();
  });

  test('a bag whose time ran out makes way for the next, and its person is told', async () => {
    const { main, review } = await atWork();
    const decision: Decision = {
      id: 'd',
      presentationId: 'p-bag-1',
      outcome: 'search',
      machine: 'no-alarm',
      note: '',
      marks: [],
      reason: null,
      cause: 'time-limit',
      decidedBy: 'a',
      decidedByName: 'A',
      decidedAt: ARRIVED,
      supersedes: null,
    };
    main.waiting = main.waiting.slice(1);
    main.tell('presentation.changed', presentation({ id: 'p-bag-1', decision }));
    await settled();
    expect(review.presentation?.bagId).toBe('bag-2');
    expect(JSON.stringify(main.client.trouble)).toContain('Time over');
    expect(main.decisions()).toEqual([]);
  });

  test('nothing is brought by itself in a pause, nor when the duty time is over', async () => {
    const duty: Duty = {
      ...{ paused: true, reviewMs: 0, asOf: ARRIVED, running: false, dutyMinutes: 20 },
      handOverAsked: false,
    };
    const main = new FakeMain();
    main.duty = duty;
    const { review } = await atWork(main);
    expect(review.presentation).toBeNull();
    main.duty = { ...duty, paused: false };
    main.tell('queue.changed', main.snapshot);
    await settled();
    expect(review.presentation?.bagId).toBe('bag-1');
    main.duty = { ...duty, paused: false, handOverAsked: true };
    main.tell('queue.changed', main.snapshot);
    expect(review.presentation?.bagId).toBe('bag-1');
    await review.decide('clear');
    expect(review.presentation).toBeNull();
  });

  test('a bag that waits for the machine’s word is not brought before it has it', async () => {
    const held = { ...item('bag-1'), state: 'scoring' as const, held: true };
    expect(nextBag([held, item('bag-2', '2026-11-23T14:09:00.000Z')])?.bagId).toBe('bag-2');
    expect(nextBag([held])).toBeNull();
    await Promise.resolve();
  });

  test('after a projected threat the same bag follows, with what there is to tell', async () => {
    const { main, review } = await atWork();
    const place = { viewIndex: 0, x: 4, y: 5, width: 6, height: 7 };
    const tip = {
      result: 'miss',
      cause: 'decision',
      category: 'knife',
      name: 'k',
      places: [place],
    };
    main.decided = { decision: null, tip };
    await review.decide('clear');
    // The picture stays, with the threat marked on it, until the person has read of it.
    expect(review.tip?.result).toBe('miss');
    expect(review.marks.drawn).toEqual([{ kind: 'box', ...place }]);
    const begun = () => main.asked.filter(([name]) => name === 'presentations.begin');
    expect(begun()).toHaveLength(1);
    await review.decide('clear');
    expect(review.busy).toBe(false);
    review.readTip();
    await settled();
    expect(begun()).toHaveLength(2);
    expect(review.tip).toBeNull();
    expect(review.marks.drawn).toEqual([]);
    expect(review.presentation?.bagId).toBe('bag-1');
  });

  test('a threat whose time is over is told of, and the bag itself follows', async () => {
    const { main, review } = await atWork();
    const tip = { result: 'miss', cause: 'time', category: 'gun', name: 'g', places: [] };
    const over = { presentationId: review.presentation?.id, bagId: 'bag-1', tip };
    main.tell('presentation.threatOver', { ...over, presentationId: 'another' });
    expect(review.tip).toBeNull();
    main.tell('presentation.threatOver', over);
    expect(review.tip).toEqual(tip);
    const asked = main.asked.length;
    await review.decide('clear');
    expect(main.asked).toHaveLength(asked);
    review.readTip();
    await settled();
    expect(main.asked.at(asked)).toEqual(['presentations.begin', { bagId: 'bag-1' }]);
  });

  test('work on the picture is told of once a bag', async () => {
    const { main, review } = await atWork();
    review.lookLonger();
    review.lookLonger();
    await settled();
    const told = main.asked.filter(([name]) => name === 'presentations.lookLonger');
    expect(told).toEqual([
      ['presentations.lookLonger', { presentationId: review.presentation?.id }],
    ]);
  });

  test('the bag that follows is made ready once it is scored', async () => {
    const main = new FakeMain();
    main.waiting = [item('bag-1'), { ...item('bag-2'), state: 'scoring' }, item('bag-3')];
    const { review } = await atWork(main);
    await settled();
    const asked = () => main.asked.filter(([name]) => name === 'presentations.prepare');
    expect(asked()).toEqual([]);
    main.waiting = [item('bag-1'), item('bag-2'), item('bag-3')];
    main.tell('queue.changed', main.snapshot);
    main.tell('queue.changed', main.snapshot);
    await settled();
    expect(asked()).toEqual([['presentations.prepare', { bagId: 'bag-2' }]]);
    expect(review.next).toEqual({ presentationId: 'p-bag-2', bagId: 'bag-2' });
  });
});

describe('the headline', () => {
  test('never reads as clear when the machine gave no word', () => {
    expect(headlineOf(presentation({ machine: null })).kind).toBe('unscored');
    const error = { code: 'file-truncated', message: 'cut' } as const;
    expect(headlineOf(presentation({ machine: 'unscored', error }))).toMatchObject({
      kind: 'unscored',
      reason: error,
    });
  });

  test('says scoring as long as it goes on', () => {
    expect(headlineOf(presentation({ scoring: true, machine: 'alarm' })).kind).toBe('scoring');
  });
});
