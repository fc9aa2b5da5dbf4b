import type { ThresholdView } from '../../src-shared/contract/contract';
import type { Calibration } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { ThresholdRecord } from '../../src-shared/domain/site';
import { displayScore } from '../../src-shared/screening/calibration';
import type { ScreeningStore } from '../store/screening-store';
import type { Clock } from './clock';
import { newId } from './clock';
import type { ModelsService } from './models-service';
import { NO_BUNDLE_ID } from './site-service';
import type { SiteService } from './site-service';

export interface ThresholdChange {
  readonly checkpointId: string;
  readonly threshold: number;
  readonly reason: string;
}

/** φ at which the share of alarming benign bags is shown as observed. */
const OBSERVED_AT = Array.from({ length: 21 }, (_, step) => step / 20);

/** φ of each checkpoint: set with a reason, in force at the next bag shown, its history kept. */
export class ThresholdsService {
  constructor(
    private readonly store: ScreeningStore,
    private readonly site: SiteService,
    private readonly models: ModelsService,
    private readonly clock: Clock,
  ) {}

  /** @throws PhiscanError `checkpoint-not-found` */
  async view(checkpointId: string): Promise<ThresholdView> {
    const { threshold: current } = this.site.checkpoint(checkpointId);
    const history = (await this.store.readThresholds(checkpointId)).map((entry) =>
      this.site.named(entry),
    );
    const calibration = await this.models.calibrationOf(current.bundleId);
    return { current, history, calibration: calibration && observedOf(calibration) };
  }

  /** @throws PhiscanError `checkpoint-not-found`, `threshold-out-of-range`, `reason-required` */
  async set(change: ThresholdChange, by: string): Promise<ThresholdRecord> {
    return this.#append(change, this.site.checkpoint(change.checkpointId).threshold.bundleId, by);
  }

  /**
   * Makes a bundle the checkpoint's own and confirms φ for it, in one record.
   * @throws PhiscanError as `set`, and `bundle-missing` or the bundle's own fault
   */
  async activate(change: ThresholdChange, bundleId: string, by: string): Promise<ThresholdRecord> {
    this.site.checkpoint(change.checkpointId);
    if (bundleId === NO_BUNDLE_ID) {
      throw new PhiscanError('bundle-missing', 'Choose a model to activate.');
    }
    await this.models.require(bundleId);
    return this.#append(change, bundleId, by);
  }

  async #append(change: ThresholdChange, bundleId: string, by: string): Promise<ThresholdRecord> {
    const { checkpointId, threshold } = change;
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new PhiscanError(
        'threshold-out-of-range',
        `φ lies between 0 and 1; ${threshold} was given. Choose a φ in that range.`,
      );
    }
    const reason = change.reason.trim();
    if (reason === '') {
      throw new PhiscanError(
        'reason-required',
        'A change of φ needs a reason. Say why in a few words.',
      );
    }
    const setAt = this.clock().toISOString();
    const record = { id: newId(), checkpointId, threshold, bundleId, reason, setBy: by, setAt };
    return this.site.setThreshold(record);
  }
}

function observedOf(calibration: Calibration): NonNullable<ThresholdView['calibration']> {
  const scores = calibration.bagMaxima.map((score) => displayScore(calibration, score));
  const benignBags = scores.length;
  return {
    benignBags,
    observed: OBSERVED_AT.map((threshold) => ({
      threshold,
      share: scores.filter((score) => score > threshold).length / benignBags,
    })),
    intervals: calibration.method === 'empirical-gpd-1' ? [] : calibration.intervals,
    rarestSupported: { oneIn: benignBags, beyondSample: false },
  };
}
