import { materialShares, tileGrid, tileOrigin } from '../../src-shared/screening/tiling';
import { MATERIAL_BELOW_OPEN_BEAM } from './simulated-picture';
import { PATCH_SIDE_PX, type Square } from './square';

/** Half a patch: neighbours overlap by as much. */
const STRIDE_PX = 32;
/** Share of a patch that must be threat mask for it to be abnormal. */
const ABNORMAL_FROM_SHARE = 0.2;
/** As in screening: a patch with less material than this shows nothing. */
const MIN_MATERIAL_SHARE = 0.05;

export type PatchLabel = 'normal' | 'abnormal' | 'left out';

/**
 * The label of a patch by the share of it that is threat mask. With some threat, but less than
 * 20 %, it is neither: it is no benign patch, and by the paper's rule no abnormal one.
 */
export function patchLabel(threatShare: number): PatchLabel {
  if (threatShare >= ABNORMAL_FROM_SHARE) return 'abnormal';
  return threatShare === 0 ? 'normal' : 'left out';
}

/** Where a scan's patches lie, by their labels. */
export interface LabelledSquares {
  readonly normal: readonly Square[];
  readonly abnormal: readonly Square[];
  /** Patches with some threat, but too little. */
  readonly leftOut: number;
}

/** A picture with the mask of its threats: one byte a pixel, 1 where a threat lies. */
export interface MaskedPicture {
  readonly picture: {
    readonly widthPx: number;
    readonly heightPx: number;
    readonly brightness: Uint8Array;
  };
  readonly threatMask: Uint8Array;
}

/** Lays 64×64 patches by a window that moves half a patch, over all that holds material. */
export function ubaPatches({ picture, threatMask }: MaskedPicture): LabelledSquares {
  const { widthPx, heightPx, brightness } = picture;
  const grid = tileGrid(widthPx, heightPx, { tileSizePx: PATCH_SIDE_PX, stridePx: STRIDE_PX });
  const material = materialShares(brightness, grid, MATERIAL_BELOW_OPEN_BEAM);
  const normal: Square[] = [];
  const abnormal: Square[] = [];
  let leftOut = 0;
  for (let tile = 0; tile < grid.count; tile++) {
    if ((material[tile] ?? 0) < MIN_MATERIAL_SHARE) continue;
    const { x, y } = tileOrigin(grid, tile);
    const label = patchLabel(threatShareAt(threatMask, widthPx, heightPx, x, y));
    if (label === 'left out') leftOut += 1;
    else (label === 'normal' ? normal : abnormal).push({ left: x, top: y, sidePx: PATCH_SIDE_PX });
  }
  return { normal, abnormal, leftOut };
}

function threatShareAt(
  mask: Uint8Array,
  widthPx: number,
  heightPx: number,
  left: number,
  top: number,
): number {
  let threat = 0;
  for (let y = top; y < Math.min(top + PATCH_SIDE_PX, heightPx); y++) {
    for (let x = left; x < Math.min(left + PATCH_SIDE_PX, widthPx); x++) {
      threat += mask[y * widthPx + x] ?? 0;
    }
  }
  return threat / (PATCH_SIDE_PX * PATCH_SIDE_PX);
}
