import type { Calibration } from '../../src-shared/domain/model-bundle';
import type { Decision, PresentedView, Presentation } from '../../src-shared/domain/review';
import type {
  ScanOutcome,
  ScoredView,
  ViewOutcome,
} from '../../src-shared/domain/screening-outcome';
import type { ReviewRules } from '../../src-shared/domain/review-rules';
import type { ThresholdRecord } from '../../src-shared/domain/site';
import type { BagAlarm } from '../../src-shared/screening/alarm-regions';
import { rarity } from '../../src-shared/screening/calibration';
import { coversPictures } from '../../src-shared/screening/scanner-kind';
import type { PresentationRecord } from '../store/store-record';
import { bagErrorOf, viewErrorOf } from './bag-error';
import { highest } from './outcome-record';
import type { QueuedBag, ScreenedBag } from './queued-bag';

export interface Shown {
  readonly record: PresentationRecord;
  readonly queued: QueuedBag;
  readonly threshold: ThresholdRecord;
  readonly rules: ReviewRules;
  /** What screening gave of what is shown; null while scoring goes on. */
  readonly screened: ScreenedBag | null;
  /** The machine's word on it at φ. */
  readonly alarm: BagAlarm | null;
  /** Of the bundle that the presentation was begun with; null where it has none or is missing. */
  readonly calibration: Calibration | null;
  /** What runs now, for a bag that has not been scored yet. */
  readonly engine: string;
  readonly decision: Decision | null;
  readonly limit: Presentation['limit'];
}

/** A presentation as the window needs it, with the alarm rule applied at its own φ. */
export function presentBag(shown: Shown): Presentation {
  const { record, queued, threshold, calibration, screened, alarm } = shown;
  const outcome = screened?.outcome ?? null;
  const views = outcome?.state === 'screened' ? outcome.views : [];
  const anomalyScoreMax = highest(views, 'anomalyScoreMax');
  return {
    id: record.id,
    bagId: record.bagId,
    label: queued.bag.label,
    laneName: queued.lane.name,
    lanePitchMm: queued.lane.pixelPitchMm,
    arrivedAt: queued.bag.arrivedAt,
    shownAt: record.shownAt,
    scoring: screened === null,
    progress: screened === null ? queued.progress : 1,
    machine: alarm?.state ?? null,
    error: outcome === null ? null : bagErrorOf(outcome),
    views: views.map((view) => presentView(view, alarm)),
    threshold: threshold.threshold,
    bundleId: record.bundleId,
    engine: screened?.engine ?? shown.engine,
    calibrated: isCalibrated(record, calibration, outcome),
    rarity: calibration && anomalyScoreMax !== null ? rarity(calibration, anomalyScoreMax) : null,
    searchReasons: [...shown.rules.searchReasons],
    limit: shown.limit,
    decision: shown.decision,
  };
}

/** Covered are the lane's scanner, and the pictures as far as they are known. */
export function isCalibrated(
  record: PresentationRecord,
  calibration: Calibration | null,
  outcome: ScanOutcome | null,
): boolean {
  const views = outcome?.state === 'screened' ? outcome.views : [];
  return (
    record.calibrated &&
    coversPictures(
      calibration,
      views.map(({ pixelKind }) => pixelKind),
    )
  );
}

function presentView(view: ViewOutcome, alarm: BagAlarm | null): PresentedView {
  const error = viewErrorOf(view);
  if (view.state === 'unscored') return view;
  if (error !== null) return { ...factsOf(view), state: 'unscored', error };
  const found = alarm?.views.find(({ viewIndex }) => viewIndex === view.viewIndex);
  return {
    ...view,
    tiles: { ...view.tiles },
    tileScores: [...view.tileScores],
    scoreMap: { ...view.scoreMap, displayScores: new Float32Array(view.scoreMap.displayScores) },
    opaque: [...view.opaque],
    alarm: found?.alarm ?? false,
    regions: [...(found?.regions ?? [])],
  };
}

const factsOf = ({ viewIndex, widthPx, heightPx, pixelKind, pixelPitchMm }: ScoredView) => ({
  viewIndex,
  widthPx,
  heightPx,
  pixelKind,
  pixelPitchMm,
});
