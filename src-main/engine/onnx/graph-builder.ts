import onnxProto from 'onnx-proto';
import type { onnx } from 'onnx-proto';

/** Operator set 13: the oldest with every operator used here in its current form. */
const OPSET_VERSION = 13;
const IR_VERSION = 7;

/** A side of a graph input or output: a number, or the name of a free dimension. */
export type Dimension = number | string;

type Attribute = number | readonly number[] | { readonly float: number } | string;

/** Collects nodes and constants of an ONNX graph; every operator has one output. */
export class GraphBuilder {
  readonly #nodes: onnx.INodeProto[] = [];
  readonly #constants: onnx.ITensorProto[] = [];

  /** Adds an operator and gives the name of its output. */
  add(
    operator: string,
    output: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    this.#nodes.push({
      name: output,
      opType: operator,
      input: [...inputs],
      output: [output],
      attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
    });
    return output;
  }

  /** Adds a float32 constant and gives its name. */
  constant(name: string, dims: readonly number[], values: Float32Array): string {
    const rawData = new Uint8Array(values.length * 4);
    const view = new DataView(rawData.buffer);
    values.forEach((value, index) => view.setFloat32(4 * index, value, true));
    this.#constants.push({
      name,
      dims: [...dims],
      dataType: onnxProto.onnx.TensorProto.DataType.FLOAT,
      rawData,
    });
    return name;
  }

  /** Adds an int64 constant (shapes, axes) and gives its name. */
  integers(name: string, values: readonly number[]): string {
    const rawData = new Uint8Array(values.length * 8);
    const view = new DataView(rawData.buffer);
    values.forEach((value, index) => view.setBigInt64(8 * index, BigInt(value), true));
    this.#constants.push({
      name,
      dims: [values.length],
      dataType: onnxProto.onnx.TensorProto.DataType.INT64,
      rawData,
    });
    return name;
  }

  /** The finished model as bytes. */
  encode(
    name: string,
    inputs: Readonly<Record<string, readonly Dimension[]>>,
    outputs: Readonly<Record<string, readonly Dimension[]>>,
  ): Uint8Array {
    return onnxProto.onnx.ModelProto.encode({
      irVersion: IR_VERSION,
      producerName: 'phiscan',
      opsetImport: [{ domain: '', version: OPSET_VERSION }],
      graph: {
        name,
        node: this.#nodes,
        initializer: this.#constants,
        input: Object.entries(inputs).map(([key, dims]) => valueInfo(key, dims)),
        output: Object.entries(outputs).map(([key, dims]) => valueInfo(key, dims)),
      },
    }).finish();
  }
}

function attributeProto(name: string, value: Attribute): onnx.IAttributeProto {
  const { AttributeType } = onnxProto.onnx.AttributeProto;
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if (typeof value === 'string') {
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  }
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

function valueInfo(name: string, dims: readonly Dimension[]): onnx.IValueInfoProto {
  return {
    name,
    type: {
      tensorType: {
        elemType: onnxProto.onnx.TensorProto.DataType.FLOAT,
        shape: {
          dim: dims.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })),
        },
      },
    },
  };
}
