import type { WeightSet } from './weights';

/**
 * The values of one named array.
 * @throws RangeError when the set lacks it: a defect of whoever built the set, since the readers
 * of bundles and checkpoints check names and shapes.
 */
export function weightValues(weights: WeightSet, name: string): Float32Array {
  const array = weights.get(name);
  if (array === undefined) throw new RangeError(`The weight set holds no array named ${name}.`);
  return array.values;
}
