import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tipResult, tipSettingsEntry } from '../fixtures/tip-records';
import type { ScreeningStore } from '../../src-main/store/screening-store';
import type {
  AccountEvent,
  BagRecord,
  DecisionRecord,
  OutcomeRecord,
  PresentationRecord,
  ReleaseRecord,
  ReviewRulesEntry,
  SessionEvent,
  ShownAlarms,
  ThresholdEntry,
} from '../../src-main/store/store-record';

/** What an implementation gives the suite: a new empty store, and the way to open it once more. */
export interface StoreUnderTest {
  readonly name: string;
  open(): Promise<{
    store: ScreeningStore;
    reopen: () => Promise<ScreeningStore>;
    remove: () => Promise<void>;
  }>;
}

const at = (second: number): string => new Date(Date.UTC(2026, 0, 5, 12, 0, second)).toISOString();

const checkpoint = { id: 'c1', name: 'North', by: 'a1', at: at(0) };
const lane = {
  id: 'l1',
  checkpointId: 'c1',
  name: 'Lane 1',
  scannerKind: 'dual-energy',
  pixelPitchMm: 1.25,
  by: 'a1',
  at: at(0),
};
const threshold: ThresholdEntry = {
  id: 't1',
  checkpointId: 'c1',
  threshold: 0.2,
  bundleId: 'b1',
  reason: 'At installation',
  setBy: 'a1',
  setAt: at(0),
};
const reviewRules: ReviewRulesEntry = {
  id: 'w1',
  checkpointId: 'c1',
  rules: {
    searchReasons: ['Looks like a knife', 'Too dense'],
    mode: 'alarms-only',
    decisionLimitS: 15,
    atLimit: 'search',
    dutyMinutes: 20,
    breakMinutes: 10,
  },
  reason: 'A trial of one week',
  setBy: 'a1',
  setAt: at(1),
};
const account: AccountEvent = {
  id: 'e1',
  accountId: 'a1',
  kind: 'created',
  name: 'Ada',
  role: 'supervisor',
  secretHash: '$argon2id$example',
  by: 'first run',
  at: at(0),
};
const bag = (id: string, second = 1): BagRecord => ({
  id,
  laneId: 'l1',
  label: `${id}.png`,
  source: { kind: 'pair', lowPath: `/scans/${id}.low.png`, highPath: `/scans/${id}.high.png` },
  sha256: 'ab'.repeat(32),
  arrivedAt: at(second),
});
const presentation = (id: string, bagId: string): PresentationRecord => ({
  id,
  bagId,
  accountId: 'a1',
  laneId: 'l1',
  sha256: null,
  thresholdId: 't1',
  bundleId: 'b1',
  calibrated: false,
  shownAt: at(2),
});
const decision = (
  id: string,
  bagId: string,
  presentationId: string,
  more: Partial<DecisionRecord> = {},
): DecisionRecord => ({
  id,
  bagId,
  presentationId,
  outcome: 'clear',
  machine: 'no-alarm',
  note: '',
  marks: [],
  reason: null,
  cause: 'person',
  decidedBy: 'a1',
  decidedAt: at(3),
  supersedes: null,
  ...more,
});

