import type { ActivationSpec, BatchNormSpec, ConvolutionSpec, NetworkSpec } from './network-spec';
import type { WeightSet } from './weights';
import { weightValues } from './weight-values';

/** A convolution that has taken in the batch norm after it, with the activation that follows. */
export interface FoldedLayer {
  readonly spec: ConvolutionSpec;
  /** In TensorFlow's layout (see `weightShape`), scaled by channel. */
  readonly kernel: Float32Array;
  /** One value an output channel; absent where no batch norm followed. */
  readonly bias: Float32Array | null;
  readonly activation: ActivationSpec | null;
}

/**
 * A network for inference: batch norm by its running statistics is an affine map of each channel,
 * so γ/√(variance + ε) goes into the kernel of the convolution before it and β − mean·γ/√(variance
 * + ε) becomes its bias. Sums are done in float64 and rounded once.
 * @throws RangeError when a batch norm does not follow a convolution, which GANomaly never has.
 */
export function foldedNetwork(network: NetworkSpec, weights: WeightSet): FoldedLayer[] {
  const folded: FoldedLayer[] = [];
  for (const layer of network.layers) {
    if (layer.kind === 'convolution') {
      const kernel = weightValues(weights, `${layer.name}/kernel`);
      folded.push({ spec: layer, kernel, bias: null, activation: null });
      continue;
    }
    const last = folded.pop();
    if (last === undefined || last.activation !== null) {
      throw new RangeError(
        `A ${layer.kind} layer of ${network.name} does not follow a convolution.`,
      );
    }
    folded.push(
      layer.kind === 'batch-norm'
        ? foldBatchNorm(last, layer, weights)
        : { ...last, activation: layer },
    );
  }
  return folded;
}

function foldBatchNorm(layer: FoldedLayer, norm: BatchNormSpec, weights: WeightSet): FoldedLayer {
  const gamma = weightValues(weights, `${norm.name}/gamma`);
  const beta = weightValues(weights, `${norm.name}/beta`);
  const mean = weightValues(weights, `${norm.name}/mean`);
  const variance = weightValues(weights, `${norm.name}/variance`);
  const scale = Array.from(
    gamma,
    (value, channel) => value / Math.sqrt((variance[channel] ?? 0) + norm.epsilon),
  );
  const bias = Float32Array.from(
    beta,
    (value, channel) => value - (mean[channel] ?? 0) * (scale[channel] ?? 0),
  );
  const { inChannels, outChannels, transposed } = layer.spec;
  const kernel = layer.kernel.map((value, index) => {
    const channel = transposed ? Math.floor(index / inChannels) % outChannels : index % outChannels;
    return value * (scale[channel] ?? 0);
  });
  return { ...layer, kernel, bias };
}
