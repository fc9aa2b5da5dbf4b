import type { Calibration } from '../../src-shared/domain/model-bundle';
import type { Decision, Presentation } from '../../src-shared/domain/review';
import type { ReviewRules } from '../../src-shared/domain/review-rules';
import type { ThresholdRecord } from '../../src-shared/domain/site';
import type { BagAlarm } from '../../src-shared/screening/alarm-regions';
import type { PresentationRecord, StoreRecord } from '../store/store-record';
import { presentBag } from './present-bag';
import type { QueuedBag, ScreenedBag } from './queued-bag';
import type { Session } from './session-service';
import { shownAlarmsOf } from './shown-alarms-of';

export interface ShowingParts {
  /** Who it is shown to. */
  readonly session: Session;
  readonly record: PresentationRecord;
  readonly queued: QueuedBag;
  readonly threshold: ThresholdRecord;
  readonly rules: ReviewRules;
  readonly calibration: Calibration | null;
  /** The decision in force on the bag. */
  readonly decision: Decision | null;
  /** The last link of the bag's chain of decisions, which the next one supersedes. */
  readonly lastDecisionId: string | null;
}

/** The presentation on screen: a bag as one person sees it, and how far its review has come. */
export class Showing {
  decision: Decision | null;
  lastDecisionId: string | null;
  alarmsRecorded = false;
  decided = false;
  /** Until when it must be decided. */
  limit: Presentation['limit'] = null;

  constructor(readonly parts: ShowingParts) {
    this.decision = parts.decision;
    this.lastDecisionId = parts.lastDecisionId;
  }

  get queued(): QueuedBag {
    return this.parts.queued;
  }

  get record(): PresentationRecord {
    return this.parts.record;
  }

  /** What screening gave of what is shown; null while scoring goes on. */
  get screened(): ScreenedBag | null {
    return this.queued.screened;
  }

  /** The machine's word at the presentation's own φ; null while scoring goes on. */
  get alarm(): BagAlarm | null {
    return this.queued.alarm(this.parts.threshold);
  }

  /** The alarms of a scored bag, unless they stand in the store already. */
  alarmsToRecord(at: string): StoreRecord[] {
    const { record, calibration } = this.parts;
    const { screened, alarm } = this;
    if (this.alarmsRecorded || screened === null || alarm === null) return [];
    return [
      { kind: 'shownAlarms', record: shownAlarmsOf(record, calibration, screened, alarm, at) },
    ];
  }

  /** @param engine what runs now, for a bag that has not been scored yet */
  present(engine: string): Presentation {
    const { screened, alarm, decision, limit } = this;
    return presentBag({ ...this.parts, screened, alarm, decision, limit, engine });
  }
}
