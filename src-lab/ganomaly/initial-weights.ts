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

/** Deviation of the comparator's last kernel: its first answer is "nothing" everywhere, unsurely. */
const HEAD_SPREAD = 0.01;

/**
 * Draws the weights of one of the comparator's networks by He et al. (2015): kernels N(0, 2 / fan
 * in), so that it learns from its first steps on without the batch norm that its first and last
 * layers lack.
 */
export function comparatorWeights(network: NetworkSpec, seed: number): WeightSet {
  const weights = new Map<string, WeightArray>();
  const convolutions = new Map(
    network.layers.flatMap((layer) => (layer.kind === 'convolution' ? [[layer.name, layer]] : [])),
  );
  for (const [name, shape] of weightShapes(network)) {
    const count = shape.reduce((product, side) => product * side, 1);
    const values = new Float32Array(count);
    const separator = name.lastIndexOf('/');
    const part = name.slice(separator + 1);
    const convolution = convolutions.get(name.slice(0, separator));
    if (part === 'kernel' && convolution !== undefined) {
      const { kernelPx, stride, inChannels, transposed, outChannels } = convolution;
      // A transposed convolution reaches each of its outputs by a share of its kernel.
      const taps = (kernelPx / (transposed ? stride : 1)) ** 2;
      const deviation = outChannels === 1 ? HEAD_SPREAD : Math.sqrt(2 / (taps * inChannels));
      const random = new RandomStream([seed, 'weights', 0, name]);
      for (let i = 0; i < count; i++) values[i] = deviation * random.normal();
    } else if (part === 'gamma' || part === 'variance') {
      values.fill(1);
    }
    weights.set(name, { shape, values });
  }
  return weights;
}
