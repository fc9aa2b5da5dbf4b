import type { Manifest, MapScore, Preprocessing } from '../../../src-shared/domain/model-bundle';
import {
  ATTENUATION_CHANNELS,
  tilesToAttenuation,
} from '../../../src-shared/imaging/attenuation-planes';
import {
  AnomalyMapJoiner,
  MAP_CELL_PX,
  scoreCells,
  scoreOfCells,
} from '../../../src-shared/screening/anomaly-map';
import { areaCorrection } from '../../../src-shared/screening/area-correction';
import { MaterialSquares } from '../../../src-shared/screening/material-squares';
import { anomalyScores, scoreNotFinite } from '../../../src-shared/screening/tile-scores';
import type { ViewTiling } from '../../../src-shared/screening/tiling';
import { tileOrigin } from '../../../src-shared/screening/tiling';
import { turnTiles } from '../../../src-shared/screening/turn-tiles';
import type { ScaleScores } from '../../../src-shared/screening/view-outcome';
import type { LoadedModel, TileBatch, TileOutput } from '../engine';

/** What of a bundle decides how tiles are scored. */
export type ScoreRecipe = Pick<Manifest, 'architecture' | 'scoreDefinition' | 'mapScore'>;

/** Takes in the tiles of a view at one scale, chunk by chunk, and gives their scores at the end. */
export interface TileScorer {
  /** @param tiles as the networks take them, of the given tiles of the grid */
  add(tileIndices: readonly number[], tiles: TileBatch, signal?: AbortSignal): Promise<void>;
  /** @throws PhiscanError `score-not-finite` */
  finish(): ScaleScores;
}

/** The scorer that the recipe's score definition asks for. */
export function tileScorer(
  model: LoadedModel,
  recipe: ScoreRecipe,
  tiling: ViewTiling,
): TileScorer {
  const { scoreDefinition, mapScore } = recipe;
  if (scoreDefinition !== 'map') return new LatentScorer(model, recipe, scoreDefinition, tiling);
  // Manifests are checked for it; read otherwise, the map's scores would be of another scale.
  if (mapScore === undefined) throw new RangeError('The score map says how its map is read.');
  return new MapScorer(model, mapScore, tiling);
}

/** Tiles as the networks take them, from tiles cut out of the canonical picture. */
export function networkTiles(
  preprocessing: Preprocessing,
  side: number,
  rgbTiles: Float32Array,
): TileBatch {
  const size = { height: side, width: side };
  const count = rgbTiles.length / (side * side * 3);
  if (preprocessing.input !== 'attenuation')
    return { count, ...size, channels: 3, values: rgbTiles };
  const into = new Float32Array(count * side * side * ATTENUATION_CHANNELS);
  const values = tilesToAttenuation(rgbTiles, into);
  return { count, ...size, channels: ATTENUATION_CHANNELS, values };
}

class LatentScorer implements TileScorer {
  private readonly tileIndices: number[] = [];
  private readonly scores: number[] = [];

  constructor(
    private readonly model: LoadedModel,
    private readonly recipe: ScoreRecipe,
    private readonly definition: 'paper' | 'reference',
    private readonly tiling: ViewTiling,
  ) {}

  async add(tileIndices: readonly number[], tiles: TileBatch, signal?: AbortSignal) {
    const { nz } = this.recipe.architecture;
    const latentDifference = await outputOf(this.model, tiles, 'latentDifference', nz, signal);
    this.tileIndices.push(...tileIndices);
    this.scores.push(...anomalyScores(this.definition, latentDifference, nz));
  }

  finish(): ScaleScores {
    const { tiling, tileIndices, scores } = this;
    return { tiling, tileIndices, anomalyScores: scores };
  }
}

class MapScorer implements TileScorer {
  private readonly joiner: AnomalyMapJoiner;
  private readonly material: MaterialSquares;

  constructor(
    private readonly model: LoadedModel,
    private readonly mapScore: MapScore,
    private readonly tiling: ViewTiling,
  ) {
    this.joiner = new AnomalyMapJoiner(tiling.grid);
    this.material = new MaterialSquares(tiling.grid);
  }

  async add(tileIndices: readonly number[], tiles: TileBatch, signal?: AbortSignal) {
    const side = this.tiling.grid.tileSizePx;
    const cells = side / MAP_CELL_PX;
    const { turns } = this.mapScore;
    const sum = new Float32Array(tiles.count * cells * cells);
    for (let quarter = 0; quarter < turns; quarter++) {
      (await turnedMaps(this.model, tiles, quarter, signal)).forEach((value, i) => {
        sum[i] = (sum[i] ?? 0) + value / turns;
      });
    }
    this.joiner.add(tileIndices, sum);
    this.material.add(tileIndices, tiles.values);
  }

  finish(): ScaleScores {
    const tiling = scoreCells(this.tiling);
    const map = this.joiner.joined(this.mapScore.meanRadius);
    const scored = scoreOfCells(map, tiling);
    const withMaterial = scored.tileIndices.flatMap((index, position) =>
      this.material.isIn(tileOrigin(tiling.grid, index)) ? [position] : [],
    );
    // A tile is scored for less than makes a square material: never leave a scored view empty.
    const kept = withMaterial.length > 0 ? withMaterial : [...scored.tileIndices.keys()];
    const off = areaCorrection(this.mapScore, kept.length);
    return {
      tiling,
      tileIndices: kept.map((position) => scored.tileIndices[position] ?? -1),
      anomalyScores: Float64Array.from(
        kept,
        (position) => (scored.anomalyScores[position] ?? Number.NaN) - off,
      ),
    };
  }
}

/** The anomaly maps of square tiles that the networks saw turned by so many quarters, turned back. */
export async function turnedMaps(
  model: LoadedModel,
  tiles: TileBatch,
  quarter: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const cells = tiles.width / MAP_CELL_PX;
  const values = turnTiles(tiles.values, tiles.width, tiles.channels, quarter);
  const maps = await outputOf(model, { ...tiles, values }, 'anomalyMap', cells * cells, signal);
  return turnTiles(maps, cells, 1, (4 - quarter) % 4);
}

/** @throws PhiscanError `score-not-finite`: a NaN compares false with every φ and would read as clear. */
export async function outputOf(
  model: LoadedModel,
  tiles: TileBatch,
  name: TileOutput,
  valuesPerTile: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const values = (await model.runTiles(tiles, [name], signal))[name];
  // A tile left without a score would stand at zero, which is under every φ.
  if (values?.length !== tiles.count * valuesPerTile) {
    throw new RangeError(
      `${tiles.count} tiles were run, ${values?.length ?? 'no'} values of ${name} came back.`,
    );
  }
  if (!values.every(Number.isFinite)) throw scoreNotFinite();
  return values;
}
