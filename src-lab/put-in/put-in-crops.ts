import type { RandomStream } from '../simulator/random-stream';
import type { AttenuationPicture } from './attenuation-picture';
import { addPicture, applyIncrement, drawMixing, emptyIncrement } from './palette-mixing';
import type { SolidRecipe } from './random-solid';
import { drawSolid, putIn } from './random-solid';
import type { ScannerSpread } from './scanner-look';
import { addNoise, applyLook, drawLook } from './scanner-look';

export interface PutInRecipe extends SolidRecipe {
  readonly sidePx: number;
  /** Chance of a crop to get solids at all. */
  readonly solidChance: number;
  readonly maxSolids: number;
  /** Chance that another benign crop lies over this one: dark, crowded, and yet benign. */
  readonly overlayChance: number;
  /** Attenuation at which the pictures' palette is about black. */
  readonly blackAttenuation: number;
  /** Up to so many small solids are put in that are not asked for: bags are full of small metal. */
  readonly maxDistractors: number;
  /** Their length in model pixels. */
  readonly distractorPx: readonly [number, number];
  /** How differently from their own scanner crops are shown. */
  readonly scanners: ScannerSpread;
}

/** One training crop. All arrays row-major over sidePx × sidePx. */
export interface PutInCrop {
  /** With solids, (side, side, 2). */
  readonly input: Float32Array;
  /** Without them: what the generator is to give back. */
  readonly clean: Float32Array;
  /** 1 where a solid can be seen, 0 elsewhere. */
  readonly mask: Float32Array;
}

/** A solid that adds less than this is not asked for. */
const VISIBLE_ATTENUATION = 0.12;
/** Nor one whose pixel the palette darkens by less than this. */
const SHOWN_ATTENUATION = 0.08;

export function drawCrop(
  pictures: readonly AttenuationPicture[],
  recipe: PutInRecipe,
  random: RandomStream,
): PutInCrop {
  const { sidePx } = recipe;
  const pixels = sidePx * sidePx;
  const size = { widthPx: sidePx, heightPx: sidePx };
  const mixing = drawMixing(random, recipe.blackAttenuation);
  const benign = drawBenign(pictures, recipe, random);
  const increment = emptyIncrement(pixels);
  if (random.chance(recipe.overlayChance)) {
    addPicture(increment, drawBenign(pictures, recipe, random), random.range(0.4, 1), mixing);
  }
  const small = { families: recipe.families, sizePx: recipe.distractorPx };
  const distractors = random.integer(0, recipe.maxDistractors);
  for (let i = 0; i < distractors; i++) {
    putIn(drawSolid(random, small, drawPoint(random, sidePx)), size, increment, mixing);
  }
  const clean = benign.slice();
  applyIncrement(clean, increment, mixing);

  const without = increment.attenuation.slice();
  if (random.chance(recipe.solidChance)) {
    const count = random.integer(1, recipe.maxSolids);
    for (let i = 0; i < count; i++) {
      putIn(drawSolid(random, recipe, drawPoint(random, sidePx)), size, increment, mixing);
    }
  }
  applyIncrement(benign, increment, mixing);
  const mask = new Float32Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const added = (increment.attenuation[pixel] ?? 0) - (without[pixel] ?? 0);
    const gained = 2 * ((benign[2 * pixel] ?? 0) - (clean[2 * pixel] ?? 0));
    if (added > VISIBLE_ATTENUATION && gained > SHOWN_ATTENUATION) mask[pixel] = 1;
  }
  const look = drawLook(random, recipe.scanners);
  applyLook(benign, size, look);
  applyLook(clean, size, look);
  addNoise(benign, look, random);
  return { input: benign, clean, mask };
}

function drawPoint(random: RandomStream, sidePx: number): { x: number; y: number } {
  return { x: random.range(0, sidePx), y: random.range(0, sidePx) };
}

/** A benign crop in one of the eight symmetries, zoomed a little; open beam outside the picture. */
function drawBenign(
  pictures: readonly AttenuationPicture[],
  { sidePx, scanners: { zoom } }: PutInRecipe,
  random: RandomStream,
): Float32Array {
  for (let attempt = 0; ; attempt++) {
    const picture = pictures[random.integer(0, pictures.length - 1)];
    if (picture === undefined) throw new RangeError('There is no benign picture to crop.');
    const placement = {
      step: zoom ** random.range(-1, 1),
      angle: (random.integer(0, 3) * Math.PI) / 2,
      mirrored: random.chance(0.5),
    };
    const x = random.next() * picture.widthPx;
    const y = random.next() * picture.heightPx;
    const crop = sample(picture, x, y, placement, sidePx);
    if (attempt >= 8 || materialShare(crop) > 0.15) return crop;
  }
}

function materialShare(planes: Float32Array): number {
  let material = 0;
  for (let i = 0; i < planes.length; i += 2) if ((planes[i] ?? 0) > -0.96) material++;
  return (2 * material) / planes.length;
}

/** Bilinear sampling of a turned square around a centre; outside the picture is open beam. */
function sample(
  { widthPx, heightPx, planes }: AttenuationPicture,
  centreX: number,
  centreY: number,
  { step, angle, mirrored }: { step: number; angle: number; mirrored: boolean },
  sidePx: number,
): Float32Array {
  const crop = new Float32Array(2 * sidePx * sidePx).fill(-1);
  const cos = Math.cos(angle) * step;
  const sin = Math.sin(angle) * step;
  const middle = (sidePx - 1) / 2;
  const lastX = widthPx - 1;
  const lastY = heightPx - 1;
  for (let row = 0; row < sidePx; row++) {
    const v = row - middle;
    for (let column = 0; column < sidePx; column++) {
      const u = mirrored ? middle - column : column - middle;
      const x = centreX + u * cos - v * sin;
      const y = centreY + u * sin + v * cos;
      if (x < 0 || y < 0 || x >= lastX || y >= lastY) continue;
      const x0 = Math.floor(x);
      const y0 = Math.floor(y);
      const fx = x - x0;
      const fy = y - y0;
      const at = 2 * (y0 * widthPx + x0);
      const below = at + 2 * widthPx;
      const into = 2 * (row * sidePx + column);
      for (let channel = 0; channel < 2; channel++) {
        const upper = (planes[at + channel] ?? 0) * (1 - fx) + (planes[at + 2 + channel] ?? 0) * fx;
        const lower =
          (planes[below + channel] ?? 0) * (1 - fx) + (planes[below + 2 + channel] ?? 0) * fx;
        crop[into + channel] = upper * (1 - fy) + lower * fy;
      }
    }
  }
  return crop;
}
