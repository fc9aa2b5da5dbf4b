import type { ThresholdView } from '../../src-shared/contract/contract';
import { benignBagRate } from '../../src-shared/screening/calibration';
import { intervalOfShare, type Interval } from '../../src-shared/screening/share-intervals';

type Intervals = NonNullable<ThresholdView['calibration']>['intervals'];

/** How sure the scale of the bundle in force is; the same wherever a rarity is shown. */
class RarityScale {
  #bundleId = $state.raw<string | null>(null);
  #intervals = $state.raw<Intervals>([]);

  /** Takes over what main says of the checkpoint's φ and calibration. */
  take(view: ThresholdView): void {
    this.#bundleId = view.current.bundleId;
    this.#intervals = view.calibration?.intervals ?? [];
  }

  /** Whether this is the scale that a bag was scored with. */
  isOf(bundleId: string): boolean {
    return this.#bundleId === bundleId;
  }

  /** The 95 % interval of the share of benign bags that reach a score; null without intervals. */
  intervalAt(displayScore: number): Interval | null {
    if (this.#intervals.length === 0) return null;
    return intervalOfShare(this.#intervals, benignBagRate(displayScore));
  }
}

export const rarityScale = new RarityScale();
