import type { Manifest } from '../../../src-shared/domain/model-bundle';
import type { ScoreParts } from '../../../src-shared/domain/score-parts';
import type { Box } from '../../../src-shared/domain/screening-outcome';
import type { AnomalyMap } from '../../../src-shared/screening/anomaly-map';
import {
  AnomalyMapJoiner,
  cellsOfSquare,
  MAP_CELL_PX,
  scoreCells,
} from '../../../src-shared/screening/anomaly-map';
import { displayScore } from '../../../src-shared/screening/calibration';
import { anomalyScores } from '../../../src-shared/screening/tile-scores';
import type { ViewTiling } from '../../../src-shared/screening/tiling';
import { tileIndexOf, tileOrigin } from '../../../src-shared/screening/tiling';
import type { LoadedModel, TileBatch } from '../engine';
import { outputOf, turnedMaps } from './score-tiles';

/** A tile of the networks that is looked at, and how to cut out others of the same view. */
export interface InspectedTile {
  readonly model: LoadedModel;
  readonly manifest: Manifest;
  readonly tiling: ViewTiling;
  /** The tile that is shown. */
  readonly index: number;
  /** The box of the outcome that it stands for: the tile itself, or a square of a map. */
  readonly box: Box;
  /** Tiles of the view that held enough material to be scored. */
  readonly scoredTiles: readonly number[];
  readonly cut: (tileIndices: readonly number[]) => TileBatch;
}

/** The parts of a score, and where in the shown tile it lies. */
export interface TakenApart {
  readonly parts: ScoreParts;
  /**
   * displayScore of each cell of the shown tile times 255, row-major, half as many cells a side as
   * the tile has pixels; empty where the score has no map or no scale.
   */
  readonly map: Uint8Array;
}

/** Takes a tile's score apart, by scoring it again with the tiles that have a part in it. */
export async function takeApart(
  tile: InspectedTile,
  rebuiltDifference: number,
): Promise<TakenApart> {
  const { calibration, scoreDefinition } = tile.manifest;
  const bags = calibration?.bagMaxima;
  const common = { typicalScore: bags?.[bags.length >> 1] ?? null, rebuiltDifference };
  if (scoreDefinition === 'map') return takeMapApart(tile, common);
  const { nz } = tile.manifest.architecture;
  const latent = await outputOf(tile.model, tile.cut([tile.index]), 'latentDifference', nz);
  const [anomalyScore = Number.NaN] = anomalyScores(scoreDefinition, latent, nz);
  const parts = [...latent].map((value) =>
    scoreDefinition === 'paper' ? Math.abs(value) : value * value,
  );
  return {
    parts: {
      kind: 'latent',
      definition: scoreDefinition,
      ...common,
      anomalyScore,
      latentValues: nz,
      halfFrom: largestOfHalf(parts),
    },
    map: new Uint8Array(),
  };
}

/** How many of the largest values make half of their sum. */
function largestOfHalf(values: readonly number[]): number {
  const falling = [...values].sort((a, b) => b - a);
  const half = values.reduce((sum, value) => sum + value, 0) / 2;
  let sum = 0;
  const last = falling.findIndex((value) => (sum += value) >= half);
  return last + 1;
}

async function takeMapApart(
  tile: InspectedTile,
  common: Pick<ScoreParts, 'typicalScore' | 'rebuiltDifference'>,
): Promise<TakenApart> {
  const { model, manifest, tiling, box, scoredTiles, cut } = tile;
  const { meanRadius, turns } = manifest.mapScore ?? { meanRadius: 0, turns: 1 };
  const near = tilesAround(tiling, box, scoredTiles, meanRadius);
  const joiners = Array.from({ length: turns }, () => new AnomalyMapJoiner(tiling.grid));
  for (const [quarter, joiner] of joiners.entries()) {
    joiner.add(near, await turnedMaps(model, cut(near), quarter));
  }
  const byTurn = joiners.map((joiner) => joiner.joined(meanRadius));
  const averaged = meanOf(byTurn);
  const square = scoreCells(tiling);
  const cells = cellsOfSquare(averaged, square, tileIndexOf(square, box) ?? 0);
  const valueAt = ({ values }: AnomalyMap, cell: number) => values[cell] ?? Number.NaN;
  const highest = highestCell(averaged, cells);
  const sharp = meanOf(joiners.map((joiner) => joiner.joined(0)));
  const viewPxPerModelPx = tiling.viewWidthPx / tiling.grid.widthPx;
  return {
    parts: {
      kind: 'map',
      ...common,
      anomalyScore: valueAt(averaged, highest),
      sharpestScore: valueAt(sharp, highestCell(sharp, cells)),
      meanSidePx: (2 * meanRadius + 1) * MAP_CELL_PX * viewPxPerModelPx,
      turnScores: byTurn.map((map) => valueAt(map, highest)),
    },
    map: shownMap(averaged, tile),
  };
}

/** The scored tiles whose maps reach a square's cells or the cells around them. */
function tilesAround(
  { grid, viewWidthPx, viewHeightPx }: ViewTiling,
  box: Box,
  scoredTiles: readonly number[],
  meanRadius: number,
): number[] {
  const scaleX = grid.widthPx / viewWidthPx;
  const scaleY = grid.heightPx / viewHeightPx;
  const reach = (meanRadius + 1) * MAP_CELL_PX;
  return scoredTiles.filter((index) => {
    const { x, y } = tileOrigin(grid, index);
    return (
      x < (box.x + box.width) * scaleX + reach &&
      y < (box.y + box.height) * scaleY + reach &&
      x + grid.tileSizePx > box.x * scaleX - reach &&
      y + grid.tileSizePx > box.y * scaleY - reach
    );
  });
}

function meanOf(maps: readonly AnomalyMap[]): AnomalyMap {
  const [first, ...others] = maps;
  if (first === undefined) throw new RangeError('There is no map to average.');
  const values = first.values.map(
    (value, cell) =>
      others.reduce((sum, other) => sum + (other.values[cell] ?? Number.NaN), value) / maps.length,
  );
  return { ...first, values };
}

function highestCell({ values }: AnomalyMap, cells: readonly number[]): number {
  return cells.reduce((best, cell) =>
    !((values[cell] ?? Number.NaN) <= (values[best] ?? Number.NaN)) &&
    !Number.isNaN(values[cell] ?? Number.NaN)
      ? cell
      : best,
  );
}

/** The shown tile's part of the map on the bundle's scale. */
function shownMap(map: AnomalyMap, { manifest, tiling, index }: InspectedTile): Uint8Array {
  const { calibration } = manifest;
  if (calibration === null) return new Uint8Array();
  const { x, y } = tileOrigin(tiling.grid, index);
  const side = tiling.grid.tileSizePx / MAP_CELL_PX;
  return Uint8Array.from({ length: side * side }, (_, at) => {
    const column = Math.ceil(x / MAP_CELL_PX) + (at % side);
    const row = Math.ceil(y / MAP_CELL_PX) + Math.floor(at / side);
    const value = column < map.columns ? map.values[row * map.columns + column] : undefined;
    const shown = value === undefined ? Number.NaN : displayScore(calibration, value);
    return Number.isNaN(shown) ? 0 : Math.round(shown * 255);
  });
}
