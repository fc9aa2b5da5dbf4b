import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import type { LoadedModel } from '../../src-main/engine/engine';
import type { ScreeningRecipe } from '../evaluation/screen-bag';
import { requireTensorflow } from '../ganomaly/tensorflow-runtime';
import type { MethodName, MethodTraining } from './anomaly-method';
import { findMethod } from './find-method';
import { architectureOf } from './method-settings';
import type { MethodModelDescription } from './method-model-folder';
import { readMethodModel } from './method-model-folder';

/** A laboratory model that scores bags as a bundle does. */
export interface MethodModel {
  readonly id: string;
  readonly method: MethodName;
  /** The shape of its networks. */
  readonly architecture: GanomalyArchitecture;
  /** How a view becomes tiles, and what a tile's score is read from: see `recipeOf`. */
  readonly recipe: ScreeningRecipe;
  readonly model: LoadedModel;
}

/**
 * Opens a folder that `phiscan train --method` has written. It has no calibration, so that it
 * ranks bags and tiles and never alarms; the product itself does not load it.
 * @throws PhiscanError `training-impossible` without TensorFlow; as `readMethodModel`
 */
export async function openMethodModel(directory: string): Promise<MethodModel> {
  const { description, weights } = await readMethodModel(directory);
  const tf = requireTensorflow();
  const training = findMethod(description.method).create(tf, description.settings);
  training.restore(weights, null, description.training.steps);
  return {
    id: description.id,
    method: description.method,
    architecture: architectureOf(description.settings),
    recipe: recipeOf(description),
    model: loadedModel(training, description),
  };
}

/** @returns a model whose one number a tile, the method's score, stands for z − ẑ */
function loadedModel(training: MethodTraining, { method, settings }: MethodModelDescription) {
  const tf = requireTensorflow();
  const model: LoadedModel = {
    runtime: `${method} on TensorFlow.js ${tf.version.tfjs}`,
    async runTiles({ count, height, width, channels, values }, wanted, signal) {
      const { isize, nc } = settings;
      if (height !== isize || width !== isize || channels !== nc) {
        throw new RangeError(
          `Expected tiles of ${isize}×${isize}×${nc}; found ${height}×${width}×${channels}.`,
        );
      }
      const other = wanted.find((output) => output !== 'latentDifference');
      if (other !== undefined) throw new RangeError(`A laboratory model gives no ${other}.`);
      const tiles: Tensor4D = tf.tensor4d(values, [count, height, width, channels]);
      try {
        return { latentDifference: Float32Array.from(await training.score(tiles, signal)) };
      } finally {
        tiles.dispose();
      }
    },
    dispose() {
      training.dispose();
      return Promise.resolve();
    },
  };
  return model;
}

/**
 * A method's score is never negative, so that the paper's definition, the sum of the absolute
 * values of the nz numbers that a tile gives, is the score itself where there is one number.
 */
function recipeOf({ settings, preprocessing, scales }: MethodModelDescription): ScreeningRecipe {
  return {
    architecture: { ...architectureOf(settings), nz: 1 },
    preprocessing,
    scales,
    scoreDefinition: 'paper',
    calibration: null,
  };
}
