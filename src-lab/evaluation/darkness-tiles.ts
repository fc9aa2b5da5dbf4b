import type { TilingScale } from '../../src-shared/domain/model-bundle';
import { resample } from '../../src-shared/imaging/resample';
import {
  materialShares,
  tileBox,
  tilesWithMaterial,
  viewTiling,
} from '../../src-shared/screening/tiling';
import type { DecodedView } from '../../src-main/engine/host/decode-scan';
import { tileDarkness } from './tile-darkness';
import type { TileSet } from './tile-set';
import { tileSet } from './tile-set';

/** The baseline's own grid, whatever tiles a model has: 64 px at half the scan's scale, every 32 px. */
const GRID: TilingScale = {
  scale: { unit: 'factor', factor: 0.5 },
  tileSizePx: 64,
  stridePx: 32,
};
/** Tiles of air are left out, as a model leaves them out. */
const MATERIAL_BELOW_OPEN_BEAM = 0.95;
const MIN_MATERIAL_SHARE = 0.02;

/** A view's tiles by their darkness, the baseline that a model has to beat. */
export function darknessTiles({ view, picture }: DecodedView): TileSet {
  const { widthPx, heightPx, rgb, brightness } = picture;
  const tiling = viewTiling(view, GRID);
  const colours = resample({ widthPx, heightPx, channels: 3, values: rgb }, tiling.factor);
  const levels = resample({ widthPx, heightPx, channels: 1, values: brightness }, tiling.factor);
  const shares = materialShares(levels.values, tiling.grid, MATERIAL_BELOW_OPEN_BEAM);
  const indices = tilesWithMaterial(shares, MIN_MATERIAL_SHARE);
  const modelPicture = {
    widthPx: colours.widthPx,
    heightPx: colours.heightPx,
    rgb: colours.values,
  };
  return tileSet(
    indices.map((index) => tileBox(tiling, index)),
    tileDarkness(modelPicture, tiling.grid, indices),
  );
}
