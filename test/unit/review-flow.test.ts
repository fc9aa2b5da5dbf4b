import { truncate } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mark } from '../../src-shared/domain/mark';
import type { DecisionOutcome } from '../../src-shared/domain/review';
import { presentationSchema } from '../../src-shared/domain/review';
import type { ReviewRules } from '../../src-shared/domain/review-rules';
import { DEFAULT_REVIEW_RULES } from '../../src-shared/domain/review-rules';
import type { Session } from '../../src-main/services/session-service';
import type { SmallLane } from '../fixtures/small-lane';
import { openSmallLane, signInOperator } from '../fixtures/small-lane';
import { writeSmallScan } from '../fixtures/small-scan';

const POINT: Mark = { kind: 'point', viewIndex: 0, x: 4, y: 5 };
const [REASON = ''] = DEFAULT_REVIEW_RULES.searchReasons;

describe('the flow of review', () => {
  let lane: SmallLane;
  let session: Session;

  beforeEach(async () => {
    lane = await openSmallLane('quiet');
    await signInOperator(lane.screening);
    session = lane.screening.session.require('signed-in');
  });
  afterEach(() => lane.remove());

  const arrive = async (seed: number): Promise<string> => {
    const path = await writeSmallScan(lane.folder, `scan-${seed}.png`, seed);
    await lane.screening.arrive({ kind: 'file', path });
    return lane.screening.queue.waiting.at(-1)?.bag.id ?? '';
  };
  const arriveBroken = async (): Promise<string> => {
    const path = await writeSmallScan(lane.folder, 'cut.png', 9);
    await truncate(path, 60);
    await lane.screening.arrive({ kind: 'file', path });
    return lane.screening.queue.waiting.at(-1)?.bag.id ?? '';
  };
  const begin = async (bagId: string) =>
    presentationSchema.parse(await lane.screening.review.begin(session, bagId));
  const decide = (
    presentationId: string,
    outcome: DecisionOutcome,
    why: { marks?: Mark[]; reason?: string } = {},
  ) =>
    lane.screening.review.decide(session, {
      ...{ presentationId, outcome, note: '' },
      ...{ marks: why.marks ?? [], reason: why.reason ?? null },
    });
  const setRules = (rules: Partial<ReviewRules>) =>
    lane.screening.reviewRules.set(
      {
        checkpointId: lane.screening.site.checkpoints[0]?.id ?? '',
        rules: { ...DEFAULT_REVIEW_RULES, ...rules },
        reason: 'a test',
      },
      session.accountId,
    );
  const waiting = () => lane.screening.queue.waiting.map(({ bag }) => bag.id);
  const inForce = async (bagId: string) => (await lane.screening.store.readDecisions(bagId)).at(-1);

  it('takes a search with a mark or a reason of the list, and no other', async () => {
    const bagId = await arrive(1);
    await lane.settled();
    const shown = await begin(bagId);
    expect(shown.searchReasons).toEqual(DEFAULT_REVIEW_RULES.searchReasons);
    const refused = { code: 'reason-required' };
    await expect(decide(shown.id, 'search')).rejects.toMatchObject(refused);
    const other = { reason: 'Because' };
    await expect(decide(shown.id, 'search', other)).rejects.toMatchObject(refused);
    expect(await inForce(bagId)).toBeUndefined();

    const { decision } = await decide(shown.id, 'search', { marks: [POINT] });
    expect(decision).toMatchObject({ marks: [POINT], reason: null, cause: 'person' });
    expect(await inForce(bagId)).toMatchObject({ outcome: 'search', marks: [POINT] });
    const again = await lane.screening.review.recall(session, bagId);
    expect(again.decision?.marks).toEqual([POINT]);
    await decide(again.id, 'search', { reason: REASON });
    expect(await inForce(bagId)).toMatchObject({ reason: REASON, marks: [] });
  });

  it('names the reasons of the rules that hold when the bag is shown', async () => {
    const bagId = await arrive(1);
    await lane.settled();
    await setRules({ searchReasons: ['Odd'] });
    const shown = await begin(bagId);
    await setRules({ searchReasons: ['Other'] });
    expect(lane.screening.review.current?.searchReasons).toEqual(['Odd']);
    await decide(shown.id, 'search', { reason: 'Odd' });
    expect(await inForce(bagId)).toMatchObject({ reason: 'Odd' });
  });

  it('sends a bag that could not be scored to be scanned again, and no other', async () => {
    const broken = await arriveBroken();
    const whole = await arrive(1);
    await lane.settled();
    const shown = await begin(whole);
    await expect(decide(shown.id, 'rescan')).rejects.toMatchObject({ code: 'request-invalid' });
    const cut = await begin(broken);
    await decide(cut.id, 'rescan');
    expect(await inForce(broken)).toMatchObject({ outcome: 'rescan', machine: 'unscored' });
    expect(waiting()).toEqual([whole]);
    await lane.screening.review.undo(session);
    expect(waiting()).toEqual([broken, whole]);
  });

  describe('with a time limit', () => {
    it('sends the bag to search at its end, by the time and not by the person; it can be undone', async () => {
      await setRules({ decisionLimitS: 2 });
      const bagId = await arrive(1);
      await lane.settled();
      const shown = await begin(bagId);
      expect(shown.limit).toMatchObject({ wholeMs: 2000, then: 'search' });
      // The same bag asked for once more is the same presentation: its time runs on.
      expect(await begin(bagId)).toMatchObject({ id: shown.id, limit: shown.limit });
      const news: unknown[] = [];
      lane.screening.review.changed.subscribe(({ decision }) => news.push(decision?.cause));
      while (waiting().length > 0) await wait(50);
      expect(await inForce(bagId)).toMatchObject({
        ...{ outcome: 'search', cause: 'time-limit', marks: [], reason: null },
        presentationId: shown.id,
      });
      expect(news).toContain('time-limit');
      await expect(decide(shown.id, 'clear')).rejects.toMatchObject({ code: 'already-decided' });
      const again = await lane.screening.review.undo(session);
      expect(again.limit?.wholeMs).toBe(2000);
      expect(waiting()).toEqual([bagId]);
      await decide(again.id, 'clear');
      const recalled = await lane.screening.review.recall(session, bagId);
      expect(recalled.limit).toBeNull();
    });

    it('begins when scoring has ended, and ends with the decision', async () => {
      await setRules({ decisionLimitS: 2 });
      lane.screener.close();
      const bagId = await arrive(1);
      const shown = await begin(bagId);
      expect(shown.limit).toBeNull();
      lane.screener.open();
      await lane.settled();
      while (lane.screening.review.current?.limit === null) await wait(10);
      await decide(shown.id, 'clear');
      await wait(2100);
      expect(
        (await lane.screening.store.readDecisions(bagId)).map(({ outcome }) => outcome),
      ).toEqual(['clear']);
    });

    it('leaves the bag waiting for its decision where the rules say so', async () => {
      await setRules({ decisionLimitS: 2, atLimit: 'wait' });
      const bagId = await arrive(1);
      await lane.settled();
      const shown = await begin(bagId);
      expect(shown.limit?.then).toBe('wait');
      await wait(2100);
      expect(await inForce(bagId)).toBeUndefined();
      await decide(shown.id, 'clear');
      expect(await inForce(bagId)).toMatchObject({ outcome: 'clear', cause: 'person' });
    });
  });

  it('takes the bag off the screen in a pause, shows none until it ends, and records both', async () => {
    const bagId = await arrive(1);
    await lane.settled();
    const { review, store } = lane.screening;
    const shown = await begin(bagId);
    await review.pause(session);
    expect(review.current).toBeNull();
    await expect(decide(shown.id, 'clear')).rejects.toMatchObject({
      code: 'presentation-not-found',
    });
    await expect(begin(bagId)).rejects.toMatchObject({ code: 'review-paused' });
    expect(waiting()).toEqual([bagId]);
    await review.resume(session);
    const again = await begin(bagId);
    expect(again.id).not.toBe(shown.id);
    const kinds = (await store.readSessionEvents(2)).map(({ kind }) => kind);
    expect(kinds).toEqual(['resumed', 'paused']);
  });

  describe('the bag that follows', () => {
    it('is ready under the id of its presentation, its pixels are served, and nothing is recorded', async () => {
      const [first, second] = [await arrive(1), await arrive(2)];
      await lane.settled();
      const { review, pictures, store } = lane.screening;
      await begin(first);
      const { presentationId } = await review.prepare(session, second);
      expect(await store.readPresentations(second)).toEqual([]);
      expect((await pictures.view(session, presentationId, 0)).viewCount).toBe(1);
      const other = { ...session, accountId: 'somebody else' };
      await expect(pictures.view(other, presentationId, 0)).rejects.toMatchObject({
        code: 'presentation-not-found',
      });
      await expect(decide(presentationId, 'clear')).rejects.toMatchObject({
        code: 'presentation-not-found',
      });
      expect((await begin(second)).id).toBe(presentationId);
      expect(await store.readPresentations(second)).toHaveLength(1);
    });

    it('is made ready anew under another φ', async () => {
      const [first, second] = [await arrive(1), await arrive(2)];
      await lane.settled();
      const { review, thresholds, site } = lane.screening;
      await begin(first);
      const { presentationId } = await review.prepare(session, second);
      const checkpointId = site.checkpoints[0]?.id ?? '';
      await thresholds.set({ checkpointId, threshold: 0.4, reason: 'a test' }, session.accountId);
      const shown = await begin(second);
      expect(shown.id).not.toBe(presentationId);
      expect(shown.threshold).toBe(0.4);
    });
  });
});
