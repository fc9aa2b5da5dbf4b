import type { Calibration } from '../../src-shared/domain/model-bundle';
import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { Box, ScanOutcome, ScoredView } from '../../src-shared/domain/screening-outcome';
import { viewAlarm } from '../../src-shared/screening/alarm-regions';
import {
  coversPictures,
  coversScanner,
  scannerKindOf,
} from '../../src-shared/screening/scanner-kind';

/** A view that was scored, as `phiscan score --json` prints it. */
export interface ScoredLine {
  readonly scan: string;
  readonly view: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly tiles: ScoredView['tiles'];
  readonly anomalyScoreMax: number;
  /** Null without a calibration: then there is no scale, and φ means nothing. */
  readonly displayScoreMax: number | null;
  readonly alarm: boolean | null;
  readonly regions: readonly (Box & { readonly displayScore: number })[];
  readonly opaque: readonly Box[];
  /** The bundle's calibration covers this kind of scanner picture. */
  readonly calibrated: boolean;
  readonly engine: string;
  readonly model: string;
  /** Of the whole scan, reading included. */
  readonly elapsedMs: number;
}

/** A scan, or one view of several, that has no score. */
export interface UnscoredLine {
  readonly scan: string;
  readonly view?: number;
  readonly state: 'unscored';
  readonly error: ErrorRecord;
}

export type ScoreLine = ScoredLine | UnscoredLine;

export interface ScoringFacts {
  readonly threshold: number;
  readonly calibration: Calibration | null;
  /** The kind of scanner that the scans come from; null: what their pixels are. */
  readonly scannerKind: string | null;
  readonly engine: string;
  readonly model: string;
}

/** What is printed of a scan: one line a view, or one for a scan that could not be read. */
export function scoreLines(
  scan: string,
  outcome: ScanOutcome,
  facts: ScoringFacts,
  elapsedMs: number,
): ScoreLine[] {
  if (outcome.state === 'unscored') return [{ scan, state: 'unscored', error: outcome.error }];
  return outcome.views.map((view) => {
    if (view.state === 'scored') return scoredLine(scan, view, facts, elapsedMs);
    const which = outcome.views.length > 1 ? { view: view.viewIndex } : {};
    return { scan, ...which, state: 'unscored', error: view.error };
  });
}

function scoredLine(
  scan: string,
  view: ScoredView,
  facts: ScoringFacts,
  elapsedMs: number,
): ScoredLine {
  const { calibration, threshold } = facts;
  const { alarm, regions } = viewAlarm(view, threshold);
  return {
    scan,
    view: view.viewIndex,
    widthPx: view.widthPx,
    heightPx: view.heightPx,
    tiles: view.tiles,
    anomalyScoreMax: view.anomalyScoreMax,
    displayScoreMax: calibration === null ? null : view.displayScoreMax,
    alarm: calibration === null ? null : alarm,
    regions: regions.map(({ x, y, width, height, displayScore }) => ({
      x,
      y,
      width,
      height,
      displayScore,
    })),
    opaque: view.opaque,
    calibrated:
      coversScanner(calibration, facts.scannerKind ?? scannerKindOf(view.pixelKind)) &&
      coversPictures(calibration, [view.pixelKind]),
    engine: facts.engine,
    model: facts.model,
    elapsedMs: Math.round(elapsedMs * 10) / 10,
  };
}
