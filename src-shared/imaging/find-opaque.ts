import type { Box } from '../domain/screening-outcome';
import type { CanonicalPicture } from './canonical-picture';

export interface OpaqueRule {
  /** Dual-energy: opaque at or under this brightness, a mean transmission of 0.2 %. */
  readonly maxDualEnergyBrightness: number;
  /** Grey: the same, for sources that may hold no more than 8 bits. */
  readonly maxGreyBrightness: number;
  /** Exports: opaque where the brightest of red, green and blue is at most this. */
  readonly maxExportChannel: number;
  /** A smaller area is a screw or a wire seen end-on, not a place to hide something. */
  readonly minAreaPx: number;
}

/** For dual energy this is exactly where the material palette ends in black. */
export const OPAQUE_RULE: OpaqueRule = {
  maxDualEnergyBrightness: 0,
  maxGreyBrightness: 2,
  maxExportChannel: 40,
  minAreaPx: 400,
};

/**
 * Areas too dense to see through: boxes around connected areas (over edges and corners) of at
 * least the rule's size in which nothing measurable passes, in reading order of their first pixel.
 */
export function findOpaque(picture: CanonicalPicture, rule: OpaqueRule = OPAQUE_RULE): Box[] {
  const { widthPx, heightPx } = picture;
  const isOpaque = opaqueMask(picture, rule);
  const boxes: Box[] = [];
  const stack: number[] = [];
  for (let start = 0; start < isOpaque.length; start++) {
    if (isOpaque[start] !== 1) continue;
    isOpaque[start] = 2;
    stack.push(start);
    let area = 0;
    let [left, top, right, bottom] = [widthPx, heightPx, 0, 0];
    for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
      area++;
      const x = pixel % widthPx;
      const y = (pixel - x) / widthPx;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, heightPx - 1); ny++) {
        for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, widthPx - 1); nx++) {
          const neighbour = ny * widthPx + nx;
          if (isOpaque[neighbour] !== 1) continue;
          isOpaque[neighbour] = 2;
          stack.push(neighbour);
        }
      }
    }
    if (area >= rule.minAreaPx) {
      boxes.push({ x: left, y: top, width: right - left + 1, height: bottom - top + 1 });
    }
  }
  return boxes;
}

function opaqueMask(picture: CanonicalPicture, rule: OpaqueRule): Uint8Array {
  const { rgb, brightness } = picture;
  const mask = new Uint8Array(brightness.length);
  if (picture.transform !== 'as-delivered') {
    const isDualEnergy = picture.transform === 'material-palette';
    const darkest = isDualEnergy ? rule.maxDualEnergyBrightness : rule.maxGreyBrightness;
    for (let pixel = 0; pixel < mask.length; pixel++) {
      mask[pixel] = (brightness[pixel] ?? 0) <= darkest ? 1 : 0;
    }
    return mask;
  }
  for (let pixel = 0, at = 0; pixel < mask.length; pixel++, at += 3) {
    const brightest = Math.max(rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0);
    mask[pixel] = brightest <= rule.maxExportChannel ? 1 : 0;
  }
  return mask;
}
