import type { AppState, QueueSnapshot } from '../../src-shared/contract/contract';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Presentation } from '../../src-shared/domain/review';
import type { ScanSource } from '../../src-shared/domain/scan';
import type { EngineName } from '../engine/engine';
import type { HostState } from '../engine/host/host-client';
import type { Screener } from '../engine/screener';
import { AccountsService } from '../services/accounts-service';
import type { Clock } from '../services/clock';
import { DutyService } from '../services/duty-service';
import { EngineService } from '../services/engine-service';
import { Feed } from '../services/feed';
import { inTurns } from '../services/in-turns';
import { ModelsService } from '../services/models-service';
import { PicturesService } from '../services/pictures-service';
import { queueSnapshot } from '../services/queue-snapshot';
import { ReleaseService } from '../services/release-service';
import { ReviewRulesService } from '../services/review-rules-service';
import type { ThreatOver } from '../services/review-service';
import { ReviewService } from '../services/review-service';
import { ScreeningService } from '../services/screening-service';
import { SessionService } from '../services/session-service';
import { NO_BUNDLE_ID, SiteService } from '../services/site-service';
import { ThresholdsService } from '../services/thresholds-service';
import { ThreatLibraries } from '../services/tip/threat-libraries';
import { TipService } from '../services/tip/tip-service';
import type { ScreeningStore } from '../store/screening-store';
import { FIRST_RUN } from '../store/store-record';

export interface ScreeningParts {
  readonly store: ScreeningStore;
  readonly screener: Screener;
  /** Folders that hold model bundles. */
  readonly bundleDirectories: readonly string[];
  /** The bundle that a new checkpoint begins with; the newest calibrated one where null or missing. */
  readonly preferredBundleId: string | null;
  readonly clock: Clock;
  readonly engine: EngineName | 'auto';
  /** Folder whose folders are threat libraries; without it none are projected. */
  readonly threatsDirectory?: string;
  /** What a screener in a process of its own tells of that process. */
  readonly hostStates?: Feed<HostState>;
}

/** What a window is told of as it happens. */
export type ScreeningNews =
  | { readonly name: 'app' }
  | { readonly name: 'queue' }
  | { readonly name: 'presentation'; readonly presentation: Presentation }
  | { readonly name: 'threatOver'; readonly over: ThreatOver }
  | { readonly name: 'trouble'; readonly fault: unknown };

export interface FirstRun {
  readonly siteName: string;
  readonly name: string;
  readonly secret: string;
}

/** The services, wired to one another. */
export interface Screening {
  readonly store: ScreeningStore;
  readonly screener: Screener;
  readonly accounts: AccountsService;
  readonly session: SessionService;
  readonly site: SiteService;
  readonly models: ModelsService;
  readonly thresholds: ThresholdsService;
  readonly engine: EngineService;
  readonly queue: ScreeningService;
  readonly review: ReviewService;
  readonly reviewRules: ReviewRulesService;
  readonly duty: DutyService;
  readonly releases: ReleaseService;
  readonly pictures: PicturesService;
  readonly tips: TipService;
  readonly news: Feed<ScreeningNews>;
  appState(): Promise<AppState>;
  /**
   * First run: the site, its first supervisor, one checkpoint with one lane; signs the supervisor in.
   * @throws PhiscanError `setup-already-done`, `credentials-too-weak`
   */
  setUp(first: FirstRun): Promise<void>;
  queueSnapshot(): Promise<QueueSnapshot>;
  /** Has the engine load the model of the lane in use; a fault stands in the engine's state. */
  warmUp(): Promise<void>;
  /** Takes a scan into the queue of the lane in use. */
  arrive(source: ScanSource): Promise<void>;
  /** Takes what is on screen off it and ends the session, as a hand-over where one was asked for. */
  signOut(): Promise<void>;
  /** Ends the session, stops scoring, ends the engine and closes the store. */
  close(): Promise<void>;
}

