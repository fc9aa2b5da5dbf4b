import { resample } from '../../src-shared/imaging/resample';
import type { ModelPicture } from '../../src-shared/screening/tiling';
import { extractPatch } from './extract-patch';

/** A square of a scan, in its pixels; it may reach beyond the picture. */
export interface Square {
  readonly left: number;
  readonly top: number;
  readonly sidePx: number;
}

/** Side of the patches of X-rays that methods are given. */
export const PATCH_SIDE_PX = 64;

/** A square of a picture as a patch of 64×64, interleaved RGB; open beam beyond the picture. */
export function cropSquare(picture: ModelPicture, { left, top, sidePx }: Square): Uint8Array {
  const values = extractPatch(picture, left, top, sidePx);
  const raster = { widthPx: sidePx, heightPx: sidePx, channels: 3, values } as const;
  return resample(raster, PATCH_SIDE_PX / sidePx).values;
}
