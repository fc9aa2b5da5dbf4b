import type { GanomalyArchitecture } from '../../../src-shared/domain/model-bundle';
import { foldedNetwork } from '../../../src-shared/ganomaly/folded-network';
import type { FoldedLayer } from '../../../src-shared/ganomaly/folded-network';
import type { PassOperations } from '../../../src-shared/ganomaly/scoring-pass';
import { ScoringPass } from '../../../src-shared/ganomaly/scoring-pass';
import type { WeightSet } from '../../../src-shared/ganomaly/weights';
import type { Dimension } from './graph-builder';
import { GraphBuilder } from './graph-builder';

/** Names of the graph's input and outputs; all are channels-last as the engine contract is. */
export const ONNX_TILES = 'tiles';
export const ONNX_LATENT_DIFFERENCE = 'latentDifference';
export const ONNX_RECONSTRUCTION = 'reconstruction';
export const ONNX_ANOMALY_MAP = 'anomalyMap';

/**
 * GANomaly's scoring networks as one ONNX graph: tiles (N, isize, isize, nc) in [−1, 1] →
 * latentDifference (N, nz), reconstruction (N, isize, isize, nc) and, where the architecture has a
 * comparator, anomalyMap (N, isize / 2, isize / 2) of logits. Batch norm is folded into the
 * convolutions; N is free.
 * @throws RangeError when the weights lack an array of the architecture.
 */
export function exportOnnx(architecture: GanomalyArchitecture, weights: WeightSet): Uint8Array {
  const { isize, nc, nz } = architecture;
  const graph = new GraphBuilder();
  const tile = graph.add('Transpose', 'tiles-nchw', [ONNX_TILES], { perm: [0, 3, 1, 2] });
  const pass = new ScoringPass(architecture, tile, operationsOf(graph, weights));
  graph.add('Flatten', ONNX_LATENT_DIFFERENCE, [pass.latentDifference()], { axis: 1 });
  graph.add('Transpose', ONNX_RECONSTRUCTION, [pass.reconstruction()], { perm: [0, 2, 3, 1] });
  const outputs: Record<string, Dimension[]> = {
    [ONNX_LATENT_DIFFERENCE]: ['N', nz],
    [ONNX_RECONSTRUCTION]: ['N', isize, isize, nc],
  };
  const map = pass.anomalyMap();
  if (map !== null) {
    const axes = graph.integers('anomaly-map-axes', [1]);
    graph.add('Squeeze', ONNX_ANOMALY_MAP, [map, axes]);
    outputs[ONNX_ANOMALY_MAP] = ['N', isize / 2, isize / 2];
  }
  return graph.encode('ganomaly', { [ONNX_TILES]: ['N', isize, isize, nc] }, outputs);
}

function operationsOf(graph: GraphBuilder, weights: WeightSet): PassOperations<string> {
  let joins = 0;
  return {
    run: (network, input) =>
      foldedNetwork(network, weights).reduce((last, layer) => addLayer(graph, layer, last), input),
    join: (a, b) => graph.add('Concat', `comparator/join-${joins++}`, [a, b], { axis: 1 }),
    subtract: (a, b) => graph.add('Sub', 'latent-difference-nchw', [a, b]),
    mean: (logits) => graph.add('Mean', 'comparator/mean', logits),
  };
}

function addLayer(graph: GraphBuilder, layer: FoldedLayer, input: string): string {
  const { name, transposed, kernelPx, stride, padding } = layer.spec;
  const inputs = [input, addKernel(graph, layer)];
  if (layer.bias !== null) {
    inputs.push(graph.constant(`${name}/bias`, [layer.bias.length], layer.bias));
  }
  const output = graph.add(transposed ? 'ConvTranspose' : 'Conv', name, inputs, {
    kernel_shape: [kernelPx, kernelPx],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
  });
  return addActivation(graph, layer, output);
}

/** ONNX wants (out, in, height, width), and (in, out, height, width) for a transposed one. */
function addKernel(graph: GraphBuilder, { spec, kernel }: FoldedLayer): string {
  const { kernelPx, inChannels, outChannels, transposed } = spec;
  const [first, second] = transposed ? [inChannels, outChannels] : [outChannels, inChannels];
  const area = kernelPx * kernelPx;
  const values = new Float32Array(kernel.length);
  // TensorFlow's layouts, (h, w, in, out) and transposed (h, w, out, in), both are (area, second, first).
  for (let k = 0; k < area; k++) {
    for (let s = 0; s < second; s++) {
      for (let f = 0; f < first; f++) {
        values[(f * second + s) * area + k] = kernel[(k * second + s) * first + f] ?? 0;
      }
    }
  }
  return graph.constant(`${spec.name}/kernel`, [first, second, kernelPx, kernelPx], values);
}

function addActivation(graph: GraphBuilder, { spec, activation }: FoldedLayer, input: string) {
  if (activation === null) return input;
  const output = `${spec.name}/${activation.kind}`;
  switch (activation.kind) {
    case 'leaky-relu':
      return graph.add('LeakyRelu', output, [input], { alpha: { float: activation.slope } });
    case 'relu':
      return graph.add('Relu', output, [input]);
    case 'tanh':
      return graph.add('Tanh', output, [input]);
    case 'sigmoid':
      return graph.add('Sigmoid', output, [input]);
  }
}
