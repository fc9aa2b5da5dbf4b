import type { Calibration } from '../../src-shared/domain/model-bundle';
import type { BagAlarm } from '../../src-shared/screening/alarm-regions';
import type { PresentationRecord, ShownAlarms } from '../store/store-record';
import { newId } from './clock';
import { highest } from './outcome-record';
import { isCalibrated } from './present-bag';
import type { QueuedBag } from './queued-bag';

/**
 * The record of what the machine said to the person who was shown a bag.
 * @param at when it was shown, ISO 8601 in UTC
 */
export function shownAlarmsOf(
  record: PresentationRecord,
  calibration: Calibration | null,
  { outcome, outcomeId, engine }: NonNullable<QueuedBag['screened']>,
  alarm: BagAlarm,
  at: string,
): ShownAlarms {
  return {
    id: newId(),
    presentationId: record.id,
    outcomeId,
    engine,
    machine: alarm.state,
    calibrated: isCalibrated(record, calibration, outcome),
    displayScoreMax:
      outcome.state === 'screened' ? highest(outcome.views, 'displayScoreMax') : null,
    views: alarm.views,
    error: outcome.state === 'unscored' ? outcome.error : null,
    at,
  };
}
