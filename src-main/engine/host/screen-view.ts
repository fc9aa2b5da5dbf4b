import type { Manifest, TilingScale } from '../../../src-shared/domain/model-bundle';
import { PhiscanError, toErrorRecord } from '../../../src-shared/domain/phiscan-error';
import type { UnscoredView, ViewOutcome } from '../../../src-shared/domain/screening-outcome';
import type { CanonicalPicture } from '../../../src-shared/imaging/canonical-picture';
import { findOpaque } from '../../../src-shared/imaging/find-opaque';
import { resample } from '../../../src-shared/imaging/resample';
import type { ModelPicture, ViewTiling } from '../../../src-shared/screening/tiling';
import {
  extractTiles,
  materialShares,
  tilesWithMaterial,
  viewTiling,
} from '../../../src-shared/screening/tiling';
import type { ScaleScores } from '../../../src-shared/screening/view-outcome';
import { viewOutcome } from '../../../src-shared/screening/view-outcome';
import type { LoadedModel } from '../engine';
import type { DecodedView } from './decode-scan';
import { networkTiles, tileScorer } from './score-tiles';
import type { Stopwatch } from './stopwatch';

/** Pixels of the tiles cut out at once: 128 tiles of 64×64, some engine batches' worth, 6 MB. */
const CHUNK_PIXELS = 128 * 64 * 64;

/** What of a manifest decides how a view is scored. */
type ScoringManifest = Pick<
  Manifest,
  'architecture' | 'preprocessing' | 'scales' | 'scoreDefinition' | 'mapScore' | 'calibration'
>;

export interface ViewScreening {
  readonly model: LoadedModel;
  readonly manifest: ScoringManifest;
  readonly stopwatch: Stopwatch;
  readonly onProgress?: ((share: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scores one view: an outcome for whatever is wrong with the view itself, so that the other views
 * of the bag are scored all the same.
 * @throws PhiscanError `cancelled` when the signal aborts.
 */
export async function screenView(
  { view, picture }: DecodedView,
  screening: ViewScreening,
): Promise<ViewOutcome> {
  const { manifest, stopwatch } = screening;
  try {
    if (picture.openBeam === null) throw noOpenBeam();
    const scales: ScaleScores[] = [];
    for (const [index, scale] of manifest.scales.entries()) {
      const onProgress = (share: number) =>
        screening.onProgress?.((index + share) / manifest.scales.length);
      scales.push(await scoreScale({ view, picture }, scale, { ...screening, onProgress }));
    }
    return stopwatch.time('map', () =>
      viewOutcome(view, scales, manifest.calibration, findOpaque(picture)),
    );
  } catch (error) {
    if (error instanceof PhiscanError && error.code === 'cancelled') throw error;
    return unscoredView({ view, picture }, error);
  }
}

/** A view at a scale of the bundle: its tiles, and the picture that they are cut from. */
export function prepareScale(
  { view, picture }: DecodedView,
  scale: TilingScale,
): { tiling: ViewTiling; modelPicture: ModelPicture } {
  const tiling = viewTiling(view, scale);
  return { tiling, modelPicture: toModelPicture(picture, tiling.factor) };
}

async function scoreScale(
  decoded: DecodedView,
  scale: TilingScale,
  { model, manifest, stopwatch, onProgress, signal }: ViewScreening,
): Promise<ScaleScores> {
  const { tiling, modelPicture, tileIndices } = stopwatch.time('tile', () => {
    const prepared = prepareScale(decoded, scale);
    return { ...prepared, tileIndices: materialTiles(decoded.picture, prepared.tiling, manifest) };
  });
  const side = scale.tileSizePx;
  const chunkTiles = Math.max(1, Math.floor(CHUNK_PIXELS / (side * side)));
  const chunkLength = Math.min(chunkTiles, tileIndices.length) * side * side * 3;
  const buffer = new Float32Array(chunkLength);
  const scorer = tileScorer(model, manifest, tiling);
  for (let from = 0; from < tileIndices.length; from += chunkTiles) {
    const chunk = tileIndices.slice(from, from + chunkTiles);
    const tiles = stopwatch.time('tile', () =>
      networkTiles(
        manifest.preprocessing,
        side,
        extractTiles(modelPicture, tiling.grid, chunk, buffer),
      ),
    );
    await stopwatch.timeAsync('score', () => scorer.add(chunk, tiles, signal));
    onProgress?.((from + chunk.length) / tileIndices.length);
  }
  return stopwatch.time('map', () => scorer.finish());
}

/** The tiles worth scoring: those that hold enough material at the model's scale. */
export function materialTiles(
  { widthPx, heightPx, brightness }: CanonicalPicture,
  { factor, grid }: ViewTiling,
  { preprocessing }: Pick<Manifest, 'preprocessing'>,
): number[] {
  const scaled = resample({ widthPx, heightPx, channels: 1, values: brightness }, factor);
  const shares = materialShares(scaled.values, grid, preprocessing.materialBelowOpenBeam);
  return tilesWithMaterial(shares, preprocessing.minMaterialShare);
}

function toModelPicture(picture: CanonicalPicture, factor: number): ModelPicture {
  const { widthPx, heightPx, rgb } = picture;
  const scaled = resample({ widthPx, heightPx, channels: 3, values: rgb }, factor);
  return { widthPx: scaled.widthPx, heightPx: scaled.heightPx, rgb: scaled.values };
}

function unscoredView({ view }: DecodedView, error: unknown): UnscoredView {
  return {
    state: 'unscored',
    viewIndex: view.index,
    widthPx: view.widthPx,
    heightPx: view.heightPx,
    pixelKind: view.pixels.kind,
    pixelPitchMm: view.pixelPitchMm,
    error: toErrorRecord(error),
  };
}

function noOpenBeam(): PhiscanError {
  return new PhiscanError(
    'no-open-beam',
    'No area where the beam passes nothing was found in this view, so its brightness has no ' +
      'scale and it cannot be scored. Look at it by eye; scan the bag again with some room around it.',
  );
}
