import type { AttenuationPicture } from '../put-in/attenuation-picture';
import type { PutInCrop, PutInRecipe } from '../put-in/put-in-crops';
import { drawCrop } from '../put-in/put-in-crops';
import type { ScannerSpread } from '../put-in/scanner-look';
import { RandomStream } from '../simulator/random-stream';
import type { DenoisingSettings } from './denoising-settings';
import type { Tensorflow } from './tensorflow-runtime';
import type { PutInBatch } from './trainee';

/** About as far as lanes of one airport differ in pixel pitch, contrast, sharpness and noise. */
const SCANNERS: ScannerSpread = { zoom: 1.6, gain: 1.25, blurPx: 1.2, noise: 0.1 };

/** How crops are drawn in a training with these settings. */
export function putInRecipe(settings: DenoisingSettings, blackAttenuation: number): PutInRecipe {
  return {
    sidePx: settings.architecture.isize,
    families: settings.solidFamilies,
    sizePx: settings.solidSizePx,
    solidChance: 0.6,
    maxSolids: 3,
    overlayChance: 0.35,
    maxDistractors: settings.maxDistractors,
    distractorPx: settings.distractorPx,
    blackAttenuation,
    scanners: SCANNERS,
  };
}

/** Which batch: with the pictures it decides every crop. */
export interface BatchPlace {
  readonly seed: number;
  readonly stage: number;
  /** Within the stage, from 1. */
  readonly step: number;
  readonly batchSize: number;
}

/** The crops of a step, drawn from its place alone, so that a resumed run draws the same. */
export function drawPutInBatch(
  tf: Tensorflow,
  pictures: readonly AttenuationPicture[],
  recipe: PutInRecipe,
  { seed, stage, step, batchSize }: BatchPlace,
): PutInBatch {
  const crops = Array.from({ length: batchSize }, (_, index) =>
    drawCrop(pictures, recipe, new RandomStream([seed, 'put-in-crop', stage, step, index])),
  );
  return batchOf(tf, crops, recipe.sidePx);
}

function batchOf(tf: Tensorflow, crops: readonly PutInCrop[], side: number): PutInBatch {
  const half = side / 2;
  const input = new Float32Array(crops.length * side * side * 2);
  const clean = new Float32Array(input.length);
  const mask = new Float32Array(crops.length * half * half);
  crops.forEach((crop, index) => {
    input.set(crop.input, index * side * side * 2);
    clean.set(crop.clean, index * side * side * 2);
    halve(crop.mask, side, mask.subarray(index * half * half, (index + 1) * half * half));
  });
  const shape: [number, number, number, number] = [crops.length, side, side, 2];
  return {
    input: tf.tensor4d(input, shape),
    clean: tf.tensor4d(clean, shape),
    mask: tf.tensor4d(mask, [crops.length, half, half, 1]),
  };
}

/** Means over squares of 2×2. */
function halve(values: Float32Array, side: number, into: Float32Array): void {
  const half = side / 2;
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      const at = 2 * y * side + 2 * x;
      const upper = (values[at] ?? 0) + (values[at + 1] ?? 0);
      const lower = (values[at + side] ?? 0) + (values[at + side + 1] ?? 0);
      into[y * half + x] = (upper + lower) / 4;
    }
  }
}
