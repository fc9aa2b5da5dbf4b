import type {
  GanomalyArchitecture,
  MapScore,
  TilingScale,
} from '../../src-shared/domain/model-bundle';
import type { LoadedModel, TileBatch } from '../../src-main/engine/engine';
import type { ScoreRecipe } from '../../src-main/engine/host/score-tiles';
import { tileScorer } from '../../src-main/engine/host/score-tiles';
import { ATTENUATION_CHANNELS } from '../../src-shared/imaging/attenuation-planes';
import { SCORE_CELL_PX } from '../../src-shared/screening/anomaly-map';
import { areaCorrection } from '../../src-shared/screening/area-correction';
import { tileGrid, tileOrigin } from '../../src-shared/screening/tiling';
import { auroc, quantile } from '../evaluation/ranking-metrics';
import { RandomStream } from '../simulator/random-stream';
import type { ScoredSquares } from './area-slope';
import { measureAreaSlope } from './area-slope';
import type { AttenuationPicture } from './attenuation-picture';
import { applyIncrement, drawMixing, emptyIncrement } from './palette-mixing';
import type { SolidRecipe } from './random-solid';
import { drawSolid, putIn } from './random-solid';

/** What the put-in solids say of a model, on benign bags that it was never trained on. */
export interface PutInFigures {
  /** Share of solids that score above the level that this share of the same bags reach untouched. */
  readonly foundAtFar: Readonly<Record<'0.05' | '0.10' | '0.20', number>>;
  /** Bags with a solid against the same bags untouched, by their highest score. */
  readonly bagAuroc: number;
  /** Highest score of each untouched bag, in the bags' order. */
  readonly benignHighest: readonly number[];
  /** What the scores of untouched bags lose for their area, as all these figures do. */
  readonly area: NonNullable<MapScore['area']>;
}

