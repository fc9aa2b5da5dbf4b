import type { RandomStream } from '../simulator/random-stream';
import type { AttenuationPicture } from './attenuation-picture';
import type { SolidRecipe } from './random-solid';
import { drawSolid, putIn } from './random-solid';

export interface PutInRecipe extends SolidRecipe {
  readonly sidePx: number;
  /** Chance of a crop to get solids at all. */
  readonly solidChance: number;
  readonly maxSolids: number;
  /** Chance that another benign crop lies over this one: dark, crowded, and yet benign. */
  readonly overlayChance: number;
  /** Attenuation at which the pictures' palette is black. */
  readonly blackAttenuation: number;
  /** Turns by any angle rather than by quarters: smoother, and as many rods at every slant. */
  readonly rotate: boolean;
  /** Up to so many small solids are put in that are not asked for: bags are full of small metal. */
  readonly maxDistractors: number;
  /** Their length in model pixels. */
  readonly distractorPx: readonly [number, number];
  /** Zoom of a crop is drawn from [1 / zoom, zoom]. */
  readonly zoom: number;
  /** Attenuation of a whole benign crop is multiplied by a factor drawn from [1 / gain, gain]. */
  readonly gain: number;
  /** Of how many draws the crop with most metal is laid over another. */
  readonly metalDraws: number;
  /** Standard deviation of a further noise on attenuation. */
  readonly noise: number;
  /** Chance of a shape cut out of another benign bag: the outline of a solid, filled with benign. */
  readonly cutoutChance: number;
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

export function drawCrop(
  pictures: readonly AttenuationPicture[],
  recipe: PutInRecipe,
  random: RandomStream,
): PutInCrop {
  const { sidePx } = recipe;
  const pixels = sidePx * sidePx;
  const clean = drawBenign(pictures, recipe, random);
  if (random.chance(recipe.overlayChance)) {
    const other = drawMetal(pictures, recipe, random);
    const share = random.range(0.4, 1);
    for (let i = 0; i < clean.length; i++) {
      clean[i] = (clean[i] ?? 0) + share * ((other[i] ?? 0) + 1);
    }
  }
  const added = new Float32Array(pixels);
  if (random.chance(recipe.cutoutChance)) {
    const other = drawMetal(pictures, recipe, random);
    const shape = new Float32Array(pixels);
    const scratch = new Float32Array(2 * pixels);
    const filled = { widthPx: sidePx, heightPx: sidePx, planes: scratch };
    putIn(drawSolid(random, recipe, drawPoint(random, sidePx)), filled, shape);
    for (let pixel = 0; pixel < pixels; pixel++) {
      if ((shape[pixel] ?? 0) <= 0.1) continue;
      for (const channel of [0, 1]) {
        const i = 2 * pixel + channel;
        clean[i] = (clean[i] ?? 0) + (other[i] ?? 0) + 1;
      }
    }
  }
  const distractors = random.integer(0, recipe.maxDistractors);
  const small = { families: recipe.families, sizePx: recipe.distractorPx };
  for (let i = 0; i < distractors; i++) {
    const under = { widthPx: sidePx, heightPx: sidePx, planes: clean };
    putIn(drawSolid(random, small, drawPoint(random, sidePx)), under, new Float32Array(pixels));
  }
  const input = clean.slice();
  const touched = { widthPx: sidePx, heightPx: sidePx, planes: input };
  if (random.chance(recipe.solidChance)) {
    const count = random.integer(1, recipe.maxSolids);
    for (let i = 0; i < count; i++) {
      putIn(drawSolid(random, recipe, drawPoint(random, sidePx)), touched, added);
    }
  }
  darken(clean, recipe.blackAttenuation);
  darken(input, recipe.blackAttenuation);
  const mask = new Float32Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const gained = 2 * ((input[2 * pixel] ?? 0) - (clean[2 * pixel] ?? 0));
    if ((added[pixel] ?? 0) > VISIBLE_ATTENUATION && gained > VISIBLE_ATTENUATION) mask[pixel] = 1;
  }
  if (recipe.noise > 0) {
    const amplitude = recipe.noise * random.next();
    for (let pixel = 0; pixel < pixels; pixel++) {
      const n = (amplitude * (random.next() + random.next() - 1) * 2.45) / 2;
      input[2 * pixel] = (input[2 * pixel] ?? 0) + n;
      input[2 * pixel + 1] = (input[2 * pixel + 1] ?? 0) + n * 0.5;
    }
  }
  return { input, clean, mask };
}

function drawMetal(
  pictures: readonly AttenuationPicture[],
  recipe: PutInRecipe,
  random: RandomStream,
): Float32Array {
  let best = drawBenign(pictures, recipe, random);
  let most = metalOf(best);
  for (let draw = 1; draw < recipe.metalDraws; draw++) {
    const next = drawBenign(pictures, recipe, random);
    const metal = metalOf(next);
    if (metal > most) [best, most] = [next, metal];
  }
  return best;
}

/** Sum over the crop of attenuation by metal. */
function metalOf(planes: Float32Array): number {
  let sum = 0;
  for (let i = 1; i < planes.length; i += 2) sum += Math.max(0, (planes[i] ?? 0) + 0.7);
  return sum;
}

function drawPoint(random: RandomStream, sidePx: number): { x: number; y: number } {
  return { x: random.range(0, sidePx), y: random.range(0, sidePx) };
}

/** Nothing is darker than the palette's black, and nothing bluer than its metal. */
export function darken(planes: Float32Array, blackAttenuation: number): void {
  for (let i = 0; i < planes.length; i += 2) {
    planes[i + 1] = Math.min(planes[i + 1] ?? 0, planes[i] ?? 0);
    const attenuation = ((planes[i] ?? 0) + 1) * 2;
    if (attenuation <= blackAttenuation) continue;
    const share = blackAttenuation / attenuation;
    planes[i] = blackAttenuation / 2 - 1;
    planes[i + 1] = ((planes[i + 1] ?? 0) + 1) * share - 1;
  }
}

/** A benign crop, turned, mirrored and zoomed at random; open beam outside the picture. */
function drawBenign(
  pictures: readonly AttenuationPicture[],
  { sidePx, zoom, gain, rotate }: PutInRecipe,
  random: RandomStream,
): Float32Array {
  const factor = gain ** random.range(-1, 1);
  for (let attempt = 0; ; attempt++) {
    const picture = pictures[random.integer(0, pictures.length - 1)];
    if (picture === undefined) throw new RangeError('There is no benign picture to crop.');
    const placement = {
      step: zoom ** random.range(-1, 1),
      angle: rotate ? random.range(0, 2 * Math.PI) : (random.integer(0, 3) * Math.PI) / 2,
      mirrored: random.chance(0.5),
    };
    const x = random.next() * picture.widthPx;
    const y = random.next() * picture.heightPx;
    const crop = sample(picture, x, y, placement, factor, sidePx);
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
  gain: number,
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
        crop[into + channel] = (upper * (1 - fy) + lower * fy + 1) * gain - 1;
      }
    }
  }
  return crop;
}
