import type { CanonicalPicture } from '../../src-shared/imaging/canonical-picture';
import type { ObjectMask } from '../simulator/project-solids';
import type { RandomStream } from '../simulator/random-stream';
import { MATERIAL_BELOW_OPEN_BEAM, type SimulatedPicture } from './simulated-picture';
import type { Square } from './square';

/** A crop is the square about an object's box, this many times its longer side. */
const MARGIN_FACTOR = 1.1;
/** Longer sides of the boxes of benign things that are cropped, in pixels: whole pistols' sizes. */
const LIKE_SIZE_PX = [120, 280] as const;
/** Squares that are cropped from a bag besides its objects, wherever they fall. */
const REGIONS_PER_BAG = 4;
/** Such a square is kept where at least this share of it is material. */
const MIN_REGION_MATERIAL = 0.25;

/** The square about an object's box, a tenth larger; it may reach beyond the picture. */
export function squareAround({ x, y, width, height }: Omit<ObjectMask, 'bitmap'>): Square {
  const sidePx = Math.round(MARGIN_FACTOR * Math.max(width, height));
  return {
    left: Math.round(x + width / 2 - sidePx / 2),
    top: Math.round(y + height / 2 - sidePx / 2),
    sidePx,
  };
}

/** The squares about the threats of a bag, whole. */
export function threatSquares({ bag }: Pick<SimulatedPicture, 'bag'>): Square[] {
  return bag.masks.filter(({ benign }) => !benign).map(({ mask }) => squareAround(mask));
}

/**
 * Squares of a bag without threats: about every object of a pistol's size, and four of such sizes
 * anywhere in the picture, where they hold material.
 */
export function benignSquares(
  { picture, bag }: Pick<SimulatedPicture, 'picture' | 'bag'>,
  random: RandomStream,
): Square[] {
  const [least, most] = LIKE_SIZE_PX;
  const squares = bag.masks
    .filter(({ mask }) => isBetween(Math.max(mask.width, mask.height), least, most))
    .map(({ mask }) => squareAround(mask));
  for (let region = 0; region < REGIONS_PER_BAG; region++) {
    const sidePx = Math.round(MARGIN_FACTOR * random.range(least, most));
    const left = random.integer(0, Math.max(0, picture.widthPx - sidePx));
    const top = random.integer(0, Math.max(0, picture.heightPx - sidePx));
    const square = { left, top, sidePx };
    if (materialShare(picture, square) >= MIN_REGION_MATERIAL) squares.push(square);
  }
  return squares;
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

function materialShare(
  { widthPx, heightPx, brightness }: CanonicalPicture,
  { left, top, sidePx }: Square,
): number {
  const limit = MATERIAL_BELOW_OPEN_BEAM * 255;
  let material = 0;
  for (let y = top; y < Math.min(heightPx, top + sidePx); y++) {
    for (let x = left; x < Math.min(widthPx, left + sidePx); x++) {
      if ((brightness[y * widthPx + x] ?? 255) < limit) material += 1;
    }
  }
  return material / (sidePx * sidePx);
}
