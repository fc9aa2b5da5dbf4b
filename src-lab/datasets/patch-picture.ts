import type { Preprocessing, TilingScale } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Scan } from '../../src-shared/domain/scan';
import { resample } from '../../src-shared/imaging/resample';
import { toCanonicalPicture } from '../../src-shared/imaging/to-canonical-picture';
import type { ModelPicture, TileGrid } from '../../src-shared/screening/tiling';
import {
  extractTiles,
  materialShares,
  tilesWithMaterial,
  viewTiling,
} from '../../src-shared/screening/tiling';

/** One view at the model's scale, with the tiles of it that hold enough material. */
export interface PatchPicture {
  readonly picture: ModelPicture;
  readonly grid: TileGrid;
  readonly tiles: readonly number[];
}

/**
 * Prepares a scan's views exactly as they are screened: canonical picture, the model's scale,
 * the tiling of the manifest.
 * @throws PhiscanError `no-open-beam` when a view shows no air to be measured against.
 */
export function patchPictures(
  scan: Scan,
  preprocessing: Preprocessing,
  scale: TilingScale,
): PatchPicture[] {
  return scan.views.map((view) => {
    const canonical = toCanonicalPicture(view);
    if (canonical.openBeam === null) {
      throw new PhiscanError(
        'no-open-beam',
        `View ${view.index + 1} of a training scan shows no open beam, so that its material ` +
          'cannot be told from air. Leave the scan out.',
      );
    }
    const tiling = viewTiling(view, scale);
    const { widthPx, heightPx } = canonical;
    const rgb = resample({ widthPx, heightPx, channels: 3, values: canonical.rgb }, tiling.factor);
    const brightness = resample(
      { widthPx, heightPx, channels: 1, values: canonical.brightness },
      tiling.factor,
    );
    const shares = materialShares(
      brightness.values,
      tiling.grid,
      preprocessing.materialBelowOpenBeam,
    );
    return {
      picture: { widthPx: rgb.widthPx, heightPx: rgb.heightPx, rgb: rgb.values },
      grid: tiling.grid,
      tiles: tilesWithMaterial(shares, preprocessing.minMaterialShare),
    };
  });
}

/** Cuts patch `id`, counted through the pictures' tiles in order, into a buffer of its size. */
export function cutPatch(pictures: readonly PatchPicture[], id: number, into: Float32Array): void {
  let first = 0;
  for (const { picture, grid, tiles } of pictures) {
    const tile = tiles[id - first];
    if (tile !== undefined) {
      extractTiles(picture, grid, [tile], into);
      return;
    }
    first += tiles.length;
  }
  throw new RangeError(`There is no patch ${id} among ${first}.`);
}
