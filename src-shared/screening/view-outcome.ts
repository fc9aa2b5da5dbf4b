import type { Calibration } from '../domain/model-bundle';
import { PhiscanError } from '../domain/phiscan-error';
import type { PixelKind, View } from '../domain/scan';
import type { Box, TileCensus, TileScore, ViewOutcome } from '../domain/screening-outcome';
import { displayScore } from './calibration';
import { cellSizePx, scoreMap } from './score-map';
import type { ViewTiling } from './tiling';
import { tileBox } from './tiling';

/** What the engine gave for a view at one of the bundle's scales. */
export interface ScaleScores {
  readonly tiling: ViewTiling;
  /** The tiles that were scored, and the anomalyScore of each, in the same order. */
  readonly tileIndices: readonly number[];
  readonly anomalyScores: ArrayLike<number>;
}

/** What an outcome says of its view; a View without its pixels will do. */
export interface OutcomeView extends Omit<View, 'pixels'> {
  readonly pixels: { readonly kind: PixelKind };
}

/**
 * Puts the scores of a view's tiles together: boxes in the view's pixels, displayScores, the drawn
 * map. Without a calibration displayScores are NaN, which is above no φ; `bagAlarm` then calls the
 * bag unscored. A view in which no tile was scored is unscored, not clear.
 */
export function viewOutcome(
  view: OutcomeView,
  scales: readonly ScaleScores[],
  calibration: Calibration | null,
  opaque: readonly Box[],
): ViewOutcome {
  const facts = {
    viewIndex: view.index,
    widthPx: view.widthPx,
    heightPx: view.heightPx,
    pixelKind: view.pixels.kind,
    pixelPitchMm: view.pixelPitchMm,
  };
  const tileScores = scales.flatMap((scale) => tileScoresOf(scale, calibration));
  const tiles = censusOf(scales);
  if (tileScores.length === 0) {
    const error = new PhiscanError(
      'no-tile-scored',
      `None of the ${tiles.count} tiles of this view holds enough material to be scored: the picture is empty, or not a baggage scan. Look at it and search the bag if in doubt.`,
    );
    return { ...facts, state: 'unscored', error: error.toRecord() };
  }
  const highest = tileScores.reduce((best, tile) =>
    tile.anomalyScore > best.anomalyScore ? tile : best,
  );
  return {
    ...facts,
    state: 'scored',
    tiles,
    tileScores,
    scoreMap: scoreMap(view, tileScores, cellSizePx(Math.min(tiles.strideX, tiles.strideY))),
    anomalyScoreMax: highest.anomalyScore,
    displayScoreMax: highest.displayScore,
    opaque,
  };
}

function tileScoresOf(scale: ScaleScores, calibration: Calibration | null): TileScore[] {
  return scale.tileIndices.map((tileIndex, position) => {
    const anomalyScore = scale.anomalyScores[position];
    if (anomalyScore === undefined) {
      throw new RangeError(
        `${scale.tileIndices.length} tiles were scored, ${scale.anomalyScores.length} scores were given.`,
      );
    }
    return {
      ...tileBox(scale.tiling, tileIndex),
      anomalyScore,
      displayScore: calibration === null ? Number.NaN : displayScore(calibration, anomalyScore),
    };
  });
}

/** Counts the tiles of all scales; the strides are those of the finest scale. */
function censusOf(scales: readonly ScaleScores[]): TileCensus {
  let count = 0;
  let scored = 0;
  let strideX = Number.POSITIVE_INFINITY;
  let strideY = Number.POSITIVE_INFINITY;
  for (const { tiling, tileIndices } of scales) {
    const { grid, viewWidthPx, viewHeightPx } = tiling;
    count += grid.count;
    scored += tileIndices.length;
    strideX = Math.min(strideX, (grid.stridePx * viewWidthPx) / grid.widthPx);
    strideY = Math.min(strideY, (grid.stridePx * viewHeightPx) / grid.heightPx);
  }
  return { count, skipped: count - scored, strideX, strideY };
}
