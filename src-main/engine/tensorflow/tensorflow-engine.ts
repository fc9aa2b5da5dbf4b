import type { Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { GanomalyArchitecture } from '../../../src-shared/domain/model-bundle';
import type { WeightSet } from '../../../src-shared/ganomaly/weights';
import type { FoldedLayer } from '../../../src-shared/ganomaly/folded-network';
import type { NetworkSpec } from '../../../src-shared/ganomaly/network-spec';
import { foldedNetwork } from '../../../src-shared/ganomaly/folded-network';
import type { PassOperations } from '../../../src-shared/ganomaly/scoring-pass';
import { ScoringPass } from '../../../src-shared/ganomaly/scoring-pass';
import { scoringNetworks } from '../../../src-shared/ganomaly/scoring-networks';
import { checkParity } from '../bundle/parity';
import { readWeights } from '../bundle/read-bundle';
import type { Engine, LoadedModel, TileOutput, TileOutputs } from '../engine';
import { outputLengths, runInBatches } from '../run-in-batches';
import { applyFoldedLayer } from './apply-folded-layer';
import type { PlacedLayer } from './apply-folded-layer';
import type { Tensorflow } from './load-tensorflow';
import { isUsingGpu, loadTensorflow } from './load-tensorflow';

export interface TensorflowEngineOptions {
  /** Tiles a run; the last batch is filled up with zeros to this size (see `#runBatch`). */
  readonly batchTiles?: number;
}

const DEFAULT_BATCH_TILES = 64;

/**
 * TensorFlow.js on TensorFlow's C library, on a GPU where CUDA is installed and on the CPU
 * elsewhere. It runs from the canonical weights, with batch norm folded as in the ONNX file.
 */
export function createTensorflowEngine(options: TensorflowEngineOptions = {}): Engine {
  return {
    name: 'tensorflow',
    async load(bundle) {
      const tf = loadTensorflow();
      await tf.ready();
      const weights = await readWeights(bundle);
      const model = placeModel(tf, bundle.manifest.architecture, weights, options);
      try {
        await checkParity(bundle, model);
      } catch (error) {
        await model.dispose();
        throw error;
      }
      return model;
    },
  };
}

/** A model of the given weights, without a bundle: what the laboratory measures while it trains. */
export function placeModel(
  tf: Tensorflow,
  architecture: GanomalyArchitecture,
  weights: WeightSet,
  { batchTiles = DEFAULT_BATCH_TILES }: TensorflowEngineOptions = {},
): LoadedModel {
  const networks = new Map(
    scoringNetworks(architecture).map((network) => [
      network.name,
      foldedNetwork(network, weights).map((layer) => placeLayer(tf, layer)),
    ]),
  );
  return new TensorflowModel(tf, architecture, networks, batchTiles);
}

type PlacedNetworks = ReadonlyMap<NetworkSpec['name'], readonly PlacedLayer[]>;

/** Call them within `tf.tidy`. */
function operationsOf(tf: Tensorflow, networks: PlacedNetworks): PassOperations<Tensor4D> {
  return {
    run: ({ name }, input) =>
      (networks.get(name) ?? []).reduce((x, layer) => applyFoldedLayer(tf, layer, x), input),
    join: (a, b) => tf.concat<Tensor4D>([a, b], 3),
    subtract: (a, b) => tf.sub<Tensor4D>(a, b),
    mean: (values) => tf.mul<Tensor4D>(tf.addN([...values]), 1 / values.length),
  };
}

/** Puts a folded layer's arrays into TensorFlow's memory. */
export function placeLayer(tf: Tensorflow, layer: FoldedLayer): PlacedLayer {
  const { kernelPx, inChannels, outChannels, transposed } = layer.spec;
  const shape: [number, number, number, number] = transposed
    ? [kernelPx, kernelPx, outChannels, inChannels]
    : [kernelPx, kernelPx, inChannels, outChannels];
  return {
    spec: layer.spec,
    kernel: tf.tensor4d(layer.kernel, shape),
    bias: layer.bias === null ? null : tf.tensor1d(layer.bias),
    activation: layer.activation,
  };
}

class TensorflowModel implements LoadedModel {
  readonly runtime: string;
  readonly #tf: Tensorflow;
  readonly #architecture: GanomalyArchitecture;
  readonly #batchTiles: number;
  #networks: PlacedNetworks | null;

  constructor(
    tf: Tensorflow,
    architecture: GanomalyArchitecture,
    networks: PlacedNetworks,
    batchTiles: number,
  ) {
    this.#tf = tf;
    this.#architecture = architecture;
    this.#networks = networks;
    this.#batchTiles = batchTiles;
    const device = isUsingGpu(tf) ? 'gpu' : 'cpu';
    this.runtime = `TensorFlow.js ${tf.version.tfjs} on TensorFlow's C library, ${device}`;
  }

  runTiles: LoadedModel['runTiles'] = (tiles, wanted, signal) =>
    runInBatches(
      this.#architecture,
      tiles,
      wanted,
      this.#batchTiles,
      (values, count, outputs) => this.#runBatch(values, count, outputs),
      signal,
    );

  dispose(): Promise<void> {
    for (const layer of [...(this.#networks?.values() ?? [])].flat()) {
      layer.kernel.dispose();
      layer.bias?.dispose();
    }
    this.#networks = null;
    return Promise.resolve();
  }

  /**
   * Every batch runs at the full size: TensorFlow rounds a matrix product otherwise by its number
   * of rows, and a tile's outputs would depend on how many tiles came with it.
   */
  async #runBatch(
    values: Float32Array,
    count: number,
    wanted: readonly TileOutput[],
  ): Promise<TileOutputs> {
    if (this.#networks === null) throw new Error('The model was disposed of before it was run.');
    const networks = this.#networks;
    const architecture = this.#architecture;
    const { isize, nc } = architecture;
    const tf = this.#tf;
    let full = values;
    if (count < this.#batchTiles) {
      full = new Float32Array(this.#batchTiles * isize * isize * nc);
      full.set(values);
    }
    const computed = tf.tidy(() => {
      const tiles = tf.tensor4d(full, [this.#batchTiles, isize, isize, nc]);
      const pass = new ScoringPass(architecture, tiles, operationsOf(tf, networks));
      const outputs: { [name in TileOutput]?: Tensor } = {};
      for (const name of wanted) {
        const output = pass[name]();
        if (output !== null) outputs[name] = output;
      }
      return outputs;
    });
    const lengths = outputLengths(architecture);
    const outputs: { [name in TileOutput]?: Float32Array } = {};
    for (const name of wanted) {
      const tensor = computed[name];
      if (tensor === undefined) continue;
      outputs[name] = (await tensor.data<'float32'>()).subarray(0, count * lengths[name]);
      tensor.dispose();
    }
    return outputs;
  }
}
