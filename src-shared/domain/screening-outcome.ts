import type { ErrorRecord } from './phiscan-error';
import type { PixelKind, ScanFormat } from './scan';

/** A rectangle in a view's own pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One scored tile: where it lies on the view, and its two scores. */
export interface TileScore extends Box {
  /** Raw A(x), by the bundle's score definition. */
  readonly anomalyScore: number;
  /** Calibrated to [0, 1]: min(1, max(0, −log10 p / 5)). */
  readonly displayScore: number;
}

/**
 * The averaged map that is drawn, never decided on: row-major displayScores of square cells of
 * `cellPx` view pixels; NaN where no tile was scored.
 */
export interface ScoreMap {
  readonly columns: number;
  readonly rows: number;
  readonly cellPx: number;
  readonly displayScores: Float32Array;
}

/** Tiles of a view; `skipped` held too little material to be scored. Strides are in view pixels. */
export interface TileCensus {
  readonly count: number;
  readonly skipped: number;
  readonly strideX: number;
  readonly strideY: number;
}

interface ViewFacts {
  readonly viewIndex: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixelKind: PixelKind;
  readonly pixelPitchMm: number | null;
}

/** What screening a view gave, before any φ is applied. */
export type ViewOutcome = ScoredView | UnscoredView;

export interface ScoredView extends ViewFacts {
  readonly state: 'scored';
  readonly tiles: TileCensus;
  readonly tileScores: readonly TileScore[];
  readonly scoreMap: ScoreMap;
  readonly anomalyScoreMax: number;
  readonly displayScoreMax: number;
  /** Areas too dense to see through, whatever φ. */
  readonly opaque: readonly Box[];
}

export interface UnscoredView extends ViewFacts {
  readonly state: 'unscored';
  readonly error: ErrorRecord;
}

/** What screening a scan gave. A scan that could not be read has no views and is unscored. */
export type ScanOutcome =
  | {
      readonly state: 'screened';
      readonly sha256: string;
      readonly format: ScanFormat;
      readonly views: readonly ViewOutcome[];
      readonly timesMs: ScreeningTimes;
    }
  | { readonly state: 'unscored'; readonly error: ErrorRecord };

/** Where the time of one scan went. */
export interface ScreeningTimes {
  readonly read: number;
  readonly tile: number;
  readonly score: number;
  readonly map: number;
}

/** Connected union of alarming tiles at some φ. */
export interface AlarmRegion extends Box {
  /** Highest displayScore among the region's tiles. */
  readonly displayScore: number;
  /** Highest raw score among the region's tiles. */
  readonly anomalyScore: number;
  /** Area of the union in view pixels. */
  readonly areaPx: number;
  /** The tile that holds the peak. */
  readonly peak: Box;
}

/** The machine's word on a view at one φ. */
export interface ViewAlarm {
  readonly viewIndex: number;
  readonly alarm: boolean;
  /** In descending order of displayScore. */
  readonly regions: readonly AlarmRegion[];
}

/** The machine's word on a bag: `unscored` as soon as any view is, its alarms still listed. */
export type MachineState = 'alarm' | 'no-alarm' | 'unscored';
