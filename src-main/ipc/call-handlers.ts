import type {
  CallAccess,
  CallName,
  CallPayload,
  CallResponse,
} from '../../src-shared/contract/contract';
import type { calls } from '../../src-shared/contract/contract';
import type { Screening } from '../app/create-screening';
import { openPaths } from '../intake/open-paths';
import { NO_BUNDLE_ID } from '../services/site-service';
import type { Session } from '../services/session-service';
import { tipView } from '../services/tip/tip-view';
import { bundleSummary } from './bundle-summary';

/** What only the desktop can answer. */
export interface Desktop {
  /** Shows the system's dialog; empty when the person chose nothing. */
  chooseFiles(): Promise<readonly string[]>;
  about(): Pick<CallResponse<'app.about'>, 'version' | 'electron' | 'chrome' | 'node'>;
}

type AccessOf<N extends CallName> = (typeof calls)[N]['access'] & CallAccess;

/** One handler a call; who asks is main's own session, never something in the payload. */
export type CallHandlers = {
  readonly [N in CallName]: (
    payload: CallPayload<N>,
    caller: AccessOf<N> extends 'anyone' ? Session | null : Session,
  ) => Promise<CallResponse<N>>;
};

/** Each handler calls a service and tells the window what has changed. */
export function createCallHandlers(screening: Screening, desktop: Desktop): CallHandlers {
  const { accounts, session, site, models, thresholds, engine, queue, review, news } = screening;
  const { duty, releases, reviewRules, tips } = screening;

  const stateAfter = async (): Promise<CallResponse<'app.state'>> => {
    news.publish({ name: 'app' });
    news.publish({ name: 'queue' });
    return screening.appState();
  };
  const queueAfter = async (done: Promise<void>): Promise<CallResponse<'queue.get'>> => {
    await done;
    return screening.queueSnapshot();
  };
  const open = async (paths: readonly string[]): Promise<{ added: number }> => {
    const { added, faults } = await openPaths(paths, (source) => screening.arrive(source));
    const [first] = faults;
    if (added === 0 && first !== undefined) throw first;
    for (const fault of faults) news.publish({ name: 'trouble', fault });
    return { added };
  };

  return {
    'app.state': () => screening.appState(),
    'app.about': () =>
      Promise.resolve({
        ...desktop.about(),
        engine: engine.state.description,
        bundleId: engine.state.bundleId,
        recordsPath: screening.store.location,
      }),

    'setup.createFirstSupervisor': async (first) => {
      await screening.setUp(first);
      void screening.warmUp();
      return stateAfter();
    },
    'session.signIn': async ({ name, secret }) => {
      const before = session.current;
      await session.signIn(name, secret);
      await review.leave();
      if (before !== null) await duty.ended(before);
      return stateAfter();
    },
    'session.signOut': async () => {
      await screening.signOut();
      return stateAfter();
    },
    'session.lock': async () => {
      // The picture is for open eyes: the bag waits on until somebody unlocks.
      await review.leave();
      await session.lock();
      return stateAfter();
    },
    'session.unlock': async ({ secret }) => {
      await session.unlock(secret);
      return stateAfter();
    },

    'site.selectLane': async ({ laneId }, caller) => {
      await site.selectLane(laneId, caller);
      void screening.warmUp();
      return stateAfter();
    },
    'site.addCheckpoint': async ({ name }, { accountId }) => {
      const bundle = await models.first();
      const added = await site.addCheckpoint(name, accountId, bundle?.manifest.id ?? NO_BUNDLE_ID);
      await stateAfter();
      return added;
    },
    'site.addLane': async (lane, { accountId }) => {
      const added = await site.addLane(lane, accountId);
      await stateAfter();
      return added;
    },

    'accounts.list': () => accounts.list(),
    'accounts.create': (account, { accountId }) => accounts.create(account, accountId),
    'accounts.deactivate': (request, { accountId }) =>
      accounts.deactivate(request.accountId, accountId),

    'thresholds.view': ({ checkpointId }) => thresholds.view(checkpointId),
    'thresholds.set': async (change, { accountId }) => {
      const record = await thresholds.set(change, accountId);
      queue.checkpointChanged();
      void releases.look();
      await stateAfter();
      return record;
    },
    'models.list': async () => (await models.list()).map(bundleSummary),
    'models.activate': async ({ bundleId, ...change }, { accountId }) => {
      const record = await thresholds.activate(change, bundleId, accountId);
      engine.tryAgain();
      queue.checkpointChanged();
      void screening.warmUp();
      await stateAfter();
      return record;
    },

    'bags.chooseFiles': async () => open(await desktop.chooseFiles()),
    'bags.openPaths': ({ paths }) => open(paths),
    'queue.get': () => screening.queueSnapshot(),

    'presentations.prepare': async ({ bagId }, caller) => {
      const { presentationId } = await review.prepare(caller, bagId);
      return { presentationId, bagId };
    },
    'presentations.begin': ({ bagId }, caller) => review.begin(caller, bagId),
    'presentations.recall': ({ bagId }, caller) => review.recall(caller, bagId),
    'presentations.decide': (decision, caller) => review.decide(caller, decision),
    'presentations.lookLonger': ({ presentationId }, caller) => {
      review.lookLonger(caller, presentationId);
      return Promise.resolve({});
    },
    'presentations.undo': (_nothing, caller) => review.undo(caller),

    'review.pause': (_nothing, caller) => queueAfter(review.pause(caller)),
    'review.resume': (_nothing, caller) => queueAfter(review.resume(caller)),
    'review.goOn': (_nothing, caller) => queueAfter(duty.goOn(caller)),
    'tip.view': ({ checkpointId }) => tipView(screening, checkpointId),
    'tip.set': (change, { accountId }) => tips.set(change, accountId),
    'reviewRules.view': ({ checkpointId }) => reviewRules.view(checkpointId),
    'reviewRules.set': async (change, { accountId }) => {
      const record = await reviewRules.set(change, accountId);
      void releases.look();
      await stateAfter();
      return record;
    },
  };
}
