import { resample } from '../../src-shared/imaging/resample';
import type { CanonicalPicture } from '../../src-shared/imaging/canonical-picture';
import type { ObjectMask } from '../simulator/project-solids';
import type { RandomStream } from '../simulator/random-stream';
import { extractPatch } from './extract-patch';
import { MATERIAL_BELOW_OPEN_BEAM, type SimulatedPicture } from './simulated-picture';

export const FFOB_SIDE_PX = 64;
/** A crop is the square about an object's box, this many times its longer side. */
const MARGIN_FACTOR = 1.1;
/** Longer sides of the boxes of benign things that are cropped, in pixels: whole pistols' sizes. */
const LIKE_SIZE_PX = [120, 280] as const;
/** Squares that are cropped from a bag besides its objects, wherever they fall. */
const REGIONS_PER_BAG = 4;
/** Such a square is kept where at least this share of it is material. */
const MIN_REGION_MATERIAL = 0.25;

export interface Square {
  readonly left: number;
  readonly top: number;
  readonly sidePx: number;
}

/** The square about an object's box, a tenth larger; it may reach beyond the picture. */
export function squareAround({ x, y, width, height }: Omit<ObjectMask, 'bitmap'>): Square {
  const sidePx = Math.round(MARGIN_FACTOR * Math.max(width, height));
  return {
    left: Math.round(x + width / 2 - sidePx / 2),
    top: Math.round(y + height / 2 - sidePx / 2),
    sidePx,
  };
}

/** Whole-object crops about the threats of a bag. */
export function threatCrops({ picture, bag }: SimulatedPicture): Uint8Array[] {
  return bag.masks
    .filter(({ benign }) => !benign)
    .map(({ mask }) => crop(picture, squareAround(mask)));
}

/**
 * Crops of a bag without threats: about every object of a pistol's size, and of four squares of
 * such sizes anywhere in the picture, where they hold material.
 */
export function benignCrops(
  { picture, bag }: SimulatedPicture,
  random: RandomStream,
): Uint8Array[] {
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
  return squares.map((square) => crop(picture, square));
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

/** A square scaled to 64×64, interleaved RGB; open beam beyond the picture. */
function crop(picture: CanonicalPicture, { left, top, sidePx }: Square): Uint8Array {
  const values = extractPatch(picture, left, top, sidePx);
  const raster = { widthPx: sidePx, heightPx: sidePx, channels: 3, values } as const;
  return resample(raster, FFOB_SIDE_PX / sidePx).values;
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
