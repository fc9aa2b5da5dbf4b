import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { ConvolutionSpec } from '../../src-shared/ganomaly/network-spec';
import type { Tensorflow } from './tensorflow-runtime';

type Side4D = [number, number, number, number];

/**
 * A convolution without bias on (count, height, width, channels), or its transpose; TensorFlow's
 * 'same' padding is PyTorch's padding of 1 for the kernels of GANomaly (4×4 at stride 2 on even
 * sides, 3×3 at stride 1).
 */
export function convolve(
  tf: Tensorflow,
  spec: ConvolutionSpec,
  x: Tensor4D,
  kernel: Tensor4D,
): Tensor4D {
  const { kernelPx, stride, outChannels } = spec;
  const count = x.shape[0];
  if (isWholeMap(spec)) {
    // One position of the kernel covers the whole map: a matrix product, 4 times as fast.
    const product = tf.matMul(asRows(x), asMatrix(spec, kernel), false, spec.transposed);
    const side = spec.transposed ? kernelPx : 1;
    return product.reshape([count, side, side, outChannels]);
  }
  if (!spec.transposed) return tf.conv2d(x, kernel, stride, paddingOf(spec));
  const shape: Side4D = [count, x.shape[1] * stride, x.shape[2] * stride, outChannels];
  return tf.conv2dTranspose(x, kernel, shape, stride, paddingOf(spec));
}

/** Gradient with respect to the convolution's input, of the shape `inputShape`. */
export function convolutionInputGradient(
  tf: Tensorflow,
  spec: ConvolutionSpec,
  dy: Tensor4D,
  kernel: Tensor4D,
  inputShape: Side4D,
): Tensor4D {
  if (isWholeMap(spec)) {
    return tf
      .matMul(asRows(dy), asMatrix(spec, kernel), false, !spec.transposed)
      .reshape(inputShape);
  }
  return spec.transposed
    ? tf.conv2d(dy, kernel, spec.stride, paddingOf(spec))
    : tf.conv2dTranspose(dy, kernel, inputShape, spec.stride, paddingOf(spec));
}

/** Gradient with respect to the kernel, in the kernel's layout (see `weightShape`). */
export function convolutionKernelGradient(
  tf: Tensorflow,
  spec: ConvolutionSpec,
  dy: Tensor4D,
  x: Tensor4D,
  kernelShape: Side4D,
): Tensor4D {
  // A transposed convolution is the plain one with input and output exchanged.
  const [from, to] = spec.transposed ? [dy, x] : [x, dy];
  if (isWholeMap(spec)) return tf.matMul(asRows(from), asRows(to), true).reshape(kernelShape);
  return tf.engine().runKernel<Tensor4D>(
    'Conv2DBackpropFilter',
    { x: from, dy: to },
    {
      strides: [spec.stride, spec.stride],
      pad: paddingOf(spec),
      dataFormat: 'NHWC',
      filterShape: kernelShape,
    },
  );
}

/** The last convolution of an encoder (4×4 → 1×1) and the first of a decoder (1×1 → 4×4). */
function isWholeMap({ padding, stride }: ConvolutionSpec): boolean {
  return padding === 0 && stride === 1;
}

function asRows(x: Tensor4D) {
  return x.reshape<Rank2>([x.shape[0], -1]);
}

type Rank2 = ReturnType<Tensorflow['tensor2d']>;

/** (4, 4, a, b) as (16·a, b): contiguous in both layouts. */
function asMatrix({ inChannels, outChannels, transposed }: ConvolutionSpec, kernel: Tensor4D) {
  return kernel.reshape<Rank2>([-1, transposed ? inChannels : outChannels]);
}

function paddingOf({ padding }: ConvolutionSpec): 'same' | 'valid' {
  return padding === 0 ? 'valid' : 'same';
}
