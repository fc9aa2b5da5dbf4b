import type { AppState, QueueSnapshot } from '../../src-shared/contract/contract';
import type { Presentation } from '../../src-shared/domain/review';
import type { ScanSource } from '../../src-shared/domain/scan';
import type { EngineName } from '../engine/engine';
import type { Screener } from '../engine/screener';
import { AccountsService } from '../services/accounts-service';
import type { Clock } from '../services/clock';
import { EngineService } from '../services/engine-service';
import { Feed } from '../services/feed';
import { ModelsService } from '../services/models-service';
import { PicturesService } from '../services/pictures-service';
import { queueSnapshot } from '../services/queue-snapshot';
import { ReviewService } from '../services/review-service';
import { ScreeningService } from '../services/screening-service';
import { SessionService } from '../services/session-service';
import { SiteService } from '../services/site-service';
import { ThresholdsService } from '../services/thresholds-service';
import type { ScreeningStore } from '../store/screening-store';

export interface ScreeningParts {
  readonly store: ScreeningStore;
  readonly screener: Screener;
  /** Folders that hold model bundles. */
  readonly bundleDirectories: readonly string[];
  readonly clock: Clock;
  readonly engine: EngineName | 'auto';
}

/** What a window is told of as it happens. */
export type ScreeningNews =
  | { readonly name: 'app' }
  | { readonly name: 'queue' }
  | { readonly name: 'presentation'; readonly presentation: Presentation }
  | { readonly name: 'trouble'; readonly fault: unknown };

/** The services, wired to one another. */
export interface Screening {
  readonly store: ScreeningStore;
  readonly accounts: AccountsService;
  readonly session: SessionService;
  readonly site: SiteService;
  readonly models: ModelsService;
  readonly thresholds: ThresholdsService;
  readonly engine: EngineService;
  readonly queue: ScreeningService;
  readonly review: ReviewService;
  readonly pictures: PicturesService;
  readonly news: Feed<ScreeningNews>;
  appState(): Promise<AppState>;
  queueSnapshot(): Promise<QueueSnapshot>;
  /** Has the engine load the model of the lane in use; a fault stands in the engine's state. */
  warmUp(): Promise<void>;
  /** Takes a scan into the queue of the lane in use. */
  arrive(source: ScanSource): Promise<void>;
  /** Stops scoring, ends the engine and closes the store. */
  close(): Promise<void>;
}

/** Wires the services and reads what the store holds. */
export async function createScreening(parts: ScreeningParts): Promise<Screening> {
  const { store, screener, clock } = parts;
  const accounts = new AccountsService(store, clock);
  const session = new SessionService(store, accounts, clock);
  const site = new SiteService(store, clock);
  const models = new ModelsService(parts.bundleDirectories);
  const thresholds = new ThresholdsService(store, site, models, clock);
  const engine = new EngineService({ store, screener, models, clock, engine: parts.engine });
  const queue = new ScreeningService({ store, screener, engine, site, clock });
  const review = new ReviewService({ store, screening: queue, engine, site, models, clock });
  const pictures = new PicturesService({ screener, engine, screening: queue, review });

  const news = new Feed<ScreeningNews>();
  engine.changed.subscribe(() => news.publish({ name: 'app' }));
  queue.changed.subscribe(() => news.publish({ name: 'queue' }));
  review.changed.subscribe((presentation) => news.publish({ name: 'presentation', presentation }));
  for (const { trouble } of [engine, queue, review]) {
    trouble.subscribe((fault) => news.publish({ name: 'trouble', fault }));
  }

  await site.load();
  await queue.load();

  return {
    store,
    accounts,
    session,
    site,
    models,
    thresholds,
    engine,
    queue,
    review,
    pictures,
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
    queueSnapshot: () => queueSnapshot({ store, queue, review, site, session }),
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
      await queue.close();
      await screener.dispose();
      await store.close();
    },
  };
}
