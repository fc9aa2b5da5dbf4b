import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { ScanOutcome, ViewOutcome } from '../../src-shared/domain/screening-outcome';

const NO_SCALE: ErrorRecord = {
  code: 'calibration-impossible',
  message: 'Not scored: this model has no calibrated scale. Decide by eye, and tell a supervisor.',
};

const NO_VIEW: ErrorRecord = {
  code: 'file-corrupt',
  message: 'Not scored: the scan holds no view. Scan the bag again or decide by eye.',
};

/** Why a view is unscored; null when it is scored on a calibrated scale. */
export function viewErrorOf(view: ViewOutcome): ErrorRecord | null {
  if (view.state === 'unscored') return view.error;
  return Number.isNaN(view.displayScoreMax) ? NO_SCALE : null;
}

/** Why a bag is unscored: as soon as one of its views is, the first of their reasons stands for it. */
export function bagErrorOf(outcome: ScanOutcome): ErrorRecord | null {
  if (outcome.state === 'unscored') return outcome.error;
  if (outcome.views.length === 0) return NO_VIEW;
  for (const view of outcome.views) {
    const error = viewErrorOf(view);
    if (error !== null) return error;
  }
  return null;
}
