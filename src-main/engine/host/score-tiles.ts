import type { Manifest, Preprocessing } from '../../../src-shared/domain/model-bundle';
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
import { anomalyScores, scoreNotFinite } from '../../../src-shared/screening/tile-scores';
import type { ViewTiling } from '../../../src-shared/screening/tiling';
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
  return recipe.scoreDefinition === 'map'
    ? new MapScorer(model, recipe, tiling)
    : new LatentScorer(model, recipe, recipe.scoreDefinition, tiling);
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

  constructor(
    private readonly model: LoadedModel,
    private readonly recipe: ScoreRecipe,
    private readonly tiling: ViewTiling,
  ) {
    this.joiner = new AnomalyMapJoiner(tiling.grid);
  }

  async add(tileIndices: readonly number[], tiles: TileBatch, signal?: AbortSignal) {
    const side = this.tiling.grid.tileSizePx;
    const cells = side / MAP_CELL_PX;
    const turns = this.recipe.mapScore?.turns ?? 1;
    const sum = new Float32Array(tiles.count * cells * cells);
    for (let quarter = 0; quarter < turns; quarter++) {
      const values = turnTiles(tiles.values, side, tiles.channels, quarter);
      const turned = { ...tiles, values };
      const maps = await outputOf(this.model, turned, 'anomalyMap', cells * cells, signal);
      turnTiles(maps, cells, 1, (4 - quarter) % 4).forEach((value, i) => {
        sum[i] = (sum[i] ?? 0) + value / turns;
      });
    }
    this.joiner.add(tileIndices, sum);
  }

  finish(): ScaleScores {
    const tiling = scoreCells(this.tiling);
    const map = this.joiner.joined(this.recipe.mapScore?.meanRadius ?? 0);
    const scored = scoreOfCells(map, tiling);
    return { tiling, ...scored };
  }
}

/** @throws PhiscanError `score-not-finite`: a NaN compares false with every φ and would read as clear. */
async function outputOf(
  model: LoadedModel,
  tiles: TileBatch,
  name: TileOutput,
  valuesPerTile: number,
  signal: AbortSignal | undefined,
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