/** Wires the services and reads what the store holds. */
export async function createScreening(parts: ScreeningParts): Promise<Screening> {
  const { store, screener, clock } = parts;
  const accounts = new AccountsService(store, clock);
  const session = new SessionService(store, accounts, clock);
  const site = new SiteService(store, clock, accounts.nameOf);
  const models = new ModelsService(parts.bundleDirectories, parts.preferredBundleId);
  const thresholds = new ThresholdsService(store, site, models, clock);
  const engine = new EngineService({
    store,
    screener,
    models,
    clock,
    engine: parts.engine,
    hostStates: parts.hostStates ?? null,
  });
  const libraries = new ThreatLibraries(parts.threatsDirectory ?? null);
  const tips = new TipService({
    ...{ store, screener, site, libraries, clock },
    nameOf: accounts.nameOf,
  });
  const queue = new ScreeningService({ store, screener, engine, site, clock, projector: tips });
  const reviewRules = new ReviewRulesService(store, site, accounts.nameOf, clock);
  const releases = new ReleaseService({ store, screening: queue, site, models, clock });
  const duty = new DutyService({
    store,
    clock,
    rules: () => site.place(site.currentLaneId).checkpoint.review,
  });
  const review = new ReviewService({
    ...{ store, accounts, screening: queue, engine, site, models, duty, clock },
    projector: tips,
  });
  const pictures = new PicturesService({ screener, engine, screening: queue, review });

  const news = new Feed<ScreeningNews>();
  engine.changed.subscribe(() => news.publish({ name: 'app' }));
  duty.changed.subscribe(() => news.publish({ name: 'queue' }));
  queue.changed.subscribe(() => news.publish({ name: 'queue' }));
  review.threatOver.subscribe((over) => news.publish({ name: 'threatOver', over }));
  review.changed.subscribe((presentation) => news.publish({ name: 'presentation', presentation }));
  for (const { trouble } of [engine, queue, review, releases, duty]) {
    trouble.subscribe((fault) => news.publish({ name: 'trouble', fault }));
  }

  const oneByOne = inTurns();
  // Names are known before what names them is read.
  await accounts.list();
  await site.load();
  await tips.load();
  await queue.load();

  return {
    store,
    screener,
    accounts,
    session,
    site,
    models,
    thresholds,
    engine,
    queue,
    review,
    reviewRules,
    duty,
    releases,
    pictures,
    tips,
    news,
    async appState() {
      return {
        setupRequired: await accounts.setupRequired(),
        session: session.current,
        site: {
          name: site.name,
          checkpoints: [...site.checkpoints],
          currentLaneId: site.currentLaneId,
        },
        engine: engine.state,
      };
    },
    setUp: ({ siteName, name, secret }) =>
      oneByOne(async () => {
        if (!(await accounts.setupRequired())) {
          throw new PhiscanError(
            'setup-already-done',
            'The first supervisor exists already. Sign in; a supervisor can add people.',
          );
        }
        const made = await accounts.prepare({ name, role: 'supervisor', secret }, FIRST_RUN);
        const bundle = await models.first();
        const bundleId = bundle?.manifest.id ?? NO_BUNDLE_ID;
        await site.setUp(siteName, made.account.id, bundleId, [made.record]);
        await session.begin(made.account);
      }),
    queueSnapshot: () =>
      queueSnapshot({ store, queue, review, site, session, accounts, duty, releases }),
    async signOut() {
      await review.leave();
      await endSession({ session, duty });
    },
    async warmUp() {
      if (site.currentLaneId === '') return;
      const { checkpoint } = site.place(site.currentLaneId);
      // The engine's state carries the reason, and every bag that needs it will say it again.
      await engine.ensure(checkpoint.threshold.bundleId).catch(() => undefined);
    },
    async arrive(source) {
      await queue.arrive(source, site.currentLaneId);
    },
    async close() {
      const faults: unknown[] = [];
      // One that fails must not keep the others open.
      for (const end of [
        () => review.leave(),
        () => endSession({ session, duty }),
        () => queue.close(),
        () => screener.dispose(),
        () => store.close(),
      ]) {
        await end().catch((fault: unknown) => faults.push(fault));
      }
      if (faults.length > 0) throw faults[0];
    },
  };
}

async function endSession({ session, duty }: Pick<Screening, 'session' | 'duty'>): Promise<void> {
  const { current } = session;
  if (current === null) return;
  await duty.ended(current);
  await session.signOut();
}
