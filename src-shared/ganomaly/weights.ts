import type { NetworkSpec } from './network-spec';
import { weightShape } from './network-spec';

/** A named array of a network: TensorFlow.js's weight format, float32, row-major. */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** All arrays of a model by name: `<layer>/kernel`, `<layer>/gamma`, `…/beta`, `…/mean`, `…/variance`. */
export type WeightSet = ReadonlyMap<string, WeightArray>;

/** The arrays that a network needs, with their shapes, in layer order. */
export function weightShapes(network: NetworkSpec): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const layer of network.layers) {
    if (layer.kind === 'convolution') shapes.set(`${layer.name}/kernel`, weightShape(layer));
    if (layer.kind === 'batch-norm') {
      for (const part of ['gamma', 'beta', 'mean', 'variance']) {
        shapes.set(`${layer.name}/${part}`, [layer.channels]);
      }
    }
  }
  return shapes;
}
