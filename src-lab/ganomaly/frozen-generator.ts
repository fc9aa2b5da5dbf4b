import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import { foldedNetwork } from '../../src-shared/ganomaly/folded-network';
import { ganomalySpec } from '../../src-shared/ganomaly/network-spec';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import type { PlacedLayer } from '../../src-main/engine/tensorflow/apply-folded-layer';
import { applyFoldedLayer } from '../../src-main/engine/tensorflow/apply-folded-layer';
import { placeLayer } from '../../src-main/engine/tensorflow/tensorflow-engine';
import type { Tensorflow } from './tensorflow-runtime';

/** A trained generator as it scores, for comparators that see x̂ beside the tile. */
export class FrozenGenerator {
  private readonly layers: readonly PlacedLayer[];

  constructor(
    private readonly tf: Tensorflow,
    architecture: GanomalyArchitecture,
    weights: WeightSet,
  ) {
    const { generatorEncoder, generatorDecoder } = ganomalySpec(architecture);
    this.layers = [generatorEncoder, generatorDecoder].flatMap((network) =>
      foldedNetwork(network, weights).map((layer) => placeLayer(tf, layer)),
    );
  }

  /** x̂ of a batch of tiles. Call it within `tf.tidy`. */
  readonly rebuild = (tiles: Tensor4D): Tensor4D =>
    this.layers.reduce((x, layer) => applyFoldedLayer(this.tf, layer, x), tiles);

  dispose(): void {
    for (const { kernel, bias } of this.layers) this.tf.dispose([kernel, ...(bias ? [bias] : [])]);
  }
}