export interface PutInMeasure {
  readonly architecture: GanomalyArchitecture;
  /** How the map is read; its correction for area is what is measured first. */
  readonly mapScore: Omit<MapScore, 'area'>;
  readonly scale: TilingScale;
  readonly solids: SolidRecipe;
  readonly blackAttenuation: number;
  /** Solids put into each bag, one at a time. */
  readonly solidsPerBag: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** A solid of less gain than this is not asked for. */
const ASKED_ATTENUATION = 0.15;

/**
 * Puts one solid after the other into held-out benign bags and asks which of them a model finds:
 * the measure by which a training is chosen, since it needs no threat.
 */
export async function measurePutIn(
  model: LoadedModel,
  pictures: readonly AttenuationPicture[],
  measure: PutInMeasure,
): Promise<PutInFigures> {
  const { architecture, mapScore, seed } = measure;
  const plain: ScoreRecipe = { architecture, scoreDefinition: 'map', mapScore };
  const views: ScoredSquares[] = [];
  for (const picture of pictures) {
    views.push(await scoreSquares(model, picture, plain, measure));
  }
  const area = measureAreaSlope(views, seed);
  const recipe: ScoreRecipe = { ...plain, mapScore: { ...mapScore, area } };
  const untouched = views.map(
    (view) => highestOf(view) - areaCorrection({ ...mapScore, area }, view.tileIndices.length),
  );
  const withSolid: number[] = [];
  const onSolid: number[] = [];
  for (const [index, picture] of pictures.entries()) {
    for (let solid = 0; solid < measure.solidsPerBag; solid++) {
      const random = new RandomStream([seed, 'put-in-measure', index, solid]);
      const { touched, mask } = putSolidInto(picture, measure, random);
      const scored = await scoreSquares(model, touched, recipe, measure);
      withSolid.push(highestOf(scored));
      onSolid.push(
        highestOf(scored, (square) => touches(mask, picture, tileOrigin(scored.grid, square))),
      );
    }
  }
  const found = (rate: number): number => {
    const level = quantile(untouched, 1 - rate);
    return onSolid.filter((score) => score > level).length / onSolid.length;
  };
  return {
    foundAtFar: { '0.05': found(0.05), '0.10': found(0.1), '0.20': found(0.2) },
    bagAuroc: auroc(untouched, withSolid),
    benignHighest: untouched,
    area,
  };
}

function putSolidInto(
  picture: AttenuationPicture,
  { solids, blackAttenuation }: PutInMeasure,
  random: RandomStream,
): { touched: AttenuationPicture; mask: Uint8Array } {
  const { widthPx, heightPx } = picture;
  const planes = picture.planes.slice();
  const increment = emptyIncrement(widthPx * heightPx);
  const mixing = drawMixing(random, blackAttenuation);
  putIn(drawSolid(random, solids, placeOnMaterial(picture, random)), picture, increment, mixing);
  applyIncrement(planes, increment, mixing);
  const mask = Uint8Array.from(increment.attenuation, (gain) => (gain > ASKED_ATTENUATION ? 1 : 0));
  return { touched: { ...picture, planes }, mask };
}

function placeOnMaterial(
  { widthPx, heightPx, planes }: AttenuationPicture,
  random: RandomStream,
): { x: number; y: number } {
  for (let attempt = 0; ; attempt++) {
    const x = random.range(0.1, 0.9) * widthPx;
    const y = random.range(0.1, 0.9) * heightPx;
    const value = planes[2 * (Math.floor(y) * widthPx + Math.floor(x))] ?? -1;
    if (attempt >= 50 || value > -0.95) return { x, y };
  }
}

async function scoreSquares(
  model: LoadedModel,
  picture: AttenuationPicture,
  recipe: ScoreRecipe,
  { scale, signal }: PutInMeasure,
): Promise<ScoredSquares> {
  const { widthPx, heightPx } = picture;
  const grid = tileGrid(widthPx, heightPx, scale);
  const tiling = { factor: 1, grid, viewWidthPx: widthPx, viewHeightPx: heightPx };
  const scorer = tileScorer(model, recipe, tiling);
  const indices = Array.from({ length: grid.count }, (_, index) => index);
  await scorer.add(indices, cutTiles(picture, scale), signal);
  const { tiling: squares, tileIndices, anomalyScores } = scorer.finish();
  return { grid: squares.grid, tileIndices, anomalyScores };
}

function highestOf(
  { tileIndices, anomalyScores }: ScoredSquares,
  counts: (square: number) => boolean = () => true,
): number {
  let highest = Number.NEGATIVE_INFINITY;
  tileIndices.forEach((square, position) => {
    if (counts(square)) highest = Math.max(highest, anomalyScores[position] ?? Number.NaN);
  });
  return highest;
}

function touches(
  mask: Uint8Array,
  { widthPx, heightPx }: AttenuationPicture,
  { x, y }: { x: number; y: number },
): boolean {
  for (let row = y; row < Math.min(y + SCORE_CELL_PX, heightPx); row++) {
    for (let column = x; column < Math.min(x + SCORE_CELL_PX, widthPx); column++) {
      if (mask[row * widthPx + column] === 1) return true;
    }
  }
  return false;
}

/** All tiles of a picture of planes, filled up with open beam. */
function cutTiles(
  { widthPx, heightPx, planes }: AttenuationPicture,
  scale: TilingScale,
): TileBatch {
  const grid = tileGrid(widthPx, heightPx, scale);
  const side = scale.tileSizePx;
  const values = new Float32Array(grid.count * side * side * ATTENUATION_CHANNELS).fill(-1);
  for (let index = 0; index < grid.count; index++) {
    const { x, y } = tileOrigin(grid, index);
    const columns = Math.min(side, widthPx - x);
    for (let row = 0; row < Math.min(side, heightPx - y); row++) {
      const from = ((y + row) * widthPx + x) * ATTENUATION_CHANNELS;
      const to = (index * side + row) * side * ATTENUATION_CHANNELS;
      values.set(planes.subarray(from, from + columns * ATTENUATION_CHANNELS), to);
    }
  }
  return { count: grid.count, height: side, width: side, channels: ATTENUATION_CHANNELS, values };
}
