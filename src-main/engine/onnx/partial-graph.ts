import onnxProto from 'onnx-proto';
import type { onnx } from 'onnx-proto';

/**
 * The part of an ONNX model that some of its outputs need. onnxruntime computes every node of a
 * graph, whichever outputs are asked of it, so what is not to be computed must not be in it.
 * @param model of a graph in which every operator has one output, as `GraphBuilder` makes them
 * @throws RangeError when the graph has no output of such a name
 */
export function partialGraph(model: Uint8Array, outputs: readonly string[]): Uint8Array {
  const part = onnxProto.onnx.ModelProto.decode(model);
  const graph: onnx.IGraphProto = part.graph ?? {};
  const nodes = graph.node ?? [];
  const kept = (graph.output ?? []).filter(({ name }) => outputs.includes(name ?? ''));
  if (kept.length !== outputs.length) {
    throw new RangeError(`The graph lacks one of the outputs ${outputs.join(', ')}.`);
  }
  const needed = valuesNeeded(nodes, outputs);
  const isNeeded = (value: string | null | undefined): boolean => needed.has(value ?? '');
  graph.output = kept;
  graph.node = nodes.filter(({ output }) => output?.some(isNeeded));
  graph.initializer = (graph.initializer ?? []).filter(({ name }) => isNeeded(name));
  return onnxProto.onnx.ModelProto.encode(part).finish();
}

/** The outputs and, step by step backwards, all that they are made of. */
function valuesNeeded(
  nodes: readonly onnx.INodeProto[],
  outputs: readonly string[],
): ReadonlySet<string> {
  const maker = new Map(
    nodes.flatMap((node) => (node.output ?? []).map((name) => [name, node] as const)),
  );
  const needed = new Set<string>();
  const open = [...outputs];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    open.push(...(maker.get(name)?.input ?? []));
  }
  return needed;
}
