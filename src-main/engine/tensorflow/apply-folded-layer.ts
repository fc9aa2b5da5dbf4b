import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { ActivationSpec, ConvolutionSpec } from '../../../src-shared/ganomaly/network-spec';
import type { Tensorflow } from './load-tensorflow';

/** A folded layer whose arrays lie in TensorFlow's memory. */
export interface PlacedLayer {
  readonly spec: ConvolutionSpec;
  readonly kernel: Tensor4D;
  readonly bias: Tensor1D | null;
  readonly activation: ActivationSpec | null;
}

/** Convolution, bias and activation on (count, height, width, channels). Call it within `tf.tidy`. */
export function applyFoldedLayer(tf: Tensorflow, layer: PlacedLayer, x: Tensor4D): Tensor4D {
  const convolved = convolve(tf, layer, x);
  const biased = layer.bias === null ? convolved : tf.add<Tensor4D>(convolved, layer.bias);
  return activate(tf, layer.activation, biased);
}

/**
 * A kernel that covers its whole map is one matrix product, which TensorFlow computes several
 * times as fast as the convolution.
 */
function convolve(tf: Tensorflow, { spec, kernel }: PlacedLayer, x: Tensor4D): Tensor4D {
  const { kernelPx, stride, inChannels, outChannels, transposed } = spec;
  const [count, height, width] = x.shape;
  const area = kernelPx * kernelPx;
  if (spec.padding === 0 && transposed && height === 1 && width === 1) {
    const product = tf.matMul(
      x.reshape([count, inChannels]),
      kernel.reshape([area * outChannels, inChannels]),
      false,
      true,
    );
    return product.reshape([count, kernelPx, kernelPx, outChannels]);
  }
  if (spec.padding === 0 && !transposed && height === kernelPx && width === kernelPx) {
    const product = tf.matMul(
      x.reshape([count, area * inChannels]),
      kernel.reshape([area * inChannels, outChannels]),
    );
    return product.reshape([count, 1, 1, outChannels]);
  }
  const padding = paddingOf(spec);
  if (!transposed) return tf.conv2d(x, kernel, stride, padding);
  const sideOf = (side: number) => (side - 1) * stride - 2 * spec.padding + kernelPx;
  const shape: [number, number, number, number] = [
    count,
    sideOf(height),
    sideOf(width),
    outChannels,
  ];
  return tf.conv2dTranspose(x, kernel, shape, stride, padding);
}

/**
 * TensorFlow's 'same' pads every side by one for the kernels that GANomaly has (4×4 at stride 2 on
 * even sides, 3×3 at stride 1), as their definition wants.
 */
function paddingOf({ name, kernelPx, stride, padding }: ConvolutionSpec): 'same' | 'valid' {
  if (padding === 0) return 'valid';
  if (padding === 1 && ((kernelPx === 4 && stride === 2) || (kernelPx === 3 && stride === 1))) {
    return 'same';
  }
  throw new RangeError(
    `The tensorflow engine has no form for ${name}: kernel ${kernelPx}, stride ${stride}, padding ${padding}.`,
  );
}

function activate(tf: Tensorflow, activation: ActivationSpec | null, x: Tensor4D): Tensor4D {
  switch (activation?.kind) {
    case undefined:
      return x;
    case 'leaky-relu':
      return tf.leakyRelu(x, activation.slope);
    case 'relu':
      return tf.relu(x);
    case 'tanh':
      return tf.tanh(x);
    case 'sigmoid':
      return tf.sigmoid(x);
  }
}
