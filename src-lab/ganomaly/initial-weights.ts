import type { NetworkSpec } from '../../src-shared/ganomaly/network-spec';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import { weightShapes } from '../../src-shared/ganomaly/weights';
import { RandomStream } from '../simulator/random-stream';

const SPREAD = 0.02;

/**
 * Draws a network's weights as the reference code does: kernels N(0, 0.02), batch norm weights
 * N(1, 0.02) and biases 0, running statistics 0 and 1.
 * @param draw 0 at the start; counts up each time the same network is drawn anew.
 */
export function initialWeights(network: NetworkSpec, seed: number, draw = 0): WeightSet {
  const weights = new Map<string, WeightArray>();
  for (const [name, shape] of weightShapes(network)) {
    const count = shape.reduce((product, side) => product * side, 1);
    const values = new Float32Array(count);
    const random = new RandomStream([seed, 'weights', draw, name]);
    const part = name.slice(name.lastIndexOf('/') + 1);
    if (part === 'kernel' || part === 'gamma') {
      const mean = part === 'gamma' ? 1 : 0;
      for (let i = 0; i < count; i++) values[i] = mean + SPREAD * random.normal();
    } else if (part === 'variance') {
      values.fill(1);
    }
    weights.set(name, { shape, values });
  }
  return weights;
}
