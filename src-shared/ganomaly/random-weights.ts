import { mulberry32 } from '../mulberry32';
import type { NetworkSpec } from './network-spec';
import { weightShapes } from './weights';
import type { WeightArray, WeightSet } from './weights';

/**
 * Weights for tests and speed benches, the same for the same seed: kernels of a spread that keeps
 * the signal's size from layer to layer, and batch norm statistics away from 0 and 1, so that an
 * export or a folding that drops one of them gives other outputs. Not an initialisation to train from.
 */
export function randomWeights(networks: readonly NetworkSpec[], seed: number): WeightSet {
  const uniform = mulberry32(seed);
  const weights = new Map<string, WeightArray>();
  for (const network of networks) {
    for (const [name, shape] of weightShapes(network)) {
      const count = shape.reduce((product, side) => product * side, 1);
      const draw = valueOf(name, shape, uniform);
      weights.set(name, { shape, values: Float32Array.from({ length: count }, draw) });
    }
  }
  return weights;
}

function valueOf(name: string, shape: readonly number[], uniform: () => number): () => number {
  if (name.endsWith('/kernel')) {
    const fanIn = shape.slice(0, 3).reduce((product, side) => product * side, 1);
    const spread = Math.sqrt(6 / fanIn);
    return () => (2 * uniform() - 1) * spread;
  }
  if (name.endsWith('/gamma') || name.endsWith('/variance')) return () => 0.5 + uniform();
  return () => 0.4 * (uniform() - 0.5);
}
