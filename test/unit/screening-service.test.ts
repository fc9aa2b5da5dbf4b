import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { openPaths } from '../../src-main/intake/open-paths';
import type { SmallLane } from '../fixtures/small-lane';
import { openSmallLane, signInOperator } from '../fixtures/small-lane';
import { writeSmallScan } from '../fixtures/small-scan';

describe('ScreeningService', () => {
  let lane: SmallLane;
  afterEach(() => lane.remove());

  const open = async (bundle: 'alarms' | 'quiet' | 'none' = 'quiet'): Promise<void> => {
    lane = await openSmallLane(bundle);
    await signInOperator(lane.screening);
  };
  const take = (...paths: string[]) => openPaths(paths, (source) => lane.screening.arrive(source));
  const states = () =>
    lane.screening.queue.waiting.map(({ bag, stage }) => `${bag.label} ${stage.name}`);

  it('scores bags one at a time in order of arrival, a bag on screen first', async () => {
    await open();
    lane.screener.close();
    for (const seed of [1, 2, 3])
      await take(await writeSmallScan(lane.folder, `s${seed}.png`, seed));
    const third = lane.screening.queue.waiting[2];
    if (!third) throw new Error('three bags arrived');
    await lane.screening.review.begin(lane.screening.session.require('signed-in'), third.bag.id);
    expect(states()).toEqual(['s1.png scoring', 's2.png waiting', 's3.png waiting']);
    lane.screener.open();
    await lane.settled();
    const order = lane.screener.screened.map(
      (source) => source.kind === 'file' && source.path.slice(-6),
    );
    expect(order).toEqual(['s1.png', 's3.png', 's2.png']);
    expect(states()).toEqual(['s1.png ended', 's2.png ended', 's3.png ended']);
  });

  it('brings undecided bags back after a restart and scores them again', async () => {
    await open();
    await take(
      await writeSmallScan(lane.folder, 'a.png', 1),
      await writeSmallScan(lane.folder, 'b.png', 2),
    );
    await lane.settled();
    const session = lane.screening.session.require('signed-in');
    const [first] = lane.screening.queue.waiting;
    const shown = await lane.screening.review.begin(session, first?.bag.id ?? '');
    await lane.screening.review.decide(session, {
      presentationId: shown.id,
      outcome: 'clear',
      note: '',
      marks: [],
      reason: null,
    });
    await lane.restart();
    expect(lane.screening.queue.waiting.map(({ bag }) => bag.label)).toEqual(['b.png']);
    await lane.settled();
    expect((await lane.screening.queueSnapshot()).waiting[0]?.state).toBe('no-alarm');
    expect((await lane.screening.queueSnapshot()).recall[0]?.label).toBe('a.png');

    // A decided bag of the run before can still be looked at, scored anew.
    const recalled = await lane.screening.review.recall(session, first?.bag.id ?? '');
    expect(recalled.decision?.outcome).toBe('clear');
    await new Promise<void>((resolve) => {
      if (lane.screening.review.current?.scoring === false) resolve();
      lane.screening.review.changed.subscribe(({ scoring }) => {
        if (!scoring) resolve();
      });
    });
    expect(lane.screening.review.current?.machine).toBe('no-alarm');
  });

  it('leaves a scan in flight waiting when the program ends, with no outcome recorded', async () => {
    await open();
    lane.screener.close();
    await take(await writeSmallScan(lane.folder, 'a.png', 1));
    const bagId = lane.screening.queue.waiting[0]?.bag.id ?? '';
    await lane.restart();
    lane.screener.open();
    await lane.settled();
    expect(await lane.screening.store.readOutcomes(bagId)).toHaveLength(1);
    expect(states()).toEqual(['a.png ended']);
  });

  it('calls every bag unscored without a model, says why, and scores them once one is activated', async () => {
    await open('none');
    await take(await writeSmallScan(lane.folder, 'a.png', 1));
    await lane.settled();
    const [item] = (await lane.screening.queueSnapshot()).waiting;
    expect(item).toMatchObject({ state: 'unscored', error: { code: 'bundle-missing' } });
    expect(lane.screening.engine.state).toMatchObject({
      state: 'failed',
      error: { code: 'bundle-missing' },
    });

    await lane.installModels();
    const { thresholds, queue, site, session } = lane.screening;
    const checkpointId = site.checkpoints[0]?.id ?? '';
    const change = { checkpointId, threshold: 0.2, reason: 'the first model' };
    await thresholds.activate(
      change,
      lane.bundleIds.alarms,
      session.require('signed-in').accountId,
    );
    queue.checkpointChanged();
    await lane.settled();
    expect((await lane.screening.queueSnapshot()).waiting[0]?.state).toBe('alarm');
  });

  it('scores a bag with the model that its record names, though another is activated meanwhile', async () => {
    await open('quiet');
    const { engine, thresholds, queue, site, session, store } = lane.screening;
    await engine.ensure(lane.bundleIds.quiet);
    lane.screener.close();
    await take(await writeSmallScan(lane.folder, 'a.png', 1));
    const bagId = queue.waiting[0]?.bag.id ?? '';
    while (lane.screener.screened.length === 0)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const checkpointId = site.checkpoints[0]?.id ?? '';
    const change = { checkpointId, threshold: 0.2, reason: 'a newer model' };
    const { accountId } = session.require('signed-in');
    await thresholds.activate(change, lane.bundleIds.alarms, accountId);
    queue.checkpointChanged();
    const loading = lane.screening.warmUp();
    // Time enough to load the other model, were it not to wait for the scan in hand.
    await new Promise((resolve) => setTimeout(resolve, 200));
    lane.screener.open();
    await loading;
    await lane.settled();
    const outcomes = await store.readOutcomes(bagId);
    const named = outcomes.map(({ bundleId, displayScoreMax }) => ({
      bundleId,
      alarms: (displayScoreMax ?? NaN) > change.threshold,
    }));
    expect(named).toEqual([
      { bundleId: lane.bundleIds.quiet, alarms: false },
      { bundleId: lane.bundleIds.alarms, alarms: true },
    ]);
  });

  it('keeps every fault to its own bag: the ones behind it are scored', async () => {
    await open();
    const folder = join(lane.folder, 'mixed');
    await mkdir(folder);
    await writeFile(join(folder, 'a-empty.png'), '');
    await writeFile(join(folder, 'b-paper.png'), '%PDF-1.7 no scan at all');
    await writeFile(join(folder, 'c_low.png'), 'half of a pair');
    await writeSmallScan(folder, 'd-good.png', 3);
    const opened = await take(folder, join(folder, 'not there.png'));
    expect(opened.added).toBe(4);
    expect(opened.faults.map(({ code }) => code)).toEqual(['file-not-found']);
    await lane.settled();
    const { waiting } = await lane.screening.queueSnapshot();
    expect(waiting.map(({ state }) => state)).toEqual([
      'unscored',
      'unscored',
      'unscored',
      'no-alarm',
    ]);
    expect(
      waiting.slice(0, 3).every(({ error }) => error !== null && error.message.length > 20),
    ).toBe(true);
  });

  it('names a pair by what its files have in common', async () => {
    await open();
    lane.screener.close();
    await writeSmallScan(lane.folder, 'bag-7_low.png', 1);
    await writeSmallScan(lane.folder, 'bag-7_high.png', 1);
    // Named by both of its files it is still one bag.
    const both = [join(lane.folder, 'bag-7_low.png'), join(lane.folder, 'bag-7_high.png')];
    expect((await take(...both)).added).toBe(1);
    expect(states()).toEqual(['bag-7 scoring']);
  });

  it('counts a bag as scored only once that is recorded, and says that it could not be', async () => {
    await open();
    const other = new DatabaseSync(lane.recordsPath);
    const troubles: unknown[] = [];
    lane.screening.queue.trouble.subscribe((fault) => troubles.push(fault));
    lane.screener.close();
    await take(await writeSmallScan(lane.folder, 'a.png', 1));
    const bagId = lane.screening.queue.waiting[0]?.bag.id ?? '';
    other.exec('BEGIN IMMEDIATE');
    lane.screener.open();
    while (troubles.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(troubles[0]).toMatchObject({ code: 'store-unavailable' });
    expect(states()).toEqual(['a.png scoring']);
    other.exec('ROLLBACK');
    other.close();
    await lane.settled();
    expect(states()).toEqual(['a.png ended']);
    expect(await lane.screening.store.readOutcomes(bagId)).toHaveLength(1);
  });
});
