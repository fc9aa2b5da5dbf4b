import type { ViewOutcome } from '../../src-shared/domain/screening-outcome';
import type { OutcomeRecord, ViewSummary } from '../store/store-record';
import type { ScreenedBag } from './queued-bag';

/** The record of what screening gave; tiles and maps stay out, they are made again from the scan. */
export function outcomeRecordOf(
  bagId: string,
  { outcomeId, bundleId, engine, outcome }: ScreenedBag,
  elapsedMs: number,
  at: string,
): OutcomeRecord {
  const screened = outcome.state === 'screened' ? outcome : null;
  const views = screened?.views ?? [];
  return {
    id: outcomeId,
    bagId,
    bundleId,
    engine,
    state: outcome.state,
    sha256: screened?.sha256 ?? null,
    anomalyScoreMax: highest(views, 'anomalyScoreMax'),
    displayScoreMax: highest(views, 'displayScoreMax'),
    views: views.map(summaryOf),
    error: outcome.state === 'unscored' ? outcome.error : null,
    elapsedMs,
    at,
  };
}

/** The highest score among the scored views; null when there is none, or no calibrated scale. */
export function highest(
  views: readonly ViewOutcome[],
  score: 'anomalyScoreMax' | 'displayScoreMax',
): number | null {
  const scores = views.flatMap((view) => (view.state === 'scored' ? [view[score]] : []));
  const max = Math.max(...scores);
  return Number.isFinite(max) ? max : null;
}

function summaryOf(view: ViewOutcome): ViewSummary {
  if (view.state === 'unscored') return view;
  const { viewIndex, widthPx, heightPx, pixelKind, pixelPitchMm } = view;
  const { state, tiles, anomalyScoreMax, displayScoreMax, opaque } = view;
  return {
    ...{ viewIndex, widthPx, heightPx, pixelKind, pixelPitchMm },
    ...{ state, tiles, anomalyScoreMax, displayScoreMax, opaque },
  };
}
