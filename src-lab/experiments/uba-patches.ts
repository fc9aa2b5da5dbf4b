import { extractPatch } from './extract-patch';
import { materialShares, tileGrid, tileOrigin } from '../../src-shared/screening/tiling';
import { MATERIAL_BELOW_OPEN_BEAM } from './simulated-picture';

export const UBA_SIDE_PX = 64;
/** Half a patch: neighbours overlap by as much. */
export const UBA_STRIDE_PX = 32;
/** Share of a patch that must be threat mask for it to be abnormal. */
export const ABNORMAL_FROM_SHARE = 0.2;
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

/** The patches of a scan by their labels. */
export interface LabelledPatches {
  readonly normal: readonly Uint8Array[];
  readonly abnormal: readonly Uint8Array[];
  readonly leftOut: number;
}

/** A picture with the mask of its threats: one byte a pixel, 1 where a threat lies. */
export interface MaskedPicture {
  readonly picture: {
    readonly widthPx: number;
    readonly heightPx: number;
    readonly rgb: Uint8Array;
    readonly brightness: Uint8Array;
  };
  readonly threatMask: Uint8Array;
}

/**
 * Cuts 64×64 patches by a window that moves half a patch, over all that holds material; each is
 * interleaved RGB of 64 · 64 · 3 bytes.
 */
export function ubaPatches({ picture, threatMask }: MaskedPicture): LabelledPatches {
  const { widthPx, heightPx, brightness } = picture;
  const grid = tileGrid(widthPx, heightPx, { tileSizePx: UBA_SIDE_PX, stridePx: UBA_STRIDE_PX });
  const material = materialShares(brightness, grid, MATERIAL_BELOW_OPEN_BEAM);
  const normal: Uint8Array[] = [];
  const abnormal: Uint8Array[] = [];
  let leftOut = 0;
  for (let tile = 0; tile < grid.count; tile++) {
    if ((material[tile] ?? 0) < MIN_MATERIAL_SHARE) continue;
    const { x, y } = tileOrigin(grid, tile);
    const label = patchLabel(threatShareAt(threatMask, widthPx, heightPx, x, y));
    if (label === 'left out') leftOut += 1;
    else (label === 'normal' ? normal : abnormal).push(extractPatch(picture, x, y, UBA_SIDE_PX));
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
  for (let y = top; y < Math.min(top + UBA_SIDE_PX, heightPx); y++) {
    for (let x = left; x < Math.min(left + UBA_SIDE_PX, widthPx); x++) {
      threat += mask[y * widthPx + x] ?? 0;
    }
  }
  return threat / (UBA_SIDE_PX * UBA_SIDE_PX);
}
