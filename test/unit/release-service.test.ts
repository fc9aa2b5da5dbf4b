import { DatabaseSync } from '@photostructure/sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_REVIEW_RULES } from '../../src-shared/domain/review-rules';
import type { SmallLane } from '../fixtures/small-lane';
import { openSmallLane, signInOperator } from '../fixtures/small-lane';
import { writeSmallScan } from '../fixtures/small-scan';

describe('ReleaseService', () => {
  let lane: SmallLane;
  afterEach(() => lane.remove());

  /** A checkpoint where only alarms are reviewed, on a lane of the scanner kind. */
  const open = async (bundle: 'alarms' | 'quiet', scannerKind = 'rgb-export'): Promise<void> => {
    lane = await openSmallLane(bundle);
    await signInOperator(lane.screening);
    const { site } = lane.screening;
    const by = session().accountId;
    const checkpointId = site.checkpoints[0]?.id ?? '';
    const added = await site.addLane(
      { checkpointId, name: 'Lane 2', scannerKind, pixelPitchMm: null },
      by,
    );
    await site.selectLane(added.id, session());
    await setMode('alarms-only');
  };
  const session = () => lane.screening.session.require('signed-in');
  const setMode = (mode: 'every-bag' | 'alarms-only') =>
    lane.screening.reviewRules.set(
      {
        checkpointId: lane.screening.site.checkpoints[0]?.id ?? '',
        rules: { ...DEFAULT_REVIEW_RULES, mode },
        reason: 'a test',
      },
      session().accountId,
    );
  const arrive = async (seed: number): Promise<string> => {
    const path = await writeSmallScan(lane.folder, `s${seed}.png`, seed);
    await lane.screening.arrive({ kind: 'file', path });
    return lane.screening.queue.waiting.at(-1)?.bag.id ?? '';
  };
  const waiting = () => lane.screening.queue.waiting.map(({ bag }) => bag.id);
  /** Until scoring and what follows from it have ended. */
  const quiet = async (): Promise<void> => {
    await lane.settled();
    await lane.screening.releases.look();
  };

  it('records a scored bag without an alarm as released, which no decision is', async () => {
    await open('quiet');
    const bagId = await arrive(1);
    expect((await lane.screening.queueSnapshot()).waiting).toMatchObject([{ held: true }]);
    await quiet();
    expect(waiting()).toEqual([]);
    const { store, site } = lane.screening;
    const [checkpoint] = site.checkpoints;
    const [outcome] = await store.readOutcomes(bagId);
    expect(await store.readReleases(10)).toMatchObject([
      {
        bagId,
        outcomeId: outcome?.id,
        thresholdId: checkpoint?.threshold.id,
        reviewRulesId: site.reviewRulesId(checkpoint?.id ?? ''),
        bundleId: lane.bundleIds.quiet,
      },
    ]);
    expect(await store.readDecisions(bagId)).toEqual([]);
    expect(await store.readPresentations(bagId)).toEqual([]);
    const snapshot = await lane.screening.queueSnapshot();
    expect(snapshot).toMatchObject({ waitingTotal: 0, releasedTotal: 1, recall: [] });
    await lane.restart();
    expect(waiting()).toEqual([]);
  });

  it('leaves bags that alarm to a person', async () => {
    await open('alarms');
    const bagId = await arrive(1);
    await quiet();
    expect(waiting()).toEqual([bagId]);
    expect(await lane.screening.store.readReleases(10)).toEqual([]);
    expect((await lane.screening.queueSnapshot()).waiting).toMatchObject([{ held: false }]);
  });

  it('leaves bags of a scanner that the calibration does not cover to a person', async () => {
    await open('quiet', 'another-scanner');
    const bagId = await arrive(1);
    await quiet();
    expect(waiting()).toEqual([bagId]);
    expect(await lane.screening.store.readReleases(10)).toEqual([]);
  });

  it('leaves a bag that somebody was shown to a person, also after it left the screen', async () => {
    await open('quiet');
    lane.screener.close();
    const bagId = await arrive(1);
    const { review } = lane.screening;
    await review.begin(session(), bagId);
    lane.screener.open();
    await quiet();
    await review.pause(session());
    await quiet();
    expect(waiting()).toEqual([bagId]);
  });

  it('takes up bags that wait when the rules change, and none where every bag is reviewed', async () => {
    await open('quiet');
    await setMode('every-bag');
    await arrive(1);
    await quiet();
    expect(waiting()).toHaveLength(1);
    await setMode('alarms-only');
    await quiet();
    expect(waiting()).toEqual([]);
  });

  it('keeps a bag in the queue whose release cannot be recorded', async () => {
    await open('quiet');
    await setMode('every-bag');
    const bagId = await arrive(1);
    await quiet();
    await setMode('alarms-only');
    const faults: unknown[] = [];
    lane.screening.releases.trouble.subscribe((fault) => faults.push(fault));
    const other = new DatabaseSync(lane.recordsPath);
    other.exec('BEGIN IMMEDIATE');
    await lane.screening.releases.look();
    expect(waiting()).toEqual([bagId]);
    expect(faults).toMatchObject([{ code: 'store-unavailable' }]);
    other.exec('ROLLBACK');
    other.close();
    await wait(0);
    await lane.screening.releases.look();
    expect(waiting()).toEqual([]);
  });
});
