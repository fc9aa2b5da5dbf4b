import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Decision, DecisionOutcome } from '../../src-shared/domain/review';
import { presentationSchema } from '../../src-shared/domain/review';
import { DEFAULT_REVIEW_RULES } from '../../src-shared/domain/review-rules';
import { queueSnapshotSchema } from '../../src-shared/contract/contract';
import { writePngGrey16 } from '../../src-main/scan-io/raster/write-png';
import type { Session } from '../../src-main/services/session-service';
import type { SmallLane } from '../fixtures/small-lane';
import { openSmallLane, signInOperator } from '../fixtures/small-lane';
import { writeSmallScan } from '../fixtures/small-scan';

describe('ReviewService', () => {
  let lane: SmallLane;
  let session: Session;

  const open = async (bundle: 'alarms' | 'quiet' | 'none' = 'quiet'): Promise<void> => {
    lane = await openSmallLane(bundle);
    await signInOperator(lane.screening);
    session = lane.screening.session.require('signed-in');
  };
  afterEach(() => lane.remove());

  /** A bag that has arrived. */
  const arrive = async (seed: number, name = `scan-${seed}.png`): Promise<string> => {
    const path = await writeSmallScan(lane.folder, name, seed);
    await lane.screening.arrive({ kind: 'file', path });
    return lane.screening.queue.waiting.at(-1)?.bag.id ?? '';
  };
  const REASON = DEFAULT_REVIEW_RULES.searchReasons[0] ?? '';
  const decide = async (presentationId: string, outcome: DecisionOutcome): Promise<Decision> => {
    const reason = outcome === 'search' ? REASON : null;
    const sent = { presentationId, outcome, note: '', marks: [], reason };
    const { decision } = await lane.screening.review.decide(session, sent);
    if (decision === null) throw new Error('the bag itself was decided on');
    return decision;
  };
  const labels = async () =>
    (await lane.screening.queueSnapshot()).waiting.map(({ label, state }) => `${label} ${state}`);

  describe('with a model that alarms on everything', () => {
    beforeEach(() => open('alarms'));

    it('shows the machine’s alarms at φ and records them with the presentation and the decision', async () => {
      const bagId = await arrive(1);
      await lane.settled();
      const shown = presentationSchema.parse(await lane.screening.review.begin(session, bagId));
      expect(shown).toMatchObject({
        machine: 'alarm',
        scoring: false,
        threshold: 0.2,
        decision: null,
      });
      expect(shown.rarity).toEqual({ oneIn: 40, beyondSample: true });
      const [view] = shown.views;
      if (view?.state !== 'scored') throw new Error('the view was scored');
      expect(view.alarm).toBe(true);
      expect(view.regions.length).toBeGreaterThan(0);

      const decision = await decide(shown.id, 'search');
      expect(decision).toMatchObject({ outcome: 'search', machine: 'alarm', supersedes: null });
      const { store } = lane.screening;
      const [presentation] = await store.readPresentations(bagId);
      const [threshold] = await store.readThresholds(lane.screening.site.checkpoints[0]?.id ?? '');
      const [outcome] = await store.readOutcomes(bagId);
      expect(presentation).toMatchObject({
        id: shown.id,
        accountId: session.accountId,
        thresholdId: threshold?.id,
        bundleId: lane.bundleIds.alarms,
        sha256: outcome?.sha256,
        calibrated: false,
      });
      const [alarms] = await store.readShownAlarms(shown.id);
      expect(alarms).toMatchObject({ machine: 'alarm', outcomeId: outcome?.id });
      expect(alarms?.views[0]?.regions).toEqual(view.regions);
    });

    it('is calibrated on a lane whose scanner kind the calibration covered, and only there', async () => {
      const { site } = lane.screening;
      const checkpointId = site.checkpoints[0]?.id ?? '';
      const covered = await site.addLane(
        { checkpointId, name: 'Lane 2', scannerKind: 'rgb-export', pixelPitchMm: null },
        session.accountId,
      );
      const first = await arrive(1);
      await site.selectLane(covered.id, session);
      const second = await arrive(2);
      const { review } = lane.screening;
      expect((await review.begin(session, first)).calibrated).toBe(false);
      expect(await review.begin(session, second)).toMatchObject({
        calibrated: true,
        laneName: 'Lane 2',
      });
    });

    it('is not calibrated for a picture of another kind, whatever scanner the lane is said to have', async () => {
      const { site, review, store } = lane.screening;
      const covered = await site.addLane(
        {
          checkpointId: site.checkpoints[0]?.id ?? '',
          name: 'Lane 2',
          scannerKind: 'rgb-export',
          pixelPitchMm: null,
        },
        session.accountId,
      );
      await site.selectLane(covered.id, session);
      const rgb = await arrive(1);
      const path = join(lane.folder, 'grey.png');
      const counts = Uint16Array.from({ length: 96 * 96 }, (_, at) =>
        at % 96 > 20 && at % 96 < 80 ? 20_000 + (at % 17) * 900 : 60_000,
      );
      await writeFile(path, writePngGrey16(96, 96, counts));
      await lane.screening.arrive({ kind: 'file', path });
      const grey = lane.screening.queue.waiting.at(-1)?.bag.id ?? '';
      await lane.settled();
      expect((await review.begin(session, rgb)).calibrated).toBe(true);
      const shown = await review.begin(session, grey);
      expect(shown).toMatchObject({ calibrated: false, machine: 'alarm' });
      const [alarms] = await store.readShownAlarms(shown.id);
      expect(alarms?.calibrated).toBe(false);
    });

    it('keeps the φ that a presentation was begun with; the next one has the new φ', async () => {
      const first = await arrive(1);
      await lane.settled();
      const { review, thresholds, site, queue } = lane.screening;
      const shown = await review.begin(session, first);
      const checkpointId = site.checkpoints[0]?.id ?? '';
      await thresholds.set({ checkpointId, threshold: 1, reason: 'a test' }, session.accountId);
      queue.checkpointChanged();
      expect(review.current).toMatchObject({ id: shown.id, threshold: 0.2, machine: 'alarm' });
      expect((await decide(shown.id, 'search')).machine).toBe('alarm');

      const again = await review.recall(session, first);
      expect(again).toMatchObject({ threshold: 1, machine: 'no-alarm' });
      const [before, after] = await lane.screening.store.readPresentations(first);
      expect(before?.thresholdId).not.toBe(after?.thresholdId);
    });

    it('scores waiting bags again when another bundle is activated', async () => {
      const bagId = await arrive(1);
      await lane.settled();
      expect(await labels()).toEqual(['scan-1.png alarm']);
      const { thresholds, site, queue, review } = lane.screening;
      const checkpointId = site.checkpoints[0]?.id ?? '';
      const change = { checkpointId, threshold: 0.2, reason: 'a test' };
      await thresholds.activate(change, lane.bundleIds.quiet, session.accountId);
      queue.checkpointChanged();
      await lane.settled();
      expect(await labels()).toEqual(['scan-1.png no-alarm']);
      const shown = await review.begin(session, bagId);
      expect(shown).toMatchObject({ machine: 'no-alarm', bundleId: lane.bundleIds.quiet });
      expect(await lane.screening.store.readOutcomes(bagId)).toHaveLength(2);
    });
  });

  describe('deciding', () => {
    beforeEach(() => open());

    it('refuses clear until scoring has ended, and takes search as decided without the machine', async () => {
      lane.screener.close();
      const first = await arrive(1);
      const second = await arrive(2);
      const { review } = lane.screening;
      const shown = presentationSchema.parse(await review.begin(session, first));
      expect(shown).toMatchObject({ scoring: true, machine: null, views: [] });
      await expect(decide(shown.id, 'clear')).rejects.toMatchObject({ code: 'scoring-not-ended' });
      expect(await lane.screening.store.readDecisions(first)).toEqual([]);
      expect(await decide(shown.id, 'search')).toMatchObject({ machine: 'unscored' });

      const next = await review.begin(session, second);
      lane.screener.open();
      await lane.settled();
      expect(review.current).toMatchObject({ id: next.id, scoring: false, machine: 'no-alarm' });
      expect(await decide(next.id, 'clear')).toMatchObject({ machine: 'no-alarm' });
      expect(await lane.screening.store.readShownAlarms(next.id)).toHaveLength(1);
    });

    it('refuses a second decision on a presentation, whoever asks first', async () => {
      const bagId = await arrive(1);
      await lane.settled();
      const shown = await lane.screening.review.begin(session, bagId);
      const both = await Promise.allSettled([
        decide(shown.id, 'clear'),
        decide(shown.id, 'search'),
      ]);
      expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
      expect(both[1]).toMatchObject({ reason: { code: 'already-decided' } });
      expect(await lane.screening.store.readDecisions(bagId)).toHaveLength(1);
    });

    it('refuses a decision on a bag that is no longer on screen, or of another person', async () => {
      const first = await arrive(1);
      const second = await arrive(2);
      await lane.settled();
      const { review } = lane.screening;
      const before = await review.begin(session, first);
      const now = await review.begin(session, second);
      const gone = { code: 'presentation-not-found' };
      await expect(decide(before.id, 'clear')).rejects.toMatchObject(gone);
      const other = { ...session, accountId: 'somebody else' };
      await expect(
        review.decide(other, {
          ...{ presentationId: now.id, outcome: 'clear', note: '' },
          ...{ marks: [], reason: null },
        }),
      ).rejects.toMatchObject(gone);
      await review.leave();
      await expect(decide(now.id, 'clear')).rejects.toMatchObject(gone);
      await expect(review.begin(session, 'no such bag')).rejects.toMatchObject({
        code: 'bag-not-found',
      });
    });

    it('lets an unscored bag be cleared by eye, and says so in the decision', async () => {
      const path = await writeSmallScan(lane.folder, 'cut.png', 1);
      await truncate(path, 60);
      await lane.screening.arrive({ kind: 'file', path });
      const good = await arrive(2);
      await lane.settled();
      const snapshot = queueSnapshotSchema.parse(await lane.screening.queueSnapshot());
      expect(snapshot.waiting.map(({ state }) => state)).toEqual(['unscored', 'no-alarm']);
      expect(snapshot.waiting[0]?.error?.code).toBe('file-truncated');
      const cut = snapshot.waiting[0]?.bagId ?? '';
      const shown = presentationSchema.parse(await lane.screening.review.begin(session, cut));
      expect(shown).toMatchObject({ machine: 'unscored', error: { code: 'file-truncated' } });
      expect(await decide(shown.id, 'clear')).toMatchObject({
        outcome: 'clear',
        machine: 'unscored',
      });
      expect(lane.screening.queue.waiting.map(({ bag }) => bag.id)).toEqual([good]);
    });

    it('takes one’s own last decision back within five seconds, as a record', async () => {
      const first = await arrive(1);
      await arrive(2);
      await lane.settled();
      const { review, store } = lane.screening;
      await expect(review.undo(session)).rejects.toMatchObject({ code: 'nothing-to-undo' });
      const shown = await review.begin(session, first);
      await decide(shown.id, 'clear');
      expect(await labels()).toEqual(['scan-2.png no-alarm']);
      expect((await lane.screening.queueSnapshot()).undoUntil).not.toBeNull();

      const again = await review.undo(session);
      expect(again).toMatchObject({ bagId: first, decision: null, machine: 'no-alarm' });
      expect(await labels()).toEqual(['scan-1.png no-alarm', 'scan-2.png no-alarm']);
      await expect(review.undo(session)).rejects.toMatchObject({ code: 'nothing-to-undo' });
      const second = await decide(again.id, 'search');
      const chain = await store.readDecisions(first);
      expect(chain.map(({ outcome }) => outcome)).toEqual(['clear', 'undone', 'search']);
      expect(chain.map(({ supersedes }) => supersedes)).toEqual([null, chain[0]?.id, chain[1]?.id]);
      expect(second.supersedes).toBe(chain[1]?.id);
    });

    it('does not take a decision back after five seconds, nor another person’s', async () => {
      const bagId = await arrive(1);
      await lane.settled();
      const { review } = lane.screening;
      const shown = await review.begin(session, bagId);
      await decide(shown.id, 'clear');
      const nothing = { code: 'nothing-to-undo' };
      await expect(review.undo({ ...session, accountId: 'else' })).rejects.toMatchObject(nothing);
      lane.advance(5_001);
      expect((await lane.screening.queueSnapshot()).undoUntil).toBeNull();
      await expect(review.undo(session)).rejects.toMatchObject(nothing);
    });

    it('recalls a decided bag, and a new decision supersedes the one before', async () => {
      const bagId = await arrive(1);
      await lane.settled();
      const { review } = lane.screening;
      const shown = await review.begin(session, bagId);
      await expect(review.recall(session, bagId)).rejects.toMatchObject({ code: 'bag-not-found' });
      const first = await decide(shown.id, 'clear');
      await expect(review.begin(session, bagId)).rejects.toMatchObject({ code: 'bag-not-found' });
      const again = await review.recall(session, bagId);
      expect(again.decision).toEqual(first);
      const second = await decide(again.id, 'search');
      expect(second.supersedes).toBe(first.id);
      const { recall } = queueSnapshotSchema.parse(await lane.screening.queueSnapshot());
      expect(recall.map(({ decision }) => decision.id)).toEqual([second.id]);
    });
  });

  it('refuses to decide when the record cannot be written, and the bag still waits', async () => {
    await open();
    const bagId = await arrive(1);
    await lane.settled();
    const { review, store } = lane.screening;
    const shown = await review.begin(session, bagId);
    const other = new DatabaseSync(lane.recordsPath);
    other.exec('BEGIN IMMEDIATE');
    await expect(decide(shown.id, 'clear')).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(lane.screening.queue.waiting.map(({ bag }) => bag.id)).toEqual([bagId]);
    expect(review.undoUntil(session)).toBeNull();
    other.exec('ROLLBACK');
    other.close();
    expect(await store.readDecisions(bagId)).toEqual([]);
    expect(await decide(shown.id, 'clear')).toMatchObject({ outcome: 'clear', supersedes: null });
  });
});
