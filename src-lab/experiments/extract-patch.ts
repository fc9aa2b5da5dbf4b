import type { ModelPicture } from '../../src-shared/screening/tiling';

const OPEN_BEAM = 255;

/**
 * A square of a picture as interleaved RGB bytes; what lies outside the picture is open beam.
 * @param left of the square, in pixels; may be negative, as may `top`
 */
export function extractPatch(
  { widthPx, heightPx, rgb }: ModelPicture,
  left: number,
  top: number,
  sidePx: number,
): Uint8Array {
  const patch = new Uint8Array(sidePx * sidePx * 3).fill(OPEN_BEAM);
  const firstColumn = Math.max(0, left);
  const endColumn = Math.min(widthPx, left + sidePx);
  if (firstColumn >= endColumn) return patch;
  for (let y = Math.max(0, top); y < Math.min(heightPx, top + sidePx); y++) {
    const row = rgb.subarray((y * widthPx + firstColumn) * 3, (y * widthPx + endColumn) * 3);
    patch.set(row, ((y - top) * sidePx + firstColumn - left) * 3);
  }
  return patch;
}