/** Holds an implementation to the ScreeningStore interface. */
export function describeScreeningStore(underTest: StoreUnderTest): void {
  describe(`ScreeningStore in ${underTest.name}`, () => {
    let opened: Awaited<ReturnType<StoreUnderTest['open']>>;
    let store: ScreeningStore;

    beforeEach(async () => {
      opened = await underTest.open();
      store = opened.store;
    });
    afterEach(() => opened.remove());

    const layOut = () =>
      store.append(
        { kind: 'site', record: { id: 's1', name: 'Airport', at: at(0) } },
        { kind: 'accountEvent', record: account },
        { kind: 'checkpoint', record: checkpoint },
        { kind: 'lane', record: lane },
        { kind: 'threshold', record: threshold },
      );
    const bagShown = async (bagId: string, presentationId: string): Promise<void> => {
      await store.append(
        { kind: 'bag', record: bag(bagId) },
        { kind: 'presentation', record: presentation(presentationId, bagId) },
      );
    };
    const decide = (record: DecisionRecord) => store.append({ kind: 'decision', record });

    it('is empty at first', async () => {
      expect(await store.readSite()).toBeNull();
      expect(await store.readSelectedLaneId()).toBeNull();
      expect(await store.readBag('nothing')).toBeNull();
      for (const read of [
        store.readCheckpoints(),
        store.readLanes(),
        store.readAccountEvents(),
        store.readSessionEvents(10),
        store.readThresholds('c1'),
        store.readUndecidedBags(),
        store.readDecidedBags(10),
        store.readEngineEvents(10),
      ]) {
        expect(await read).toEqual([]);
      }
    });

    it('gives every kind of record back as it was appended, also when opened again', async () => {
      await layOut();
      const selection = { id: 'x1', laneId: 'l1', by: 'a1', at: at(1) };
      const signIn: SessionEvent = { id: 'v1', kind: 'signed-in', accountId: 'a1', at: at(1) };
      const outcome: OutcomeRecord = {
        id: 'o1',
        bagId: 'g1',
        bundleId: 'b1',
        engine: 'onnx · onnxruntime, cpu',
        state: 'screened',
        sha256: 'cd'.repeat(32),
        anomalyScoreMax: 0.0123456789012345,
        displayScoreMax: 0.61,
        views: [
          {
            viewIndex: 0,
            widthPx: 640,
            heightPx: 480,
            pixelKind: 'dual-energy',
            pixelPitchMm: null,
            state: 'scored',
            tiles: { count: 40, skipped: 12, strideX: 32, strideY: 32 },
            anomalyScoreMax: 0.0123456789012345,
            displayScoreMax: 0.61,
            opaque: [{ x: 1, y: 2, width: 3, height: 4 }],
          },
        ],
        error: null,
        elapsedMs: 812.5,
        at: at(2),
      };
      const shown: ShownAlarms = {
        id: 'h1',
        presentationId: 'p1',
        outcomeId: 'o1',
        engine: outcome.engine,
        machine: 'unscored',
        calibrated: false,
        displayScoreMax: null,
        views: [
          {
            viewIndex: 0,
            alarm: true,
            regions: [
              {
                x: 0,
                y: 0,
                width: 64,
                height: 64,
                displayScore: 0.61,
                anomalyScore: 0.5,
                areaPx: 4096,
                peak: { x: 0, y: 0, width: 64, height: 64 },
              },
            ],
          },
        ],
        error: { code: 'file-truncated', message: 'The file is cut short.' },
        at: at(2),
      };
      const decided = decision('d1', 'g1', 'p1', {
        outcome: 'search',
        note: 'knife? “left”',
        marks: [
          { kind: 'point', viewIndex: 0, x: 12.5, y: 7 },
          { kind: 'box', viewIndex: 1, x: 1, y: 2, width: 30, height: 4.25 },
          {
            kind: 'line',
            viewIndex: 0,
            points: [
              { x: 1, y: 1 },
              { x: 2.5, y: 9 },
            ],
          },
        ],
        reason: 'Looks like a knife',
      });
      const release = {
        id: 'r1',
        bagId: 'g2',
        outcomeId: 'o1',
        thresholdId: 't1',
        reviewRulesId: 'w1',
        bundleId: 'b1',
        at: at(3),
      };
      const tipEntry = tipSettingsEntry({
        ...{ id: 'x1', checkpointId: 'c1', setBy: 'a1', setAt: at(2) },
      });
      const missed = tipResult({
        ...{ id: 'y1', bagId: 'g1', presentationId: 'p2', accountId: 'a1', checkpointId: 'c1' },
        ...{ settingsId: 'x1', at: at(4) },
      });
      const engineEvent = {
        id: 'n1',
        kind: 'loaded' as const,
        bundleId: 'b1',
        description: 'onnx',
        error: null,
        at: at(1),
      };
      await store.append(
        { kind: 'laneSelection', record: selection },
        { kind: 'sessionEvent', record: signIn },
        { kind: 'bag', record: bag('g1') },
        { kind: 'outcome', record: outcome },
        { kind: 'presentation', record: presentation('p1', 'g1') },
        { kind: 'shownAlarms', record: shown },
        { kind: 'decision', record: decided },
        { kind: 'reviewRules', record: reviewRules },
        { kind: 'bag', record: bag('g2') },
        { kind: 'release', record: release },
        { kind: 'tipSettings', record: tipEntry },
        { kind: 'presentation', record: presentation('p2', 'g1') },
        { kind: 'tipResult', record: missed },
        { kind: 'engineEvent', record: engineEvent },
      );
      const look = async (from: ScreeningStore): Promise<void> => {
        expect(await from.readSite()).toEqual({ id: 's1', name: 'Airport', at: at(0) });
        expect(await from.readCheckpoints()).toEqual([checkpoint]);
        expect(await from.readLanes()).toEqual([lane]);
        expect(await from.readSelectedLaneId()).toBe('l1');
        expect(await from.readAccountEvents()).toEqual([account]);
        expect(await from.readSessionEvents(10)).toEqual([signIn]);
        expect(await from.readThresholds('c1')).toEqual([threshold]);
        expect(await from.readBag('g1')).toEqual(bag('g1'));
        expect(await from.readOutcomes('g1')).toEqual([outcome]);
        expect(await from.readPresentations('g1')).toEqual([
          presentation('p1', 'g1'),
          presentation('p2', 'g1'),
        ]);
        expect(await from.readTipSettings('c1')).toEqual([tipEntry]);
        expect(await from.readTipSettings('c2')).toEqual([]);
        expect(await from.readTipResults('c1', 5)).toEqual([missed]);
        expect(await from.readTipResultOf('g1')).toEqual(missed);
        expect(await from.readTipResultOf('g2')).toBeNull();
        expect(await from.countDecidedBags('c1')).toEqual([
          { accountId: 'a1', outcome: decided.outcome, bags: 1 },
        ]);
        expect(await from.readShownAlarms('p1')).toEqual([shown]);
        expect(await from.readDecisions('g1')).toEqual([decided]);
        expect(await from.readReviewRules('c1')).toEqual([reviewRules]);
        expect(await from.readReleases(5)).toEqual([release]);
        expect(await from.readEngineEvents(5)).toEqual([engineEvent]);
      };
      await look(store);
      await look(await opened.reopen());
    });

    it('holds one projected threat a bag, and none beside a decision on the same presentation', async () => {
      await layOut();
      await bagShown('g1', 'p1');
      await bagShown('g2', 'p2');
      const entry = { id: 'x1', checkpointId: 'c1', setBy: 'a1', setAt: at(2) };
      await store.append({ kind: 'tipSettings', record: tipSettingsEntry(entry) });
      const resultOf = (id: string, bagId: string, presentationId: string) => ({
        kind: 'tipResult' as const,
        record: tipResult({
          ...{ id, bagId, presentationId, accountId: 'a1', checkpointId: 'c1' },
          ...{ settingsId: 'x1', at: at(4) },
        }),
      });
      await store.append(resultOf('y1', 'g1', 'p1'));
      await store.append({ kind: 'presentation', record: presentation('p3', 'g1') });
      await expect(store.append(resultOf('y2', 'g1', 'p3'))).rejects.toThrow();
      await expect(decide(decision('d1', 'g1', 'p1'))).rejects.toThrow();
      await decide(decision('d2', 'g2', 'p2'));
      await expect(store.append(resultOf('y3', 'g2', 'p2'))).rejects.toThrow();
      // A projected threat is no decision on its bag.
      expect((await store.readUndecidedBags()).map(({ id }) => id)).toEqual(['g1']);
      expect(await store.readTipResults('c1', 9)).toHaveLength(1);
    });

    it('writes all of the records of one append or none', async () => {
      await layOut();
      const unknownLane: BagRecord = { ...bag('g2'), laneId: 'no such lane' };
      await expect(
        store.append({ kind: 'bag', record: bag('g1') }, { kind: 'bag', record: unknownLane }),
      ).rejects.toMatchObject({ code: 'store-unavailable' });
      expect(await store.readUndecidedBags()).toEqual([]);
      await store.append({ kind: 'bag', record: bag('g1') });
      expect(await store.readUndecidedBags()).toHaveLength(1);
    });

    it('lists undecided bags in order of arrival and decided ones last decided first', async () => {
      await layOut();
      for (const id of ['g1', 'g2', 'g3']) await bagShown(id, `p-${id}`);
      await decide(decision('d1', 'g2', 'p-g2'));
      await decide(decision('d2', 'g1', 'p-g1'));
      expect((await store.readUndecidedBags()).map(({ id }) => id)).toEqual(['g3']);
      const decided = await store.readDecidedBags(10);
      expect(decided.map(({ bag: { id } }) => id)).toEqual(['g1', 'g2']);
      expect(decided[0]?.decision.id).toBe('d2');
      expect((await store.readDecidedBags(1)).map(({ bag: { id } }) => id)).toEqual(['g1']);
    });

    it('brings an undone bag back and keeps the whole chain of its decisions', async () => {
      await layOut();
      await bagShown('g1', 'p1');
      await decide(decision('d1', 'g1', 'p1'));
      await decide(decision('d2', 'g1', 'p1', { outcome: 'undone', supersedes: 'd1' }));
      expect((await store.readUndecidedBags()).map(({ id }) => id)).toEqual(['g1']);
      expect(await store.readDecidedBags(10)).toEqual([]);
      await store.append({ kind: 'presentation', record: presentation('p2', 'g1') });
      await decide(decision('d3', 'g1', 'p2', { outcome: 'search', supersedes: 'd2' }));
      expect(await store.readUndecidedBags()).toEqual([]);
      expect((await store.readDecidedBags(10)).map((entry) => entry.decision.id)).toEqual(['d3']);
      expect((await store.readDecisions('g1')).map(({ id }) => id)).toEqual(['d1', 'd2', 'd3']);
    });

    it('refuses a second decision on one presentation, and a second start or fork of a chain', async () => {
      await layOut();
      await bagShown('g1', 'p1');
      await store.append({ kind: 'presentation', record: presentation('p2', 'g1') });
      await decide(decision('d1', 'g1', 'p1'));
      const refused = { code: 'already-decided' };
      await expect(decide(decision('d2', 'g1', 'p1', { supersedes: 'd1' }))).rejects.toMatchObject(
        refused,
      );
      await expect(decide(decision('d2', 'g1', 'p2'))).rejects.toMatchObject(refused);
      await decide(decision('d2', 'g1', 'p2', { supersedes: 'd1' }));
      await expect(
        decide(decision('d3', 'g1', 'p2', { outcome: 'undone', supersedes: 'd1' })),
      ).rejects.toMatchObject(refused);
      expect((await store.readDecisions('g1')).map(({ id }) => id)).toEqual(['d1', 'd2']);
    });

    it('refuses a clear that time made, and takes its search and a bag to be scanned again', async () => {
      await layOut();
      for (const id of ['g1', 'g2']) await bagShown(id, `p-${id}`);
      const outOfTime = { cause: 'time-limit' } as const;
      for (const outcome of ['clear', 'rescan'] as const) {
        await expect(
          decide(decision('d1', 'g1', 'p-g1', { ...outOfTime, outcome })),
        ).rejects.toMatchObject({ code: 'store-unavailable' });
      }
      expect(await store.readDecisions('g1')).toEqual([]);
      await decide(decision('d1', 'g1', 'p-g1', { ...outOfTime, outcome: 'search' }));
      await decide(decision('d2', 'g2', 'p-g2', { outcome: 'rescan', machine: 'unscored' }));
      expect(await store.readUndecidedBags()).toEqual([]);
    });

    const releaseOf = (id: string, bagId: string): ReleaseRecord => ({
      id,
      bagId,
      outcomeId: `o-${bagId}`,
      thresholdId: 't1',
      reviewRulesId: 'w1',
      bundleId: 'b1',
      at: at(4),
    });
    const bagScored = (bagId: string) =>
      store.append(
        { kind: 'bag', record: bag(bagId) },
        {
          kind: 'outcome',
          record: {
            ...{ id: `o-${bagId}`, bagId, bundleId: 'b1', engine: 'onnx', state: 'screened' },
            ...{ sha256: null, anomalyScoreMax: 1, displayScoreMax: 0.1, views: [], error: null },
            ...{ elapsedMs: 1, at: at(2) },
          },
        },
      );

    it('takes a released bag out of the queue, once, and names the rules that released it', async () => {
      await layOut();
      await store.append({ kind: 'reviewRules', record: reviewRules });
      for (const id of ['g1', 'g2']) await bagScored(id);
      await store.append({ kind: 'release', record: releaseOf('r1', 'g1') });
      expect((await store.readUndecidedBags()).map(({ id }) => id)).toEqual(['g2']);
      expect(await store.readDecidedBags(10)).toEqual([]);
      for (const again of [releaseOf('r2', 'g1'), { ...releaseOf('r3', 'g2'), reviewRulesId: '-' }])
        await expect(store.append({ kind: 'release', record: again })).rejects.toMatchObject({
          code: 'store-unavailable',
        });
      expect((await store.readReleases(10)).map(({ id }) => id)).toEqual(['r1']);
    });

    it('refuses to release a bag that a person was shown', async () => {
      await layOut();
      await store.append({ kind: 'reviewRules', record: reviewRules });
      await bagScored('g1');
      await store.append({ kind: 'presentation', record: presentation('p1', 'g1') });
      await expect(
        store.append({ kind: 'release', record: releaseOf('r1', 'g1') }),
      ).rejects.toMatchObject({ code: 'store-unavailable' });
      expect((await store.readUndecidedBags()).map(({ id }) => id)).toEqual(['g1']);
    });

    it('reads what a person was shown since a time, in order', async () => {
      await layOut();
      await store.append({ kind: 'bag', record: bag('g1') });
      for (const [id, second, accountId] of [
        ['p1', 1, 'a1'],
        ['p3', 6, 'a2'],
        ['p4', 9, 'a1'],
        ['p2', 5, 'a1'],
      ] as const) {
        const record = { ...presentation(id, 'g1'), shownAt: at(second), accountId };
        await store.append({ kind: 'presentation', record });
      }
      const ids = (await store.readPresentationsTo('a1', at(5))).map(({ id }) => id);
      expect(ids).toEqual(['p2', 'p4']);
    });

    it('refuses two accounts whose names differ by case alone', async () => {
      await store.append({ kind: 'accountEvent', record: account });
      const twin: AccountEvent = { ...account, id: 'e2', accountId: 'a2', name: ' aDA ' };
      await expect(store.append({ kind: 'accountEvent', record: twin })).rejects.toMatchObject({
        code: 'account-exists',
      });
      const renewed: AccountEvent = { ...account, id: 'e3', kind: 'secret-set' };
      await store.append({ kind: 'accountEvent', record: renewed });
      expect(await store.readAccountEvents()).toHaveLength(2);
    });

    it('reads thresholds and session events newest first', async () => {
      await layOut();
      await store.append(
        { kind: 'threshold', record: { ...threshold, id: 't2', threshold: 0.4 } },
        {
          kind: 'sessionEvent',
          record: { id: 'v1', kind: 'signed-in', accountId: 'a1', at: at(1) },
        },
        {
          kind: 'sessionEvent',
          record: { id: 'v2', kind: 'sign-in-failed', accountId: null, at: at(2) },
        },
        {
          kind: 'sessionEvent',
          record: { id: 'v3', kind: 'signed-out', accountId: 'a1', at: at(3) },
        },
      );
      expect((await store.readThresholds('c1')).map(({ id }) => id)).toEqual(['t2', 't1']);
      expect((await store.readSessionEvents(2)).map(({ id }) => id)).toEqual(['v3', 'v2']);
      expect((await store.readSessionEvents(9, { accountId: 'a1' })).map(({ id }) => id)).toEqual([
        'v3',
        'v1',
      ]);
      const strangers = await store.readSessionEvents(9, { accountId: null });
      expect(strangers.map(({ id }) => id)).toEqual(['v2']);
      const ends = await store.readSessionEvents(9, { kinds: ['signed-out', 'locked'] });
      expect(ends.map(({ id }) => id)).toEqual(['v3']);
      const both = await store.readSessionEvents(9, { accountId: null, kinds: ['signed-out'] });
      expect(both).toEqual([]);
    });
  });
}
