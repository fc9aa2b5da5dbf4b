import type { NetworkSpec } from './network-spec';

/**
 * Multiply-adds of one sample through a network's convolutions: every kernel position of a plain
 * convolution's output pixels and of a transposed one's input pixels, those that fall on padding
 * included. Batch norm and activations (under 1 %) are not counted. Two floating-point
 * operations make one multiply-add.
 */
export function multiplyAdds(network: NetworkSpec, inputSidePx: number): number {
  let sidePx = inputSidePx;
  let total = 0;
  for (const layer of network.layers) {
    if (layer.kind !== 'convolution') continue;
    const { kernelPx, stride, padding, transposed, inChannels, outChannels } = layer;
    const outSidePx = transposed
      ? (sidePx - 1) * stride - 2 * padding + kernelPx
      : Math.floor((sidePx + 2 * padding - kernelPx) / stride) + 1;
    const positions = transposed ? sidePx ** 2 : outSidePx ** 2;
    total += positions * kernelPx ** 2 * inChannels * outChannels;
    sidePx = outSidePx;
  }
  return total;
}
