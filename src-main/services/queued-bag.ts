import type { BagState } from '../../src-shared/domain/review';
import type { ScanOutcome } from '../../src-shared/domain/screening-outcome';
import type { Lane, ThresholdRecord } from '../../src-shared/domain/site';
import type { BagAlarm } from '../../src-shared/screening/alarm-regions';
import { bagAlarm } from '../../src-shared/screening/alarm-regions';
import type { ScreenedSource } from '../../src-shared/tip/composite-source';
import type { BagRecord } from '../store/store-record';
import type { TipPlan } from './tip/tip-plan';

/** What screening gave, with what made it. */
export interface ScreenedBag {
  readonly outcomeId: string;
  readonly bundleId: string;
  /** Empty when no engine ran. */
  readonly engine: string;
  readonly outcome: ScanOutcome;
}

type Stage =
  | { readonly name: 'waiting' }
  | { readonly name: 'scoring'; readonly progress: number; readonly abort: AbortController }
  | { readonly name: 'ended'; readonly screened: ScreenedBag };

/** A bag between its arrival and its place in the recall list. */
export class QueuedBag {
  stage: Stage = { name: 'waiting' };
  /** The presentation on screen holds the bag to the bundle that it was begun with. */
  heldToBundleId: string | null = null;
  #alarm: {
    readonly of: ScreenedBag;
    readonly threshold: number;
    readonly alarm: BagAlarm;
  } | null = null;

  constructor(
    readonly bag: BagRecord,
    readonly lane: Lane,
    /** The projected threat that the bag carries until somebody has decided on it. */
    public tip: TipPlan | null = null,
  ) {}

  /** What is scored and shown: whoever reads pixels asks this, never the bag's record. */
  get source(): ScreenedSource {
    return this.tip?.source ?? this.bag.source;
  }

  get screened(): ScreenedBag | null {
    return this.stage.name === 'ended' ? this.stage.screened : null;
  }

  get progress(): number {
    switch (this.stage.name) {
      case 'waiting':
        return 0;
      case 'scoring':
        return this.stage.progress;
      case 'ended':
        return 1;
    }
  }

  /** The machine's word at a φ; null until scoring has ended. */
  alarm({ threshold }: ThresholdRecord): BagAlarm | null {
    const { screened } = this;
    if (screened === null) return null;
    if (this.#alarm?.of !== screened || this.#alarm.threshold !== threshold) {
      this.#alarm = { of: screened, threshold, alarm: bagAlarm(screened.outcome, threshold) };
    }
    return this.#alarm.alarm;
  }

  state(threshold: ThresholdRecord): BagState {
    return this.stage.name === 'ended'
      ? (this.alarm(threshold)?.state ?? 'waiting')
      : this.stage.name;
  }
}
