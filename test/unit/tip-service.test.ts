import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Screening, ScreeningNews } from '../../src-main/app/create-screening';
import type { Presentation } from '../../src-shared/domain/review';
import { DEFAULT_REVIEW_RULES } from '../../src-shared/domain/review-rules';
import type { TipSettings } from '../../src-shared/domain/tip';
import type { SmallLane } from '../fixtures/small-lane';
import { openSmallLane, signInOperator } from '../fixtures/small-lane';
import { writeSmallScan } from '../fixtures/small-scan';
import { EVERY_BAG, writeSimulatedBag, writeSmallLibrary } from '../fixtures/small-threats';

const NOTHING = { note: '', marks: [], reason: null };
const REASON = DEFAULT_REVIEW_RULES.searchReasons[0] ?? '';

describe('projected threats in a lane', () => {
  let lane: SmallLane;
  let news: ScreeningNews[];

  beforeEach(async () => {
    lane = await openSmallLane('quiet');
    await writeSmallLibrary(join(lane.folder, 'threats'));
    await signInOperator(lane.screening);
  });
  afterEach(async () => {
    await lane.remove();
  });

  const site = (): Screening => lane.screening;
  const operator = () => site().session.require('signed-in');
  const project = async (own: Partial<TipSettings> = {}): Promise<void> => {
    // As at the next start, with the library in its place.
    await site().tips.load();
    const [checkpoint] = site().site.checkpoints;
    const settings = { ...EVERY_BAG, ...own };
    const change = { checkpointId: checkpoint?.id ?? '', settings, reason: 'a test' };
    await site().tips.set(change, operator().accountId);
    news = [];
    site().news.subscribe((item) => news.push(item));
  };
  const arrive = async (index = 0): Promise<string> => {
    await site().arrive(await writeSimulatedBag(lane.folder, index));
    await lane.settled();
    return site().queue.waiting.at(-1)?.bag.id ?? '';
  };
  const begin = (bagId: string): Promise<Presentation> => site().review.begin(operator(), bagId);
  const pixels = async ({ id }: Presentation): Promise<Uint8Array> => {
    const { bytes } = await site().pictures.view(operator(), id, 0);
    return bytes;
  };
  const cleanPixels = async (bagId: string): Promise<Uint8Array> => {
    const bag = await site().store.readBag(bagId);
    if (bag === null) throw new RangeError('no such bag');
    return (await lane.screener.readDisplay(bag.source, 0)).bytes;
  };
  const decide = (shown: Presentation, outcome: 'clear' | 'search') =>
    site().review.decide(operator(), {
      presentationId: shown.id,
      outcome,
      ...NOTHING,
      reason: outcome === 'search' ? REASON : null,
    });
  /** All that the person's window is sent, and all that lies in files but the settings themselves. */
  const evidence = async (shown: Presentation): Promise<string> => {
    const files: string[] = [];
    for (const name of await readdir(lane.folder)) {
      if (/\.(sqlite|log)/.test(name))
        files.push(await readFile(join(lane.folder, name), 'latin1'));
    }
    const sent = JSON.stringify([shown, await site().queueSnapshot(), await site().appState()]);
    return [sent, JSON.stringify(news.filter(({ name }) => name !== 'trouble')), ...files].join();
  };
  const TELLTALES = /knife-1-|threats[\\/]small|"kind":"composite"|"tip":\{|places":\[\{/;

  it('shows the composite like any other bag, tells of a hit after the decision, and then shows the bag itself', async () => {
    await project();
    const bagId = await arrive();
    const queued = await site().queueSnapshot();
    expect(queued.waiting).toMatchObject([{ bagId, state: 'no-alarm' }]);
    const shown = await begin(bagId);
    expect(shown).toMatchObject({ bagId, scoring: false, machine: 'no-alarm', decision: null });
    const composite = await pixels(shown);
    const clean = await cleanPixels(bagId);
    expect(composite).toHaveLength(clean.length);
    expect(Buffer.compare(composite, clean)).not.toBe(0);
    expect(TELLTALES.exec(await evidence(shown))?.[0]).toBeUndefined();
    expect(await site().store.readShownAlarms(shown.id)).toHaveLength(1);

    const told = await decide(shown, 'search');
    expect(told).toMatchObject({
      decision: null,
      tip: { result: 'hit', cause: 'decision', category: 'knife', places: [{ viewIndex: 0 }] },
    });
    // The bag itself is undecided, in its place, and scored anew.
    expect(await site().store.readDecisions(bagId)).toEqual([]);
    await lane.settled();
    const [itself] = (await site().queueSnapshot()).waiting;
    expect(itself).toMatchObject({ bagId });
    const again = await begin(bagId);
    expect(again.id).not.toBe(shown.id);
    expect(Buffer.compare(await pixels(again), clean)).toBe(0);
    const outcomes = await site().store.readOutcomes(bagId);
    const found = await site().store.readTipResultOf(bagId);
    expect(outcomes).toHaveLength(2);
    expect(found).toMatchObject({ presentationId: shown.id, outcomeId: outcomes[0]?.id });
    expect(TELLTALES.exec(await evidence(again))?.[0]).toBeDefined();

    expect(await decide(again, 'clear')).toMatchObject({
      decision: { outcome: 'clear' },
      tip: null,
    });
    expect(await site().store.readDecisions(bagId)).toHaveLength(1);
    expect((await site().queueSnapshot()).waiting).toEqual([]);
  });

  it('puts the threat where it says, and leaves the rest of the bag as it is', async () => {
    await project();
    const bagId = await arrive();
    const shown = await begin(bagId);
    const queued = site().queue.waitingBag(bagId);
    if (queued === null) throw new Error('no such bag');
    const composite = await lane.screener.readPlanes(queued.source, 0);
    const clean = await lane.screener.readPlanes(queued.bag.source, 0);
    const told = await decide(shown, 'search');
    if (told.tip?.result !== 'hit') throw new Error('no hit');
    const [place] = told.tip.places;
    if (place === undefined) throw new Error('no place');
    let changed = 0;
    let outside = 0;
    for (let at = 0; at < clean.rgb.length; at++) {
      if (composite.rgb[at] === clean.rgb[at]) continue;
      changed++;
      const pixel = Math.floor(at / 3);
      const x = pixel % clean.widthPx;
      const y = Math.floor(pixel / clean.widthPx);
      // The faintest edge of the threat reaches a little over its box.
      const isIn =
        x >= place.x - 4 &&
        y >= place.y - 4 &&
        x < place.x + place.width + 4 &&
        y < place.y + place.height + 4;
      if (!isIn) outside++;
    }
    expect(changed).toBeGreaterThan(200);
    expect(outside).toBe(0);
  });

  /** The corner of the view that is farthest from what was projected, wherever it was drawn to. */
  const farFromThreat = async (bagId: string): Promise<{ x: number; y: number }> => {
    const queued = site().queue.waitingBag(bagId);
    if (queued === null) throw new Error('no such bag');
    const composite = await lane.screener.readPlanes(queued.source, 0);
    const clean = await lane.screener.readPlanes(queued.bag.source, 0);
    const { widthPx, heightPx } = clean;
    const first = clean.rgb.findIndex((value, at) => composite.rgb[at] !== value);
    const pixel = Math.floor(first / 3);
    const isLeft = pixel % widthPx < widthPx / 2;
    const isUpper = Math.floor(pixel / widthPx) < heightPx / 2;
    return { x: isLeft ? widthPx - 1 : 0, y: isUpper ? heightPx - 1 : 0 };
  };

  it('tells of a miss when the bag is cleared, and when the marks lie elsewhere', async () => {
    await project();
    const bagId = await arrive(0);
    expect(await decide(await begin(bagId), 'clear')).toMatchObject({
      decision: null,
      tip: { result: 'miss', cause: 'decision' },
    });
    const other = await arrive(1);
    const shown = await begin(other);
    const marks = [{ kind: 'point' as const, viewIndex: 0, ...(await farFromThreat(other)) }];
    const told = await site().review.decide(operator(), {
      ...{ presentationId: shown.id, outcome: 'search', note: '', marks, reason: null },
    });
    expect(told).toMatchObject({
      decision: null,
      tip: { result: 'miss', cause: 'marked-elsewhere' },
    });
    const [checkpoint] = site().site.checkpoints;
    const results = await site().store.readTipResults(checkpoint?.id ?? '', 5);
    expect(results.map(({ result, cause }) => `${result} ${cause}`)).toEqual([
      'miss marked-elsewhere',
      'miss decision',
    ]);
  });

  it('counts a threat as missed when its time is over, sooner than when somebody works on the picture', async () => {
    await project({ windowS: 1, extendedS: 2 });
    const bagId = await arrive();
    const over = new Promise<unknown>((resolve) => site().review.threatOver.subscribe(resolve));
    const shown = await begin(bagId);
    site().review.lookLonger(operator(), shown.id);
    expect(await over).toMatchObject({
      presentationId: shown.id,
      tip: { result: 'miss', cause: 'time' },
    });
    const result = await site().store.readTipResultOf(bagId);
    expect(result?.decidedMs).toBeGreaterThanOrEqual(1_500);
    expect(site().review.current).toBeNull();
    expect(await site().store.readDecisions(bagId)).toEqual([]);
    expect((await site().queueSnapshot()).waiting).toMatchObject([{ bagId }]);
  });

  it('carries the same threat in the same place after the program was started again', async () => {
    await project();
    const bagId = await arrive();
    const before = await pixels(await begin(bagId));
    await lane.restart();
    await site().session.signIn('Oli', '170296');
    await lane.settled();
    expect(Buffer.compare(await pixels(await begin(bagId)), before)).toBe(0);
  });

  it('shows bags without room as they are, and decides on them as on any bag', async () => {
    await project();
    await site().arrive({ kind: 'file', path: await writeSmallScan(lane.folder, 'tiny.png') });
    await lane.settled();
    const bagId = site().queue.waiting[0]?.bag.id ?? '';
    const shown = await begin(bagId);
    expect(Buffer.compare(await pixels(shown), await cleanPixels(bagId))).toBe(0);
    expect(await decide(shown, 'clear')).toMatchObject({ decision: { outcome: 'clear' } });
    expect(await site().store.readTipResultOf(bagId)).toBeNull();
    expect(site().tips.withoutRoom).toBe(1);
  });

  it('says after a search of a bag without a threat that there was none', async () => {
    await project({ oneIn: 10_000 });
    const bagId = await arrive();
    const told = await decide(await begin(bagId), 'search');
    expect(told).toMatchObject({
      decision: { outcome: 'search' },
      tip: { result: 'no-projection' },
    });
  });
});
