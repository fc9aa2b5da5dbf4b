import { coversPictures, coversScanner } from '../../src-shared/screening/scanner-kind';
import type { ScreeningStore } from '../store/screening-store';
import type { ReleaseRecord } from '../store/store-record';
import type { Clock } from './clock';
import { newId } from './clock';
import { Feed } from './feed';
import { inTurns } from './in-turns';
import type { ModelsService } from './models-service';
import type { QueuedBag } from './queued-bag';
import type { ScreeningService } from './screening-service';
import type { SiteService } from './site-service';

export interface ReleaseOptions {
  readonly store: ScreeningStore;
  readonly screening: ScreeningService;
  readonly site: SiteService;
  readonly models: ModelsService;
  readonly clock: Clock;
}

/**
 * Where only alarms are reviewed: releases scored bags that do not alarm, which nobody looks at.
 * A bag stays for a person when the model was not calibrated for its scanner, when a part of it is
 * too dense to see through, and when somebody was shown it.
 */
export class ReleaseService {
  readonly trouble = new Feed<unknown>();
  #released = 0;
  readonly #inTurn = inTurns();

  constructor(private readonly options: ReleaseOptions) {
    options.screening.ended.subscribe((queued) => {
      void this.#inTurn(() => this.#tryToRelease(queued));
    });
  }

  /** Bags released since the program started. */
  get releasedTotal(): number {
    return this.#released;
  }

  /** Rules, φ or what is on screen have changed: bags that wait may be for the machine to release. */
  look(): Promise<void> {
    return this.#inTurn(async () => {
      for (const queued of this.options.screening.waiting) await this.#tryToRelease(queued);
    });
  }

  /** What cannot be recorded is not released: the bag goes on waiting for a person. */
  async #tryToRelease(queued: QueuedBag): Promise<void> {
    const { store, screening } = this.options;
    try {
      const release = await this.#releaseOf(queued);
      if (release === null) return;
      // Out of the queue first, so that nobody is shown it while its release is being written.
      screening.released(queued);
      await store.append({ kind: 'release', record: release }).catch((fault: unknown) => {
        screening.undecided(queued);
        throw fault;
      });
      this.#released++;
      screening.changed.publish(null);
    } catch (fault) {
      this.trouble.publish(fault);
    }
  }

  /** The release of a bag that the machine may release; null for one that a person must see. */
  async #releaseOf(queued: QueuedBag): Promise<ReleaseRecord | null> {
    const { store, screening, site, models, clock } = this.options;
    const { bag, lane } = queued;
    const { id, review, threshold } = site.checkpoint(lane.checkpointId);
    const reviewRulesId = site.reviewRulesId(id);
    if (review.mode !== 'alarms-only' || reviewRulesId === null) return null;
    const { screened } = queued;
    if (screened?.outcome.state !== 'screened' || screened.bundleId !== threshold.bundleId)
      return null;
    if (queued.alarm(threshold)?.state !== 'no-alarm') return null;
    if (queued.tip !== null) {
      // What nobody will see is no test of anybody: the bag is judged as it is.
      screening.withoutThreat(queued);
      return null;
    }
    const { views } = screened.outcome;
    if (views.some((view) => view.state !== 'scored' || view.opaque.length > 0)) return null;
    const calibration = await models.calibrationOf(screened.bundleId);
    const kinds = views.map(({ pixelKind }) => pixelKind);
    if (!coversScanner(calibration, lane.scannerKind) || !coversPictures(calibration, kinds)) {
      return null;
    }
    if ((await store.readPresentations(bag.id)).length > 0) return null;
    // It may have come on screen, or have been decided, while the records were read.
    if (queued.heldToBundleId !== null || screening.waitingBag(bag.id) === null) return null;
    return {
      id: newId(),
      bagId: bag.id,
      outcomeId: screened.outcomeId,
      thresholdId: threshold.id,
      reviewRulesId,
      bundleId: screened.bundleId,
      at: clock().toISOString(),
    };
  }
}
