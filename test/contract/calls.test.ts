import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallName, CallRequest, CallResponse } from '../../src-shared/contract/contract';
import { calls } from '../../src-shared/contract/contract';
import { DEFAULT_REVIEW_RULES } from '../../src-shared/domain/review-rules';
import type { TipSettings } from '../../src-shared/domain/tip';
import { answerCall } from '../../src-main/ipc/answer-call';
import type { CallDoor } from '../../src-main/ipc/answer-call';
import { createCallHandlers } from '../../src-main/ipc/call-handlers';
import { lanesOffered } from '../../src-renderer/operator/place';
import type { SmallLane } from '../fixtures/small-lane';
import { OPERATOR, openSmallLane, SUPERVISOR } from '../fixtures/small-lane';
import { writeSmallScan } from '../fixtures/small-scan';

const names = Object.keys(calls) as CallName[];

const NO_THREATS: TipSettings = {
  ...{ enabled: false, oneIn: 50, categories: { gun: 100 }, days: [1], from: '00:00', to: '00:00' },
  ...{ windowS: 10, extendedS: 45 },
};

describe('the contract’s calls', () => {
  let lane: SmallLane;
  let door: CallDoor;
  let defects: unknown[];
  let chosen: string[];

  beforeEach(async () => {
    lane = await openSmallLane('quiet');
    defects = [];
    chosen = [];
    const handlers = createCallHandlers(lane.screening, {
      chooseFiles: () => Promise.resolve(chosen),
      about: () => ({ version: '0', electron: '33', chrome: '130', node: '20' }),
    });
    door = {
      session: lane.screening.session,
      handlers,
      onDefect: (fault) => {
        defects.push(fault);
      },
    };
  });
  afterEach(async () => {
    expect(defects).toEqual([]);
    await lane.remove();
  });

  const ask = (name: string, request: unknown) => answerCall(name, request, door);
  /** Asks as the window does, through structured clone, and holds the answer to its schema. */
  const call = async <N extends CallName>(
    name: N,
    request: CallRequest<N>,
  ): Promise<CallResponse<N>> => {
    const answer = await ask(name, structuredClone(request));
    if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`);
    return calls[name].response.parse(structuredClone(answer.value)) as CallResponse<N>;
  };
  const codeOf = async (name: string, request: unknown): Promise<string> => {
    const answer = await ask(name, request);
    return answer.ok ? 'ok' : answer.error.code;
  };

  /** A request of the right form for each call, in a site where everything it names exists. */
  const requests = (ids: {
    checkpointId: string;
    laneId: string;
    accountId: string;
    bagId: string;
    path: string;
  }): { [N in CallName]: CallRequest<N> } => ({
    'app.state': {},
    'app.about': {},
    'setup.createFirstSupervisor': { siteName: 'Mine', name: 'Mallory', secret: 'long enough too' },
    'session.signIn': OPERATOR,
    'session.signOut': {},
    'session.lock': {},
    'session.unlock': { secret: OPERATOR.secret },
    'site.selectLane': { laneId: ids.laneId },
    'site.addCheckpoint': { name: 'South' },
    'site.addLane': {
      checkpointId: ids.checkpointId,
      name: 'Lane 9',
      scannerKind: 'rgb-export',
      pixelPitchMm: null,
    },
    'accounts.list': {},
    'accounts.create': { name: 'Eve', role: 'operator', secret: '481516' },
    'accounts.deactivate': { accountId: ids.accountId },
    'thresholds.view': { checkpointId: ids.checkpointId },
    'thresholds.set': { checkpointId: ids.checkpointId, threshold: 0.3, reason: 'because' },
    'models.list': {},
    'models.activate': {
      checkpointId: ids.checkpointId,
      bundleId: lane.bundleIds.alarms,
      threshold: 0.3,
      reason: 'because',
    },
    'bags.chooseFiles': {},
    'bags.openPaths': { paths: [ids.path] },
    'queue.get': {},
    'presentations.begin': { bagId: ids.bagId },
    'presentations.recall': { bagId: ids.bagId },
    'presentations.prepare': { bagId: ids.bagId },
    'presentations.decide': {
      ...{ presentationId: 'p', outcome: 'clear', note: '', marks: [], reason: null },
    },
    'presentations.lookLonger': { presentationId: 'p' },
    'presentations.undo': {},
    'review.pause': {},
    'review.resume': {},
    'review.goOn': {},
    'tip.view': { checkpointId: ids.checkpointId },
    'tip.set': { checkpointId: ids.checkpointId, settings: NO_THREATS, reason: 'because' },
    'reviewRules.view': { checkpointId: ids.checkpointId },
    'reviewRules.set': {
      checkpointId: ids.checkpointId,
      rules: { ...DEFAULT_REVIEW_RULES, mode: 'alarms-only' },
      reason: 'because',
    },
  });

  const setUp = async () => {
    const state = await call('setup.createFirstSupervisor', { siteName: 'Airport', ...SUPERVISOR });
    const operator = await call('accounts.create', { ...OPERATOR, role: 'operator' });
    const [checkpoint] = state.site.checkpoints;
    const path = await writeSmallScan(lane.folder, 'scan.png');
    await call('bags.openPaths', { paths: [path] });
    const { waiting } = await call('queue.get', {});
    return requests({
      checkpointId: checkpoint?.id ?? '',
      laneId: state.site.currentLaneId,
      accountId: operator.id,
      bagId: waiting[0]?.bagId ?? '',
      path,
    });
  };

  it('are open to nobody before the first run but state, about, setup and the ways in', async () => {
    const all = requests({ checkpointId: 'c', laneId: 'l', accountId: 'a', bagId: 'b', path: 'p' });
    for (const name of names.filter((each) => calls[each].access !== 'anyone')) {
      expect(await codeOf(name, all[name]), name).toBe('not-signed-in');
    }
    expect(await codeOf('session.signIn', OPERATOR)).toBe('setup-required');
    expect((await call('app.state', {})).setupRequired).toBe(true);
  });

  it('refuse an operator what is a supervisor’s, and change nothing by it', async () => {
    const all = await setUp();
    await call('session.signIn', OPERATOR);
    const before = await call('app.state', {});
    const supervisors = names.filter((name) => calls[name].access === 'supervisor');
    expect(supervisors).toContain('thresholds.set');
    expect(supervisors).toContain('models.activate');
    expect(supervisors).toContain('accounts.create');
    for (const name of supervisors) {
      expect(await codeOf(name, all[name]), name).toBe('role-required');
      // A role in the payload is no key: the role is main's own session's.
      expect(await codeOf(name, { ...all[name], role: 'supervisor' }), name).toBe('role-required');
    }
    expect((await call('app.state', {})).site).toEqual(before.site);
    expect(await lane.screening.accounts.list()).toHaveLength(2);
  });

  it('let an operator move among the lanes of the checkpoint, and a supervisor anywhere', async () => {
    const all = await setUp();
    const { checkpointId } = all['site.addLane'];
    const south = await call('site.addCheckpoint', { name: 'South' });
    const newLane = { name: 'Lane 2', scannerKind: 'rgb-export', pixelPitchMm: null };
    const near = await call('site.addLane', { ...newLane, checkpointId });
    const far = await call('site.addLane', { ...newLane, checkpointId: south.id });

    await call('session.signIn', OPERATOR);
    const moved = await call('site.selectLane', { laneId: near.id });
    expect(moved.site.currentLaneId).toBe(near.id);
    expect(lanesOffered(moved).map(({ lane: { id } }) => id)).toEqual([
      all['site.selectLane'].laneId,
      near.id,
    ]);
    expect(await ask('site.selectLane', { laneId: far.id })).toMatchObject({
      ok: false,
      error: {
        code: 'role-required',
        message: expect.stringContaining('supervisor moves the workstation') as string,
      },
    });
    expect(await codeOf('site.selectLane', { laneId: 'none' })).toBe('lane-not-found');
    expect((await call('app.state', {})).site.currentLaneId).toBe(near.id);
    expect(await lane.screening.store.readSelectedLaneId()).toBe(near.id);

    const asSupervisor = await call('session.signIn', SUPERVISOR);
    expect(lanesOffered(asSupervisor).map(({ lane: { id } }) => id)).toContain(far.id);
    const away = await call('site.selectLane', { laneId: far.id });
    expect(away.site.currentLaneId).toBe(far.id);
  });

  it('refuse everything while the window is locked but state and the ways in and out', async () => {
    const all = await setUp();
    await call('session.lock', {});
    const open = ['app.state', 'session.signIn', 'session.signOut', 'session.unlock'];
    for (const name of names.filter((each) => !open.includes(each))) {
      expect(await codeOf(name, all[name]), name).toBe('not-signed-in');
    }
    expect((await call('app.state', {})).session?.locked).toBe(true);
    expect(await codeOf('session.unlock', { secret: 'not this one' })).toBe('credentials-wrong');
    expect((await call('session.unlock', { secret: SUPERVISOR.secret })).session?.locked).toBe(
      false,
    );
    await call('session.lock', {});
    expect((await call('session.signOut', {})).session).toBeNull();
  });

  it('refuse names that are not in the table and payloads of another form', async () => {
    const all = await setUp();
    for (const name of ['', 'toString', '__proto__', 'constructor', 'thresholds.delete']) {
      expect(await codeOf(name, {}), name).toBe('request-invalid');
    }
    for (const name of names) {
      for (const rubbish of [undefined, null, 7, [], 'x', { ...all[name], extra: 1 }]) {
        expect(await codeOf(name, rubbish), `${name} ${JSON.stringify(rubbish)}`).toBe(
          'request-invalid',
        );
      }
    }
    expect(await codeOf('thresholds.set', { ...all['thresholds.set'], threshold: 1.01 })).toBe(
      'request-invalid',
    );
    expect(await codeOf('thresholds.set', { ...all['thresholds.set'], reason: '  ' })).toBe(
      'request-invalid',
    );
    expect(await codeOf('bags.openPaths', { paths: [] })).toBe('request-invalid');
  });

  it('answer in the form that the contract states, each of them', async () => {
    const all = await setUp();
    await lane.settled();
    for (const name of [
      'app.about',
      'accounts.list',
      'thresholds.view',
      'models.list',
      'site.addCheckpoint',
      'site.addLane',
      'site.selectLane',
      'thresholds.set',
      'queue.get',
    ] as const) {
      await call(name, all[name]);
    }
    const view = await call('thresholds.view', all['thresholds.view']);
    expect(view.history.map(({ threshold }) => threshold)).toEqual([0.3, 0.2]);
    expect(view.current).toMatchObject({ threshold: 0.3, setByName: SUPERVISOR.name });
    expect(view.calibration?.benignBags).toBe(40);
    // 40 bags: φ = 0 alarms on all that are not the commonest, φ = 1 on none.
    const shares = view.calibration?.observed.map(({ share }) => share) ?? [];
    expect(shares.at(0)).toBeGreaterThan(0.9);
    expect(shares.at(-1)).toBe(0);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));

    const shown = await call('presentations.begin', all['presentations.begin']);
    expect(
      await call('presentations.decide', {
        ...{ presentationId: shown.id, outcome: 'clear', note: ' ok ', reason: null },
        marks: [{ kind: 'point', viewIndex: 0, x: 3, y: 4 }],
      }),
    ).toMatchObject({
      tip: null,
      decision: {
        outcome: 'clear',
        machine: 'no-alarm',
        marks: [{ kind: 'point', viewIndex: 0, x: 3, y: 4 }],
        cause: 'person',
        decidedByName: SUPERVISOR.name,
        decidedBy: (await call('app.state', {})).session?.accountId,
      },
    });
    await call('presentations.undo', {});
    expect((await call('review.pause', {})).duty).toMatchObject({ paused: true, running: false });
    expect(await codeOf('presentations.begin', all['presentations.begin'])).toBe('review-paused');
    expect((await call('review.resume', {})).duty).toMatchObject({ paused: false });
    expect((await call('review.goOn', {})).duty).toMatchObject({ handOverAsked: false });
    const ready = await call('presentations.prepare', all['presentations.prepare']);
    const begun = await call('presentations.begin', all['presentations.begin']);
    expect(begun.id).toBe(ready.presentationId);
    await call('reviewRules.set', all['reviewRules.set']);
    const rules = await call('reviewRules.view', all['reviewRules.view']);
    expect(rules.current.mode).toBe('alarms-only');
    expect(rules.history).toMatchObject([{ reason: 'because', setByName: SUPERVISOR.name }]);
    await call('presentations.lookLonger', { presentationId: begun.id });
    await call('tip.set', all['tip.set']);
    const tip = await call('tip.view', all['tip.view']);
    expect(tip.history).toMatchObject([{ reason: 'because', setByName: SUPERVISOR.name }]);
    const enabled = { ...all['tip.set'], settings: { ...NO_THREATS, enabled: true } };
    expect(await codeOf('tip.set', enabled)).toBe('tip-settings-invalid');
    const deactivated = await call('accounts.deactivate', all['accounts.deactivate']);
    expect(deactivated.active).toBe(false);
  });

  it('open the files that were chosen, and say when there was nothing to open', async () => {
    await setUp();
    expect(await call('bags.chooseFiles', {})).toEqual({ added: 0 });
    chosen = [
      await writeSmallScan(lane.folder, 'two.png', 2),
      await writeSmallScan(lane.folder, 'three.png', 3),
    ];
    expect(await call('bags.chooseFiles', {})).toEqual({ added: 2 });
    expect(await codeOf('bags.openPaths', { paths: [join(lane.folder, 'gone.png')] })).toBe(
      'file-not-found',
    );
    const empty = join(lane.folder, 'empty');
    await mkdir(empty);
    expect(await call('bags.openPaths', { paths: [empty] })).toEqual({ added: 0 });
    expect((await call('queue.get', {})).waitingTotal).toBe(3);
  });

  it('leave nothing on screen for whoever signs in next', async () => {
    const all = await setUp();
    await lane.settled();
    const shown = await call('presentations.begin', all['presentations.begin']);
    const sent = { presentationId: shown.id, outcome: 'search' as const, note: '', marks: [] };
    expect(await codeOf('presentations.decide', { ...sent, reason: null })).toBe('reason-required');
    const [reason = ''] = DEFAULT_REVIEW_RULES.searchReasons;
    await call('presentations.decide', { ...sent, reason });
    await call('session.signIn', OPERATOR);
    expect(await codeOf('presentations.undo', {})).toBe('nothing-to-undo');
    expect(await codeOf('presentations.decide', { ...sent, reason })).toBe(
      'presentation-not-found',
    );
  });
});
