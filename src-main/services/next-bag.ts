import type { Calibration } from '../../src-shared/domain/model-bundle';
import type { ThresholdRecord } from '../../src-shared/domain/site';
import type { ScreeningStore } from '../store/screening-store';
import { newId } from './clock';
import { hashSource } from './hash-source';
import type { ModelsService } from './models-service';
import type { QueuedBag } from './queued-bag';
import type { Session } from './session-service';
import type { SiteService } from './site-service';

/** A bag that is ready to be shown, with the id of the presentation that it will be. */
export interface PreparedBag {
  readonly presentationId: string;
  readonly session: Session;
  readonly queued: QueuedBag;
  readonly threshold: ThresholdRecord;
  readonly calibration: Calibration | null;
  /** Of the files as they lay on the disk, for a bag that is shown before it is scored. */
  readonly sha256: string | null;
}

export interface NextBagOptions {
  readonly store: ScreeningStore;
  readonly site: SiteService;
  readonly models: ModelsService;
}

/** The bag that is made ready while another is on screen. Nothing of it is recorded. */
export class NextBag {
  #prepared: PreparedBag | null = null;
  /** Counts what was taken: what is still being made ready then comes too late. */
  #taken = 0;

  constructor(private readonly options: NextBagOptions) {}

  /** Makes a bag ready, unless it is. */
  async prepare(session: Session, queued: QueuedBag): Promise<PreparedBag> {
    const known = this.#prepared;
    if (known !== null && this.#holds(known, session, queued)) return known;
    const taken = this.#taken;
    const prepared = await this.#gather(session, queued);
    if (taken === this.#taken) this.#prepared = prepared;
    return prepared;
  }

  /** The bag as it was made ready, or as it is made ready now; nothing is ready after it. */
  async take(session: Session, queued: QueuedBag): Promise<PreparedBag> {
    const known = this.#prepared;
    this.forget();
    const isReady = known !== null && this.#holds(known, session, queued);
    return isReady ? known : this.#gather(session, queued);
  }

  /** What is ready under this id, for the person it was made ready for. */
  under(session: Session, presentationId: string): PreparedBag | null {
    const known = this.#prepared;
    const isOwn = known?.session.accountId === session.accountId;
    return isOwn && known.presentationId === presentationId ? known : null;
  }

  forget(): void {
    this.#taken++;
    this.#prepared = null;
  }

  /** Another φ makes another presentation. */
  #holds(prepared: PreparedBag, session: Session, queued: QueuedBag): boolean {
    return (
      prepared.queued === queued &&
      prepared.session.accountId === session.accountId &&
      prepared.threshold.id === this.#thresholdOf(queued).id
    );
  }

  #thresholdOf({ lane }: QueuedBag): ThresholdRecord {
    return this.options.site.checkpoint(lane.checkpointId).threshold;
  }

  async #gather(session: Session, queued: QueuedBag): Promise<PreparedBag> {
    const threshold = this.#thresholdOf(queued);
    const calibration = await this.options.models.calibrationOf(threshold.bundleId);
    const sha256 = await shaOf(queued);
    return { presentationId: newId(), session, queued, threshold, calibration, sha256 };
  }
}

/** What was scored; before that, what lies on the disk as the bag is shown. */
async function shaOf({ screened, bag }: QueuedBag): Promise<string | null> {
  if (screened?.outcome.state === 'screened') return screened.outcome.sha256;
  return hashSource(bag.source).catch(() => bag.sha256);
}
