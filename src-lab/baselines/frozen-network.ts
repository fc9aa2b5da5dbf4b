import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import { foldedNetwork } from '../../src-shared/ganomaly/folded-network';
import type { ActivationSpec, NetworkSpec } from '../../src-shared/ganomaly/network-spec';
import { weightShape } from '../../src-shared/ganomaly/network-spec';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import type { PlacedLayer } from '../../src-main/engine/tensorflow/apply-folded-layer';
import { applyFoldedLayer } from '../../src-main/engine/tensorflow/apply-folded-layer';
import { convolutionInputGradient } from '../ganomaly/convolution';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import type { TrainingKernels } from '../ganomaly/training-kernels';

/** The input of each folded layer in order; the last entry is the output. */
export type FrozenPass = readonly [Tensor4D, ...Tensor4D[]];

/**
 * A network for scoring: batch norm by its running statistics, folded into the convolutions, so
 * that a tile's output is its own. It still has a gradient with respect to its input, which
 * AnoGAN's search follows. Tensors that it gives belong to the caller's tidy.
 */
export class FrozenNetwork {
  private readonly layers: readonly PlacedLayer[];

  constructor(
    private readonly tf: Tensorflow,
    private readonly kernels: TrainingKernels,
    readonly spec: NetworkSpec,
    weights: WeightSet,
  ) {
    this.layers = foldedNetwork(spec, weights).map(({ kernel, bias, ...layer }) => ({
      ...layer,
      kernel: tf.keep(tf.tensor4d(kernel.slice(), weightShape(layer.spec))),
      bias: bias === null ? null : tf.keep(tf.tensor1d(bias)),
    }));
  }

  /** (count, height, width, channels) → the network's output. */
  run(x: Tensor4D): Tensor4D {
    return outputOf(this.pass(x));
  }

  /** The same, with what `inputGradient` needs again. */
  pass(x: Tensor4D): FrozenPass {
    const activations: [Tensor4D, ...Tensor4D[]] = [x];
    let current = x;
    for (const layer of this.layers) {
      current = applyFoldedLayer(this.tf, layer, current);
      activations.push(current);
    }
    return activations;
  }

  /** The gradient at the pass's input of a scalar whose gradient at its output is `dy`. */
  inputGradient(pass: FrozenPass, dy: Tensor4D): Tensor4D {
    let current = dy;
    for (let index = this.layers.length - 1; index >= 0; index--) {
      const layer = this.layers[index];
      const x = pass[index];
      const y = pass[index + 1];
      if (layer === undefined || x === undefined || y === undefined) {
        throw new RangeError(`Network ${this.spec.name} has no layer ${index} in this pass.`);
      }
      const before = this.activationGradient(layer.activation, current, y);
      current = convolutionInputGradient(this.tf, layer.spec, before, layer.kernel, x.shape);
    }
    return current;
  }

  dispose(): void {
    for (const { kernel, bias } of this.layers) this.tf.dispose([kernel, ...(bias ? [bias] : [])]);
  }

  private activationGradient(
    activation: ActivationSpec | null,
    dy: Tensor4D,
    y: Tensor4D,
  ): Tensor4D {
    switch (activation?.kind) {
      case undefined:
        return dy;
      case 'leaky-relu':
        return this.kernels.leakyReluGradient(dy, y, activation.slope);
      case 'relu':
        return this.kernels.reluGradient(dy, y);
      case 'tanh':
        return dy.mul(this.tf.scalar(1).sub(y.square()));
      case 'sigmoid':
        return dy.mul(y.mul(this.tf.scalar(1).sub(y)));
      default:
        throw missingCaseError(activation);
    }
  }
}

export function outputOf(pass: FrozenPass): Tensor4D {
  return pass[pass.length - 1] ?? pass[0];
}
