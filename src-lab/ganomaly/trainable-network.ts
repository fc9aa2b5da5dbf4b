import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { BatchNormSpec, LayerSpec, NetworkSpec } from '../../src-shared/ganomaly/network-spec';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import { weightValues } from '../../src-shared/ganomaly/weight-values';
import { weightShapes } from '../../src-shared/ganomaly/weights';
import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import { convolve, convolutionInputGradient, convolutionKernelGradient } from './convolution';
import type { Tensorflow } from './tensorflow-runtime';
import type {
  AdamScalars,
  BatchNormPass,
  Parameter,
  RunningStatistics,
  TrainingKernels,
} from './training-kernels';

/** One forward pass in training mode, kept for the backward passes that start from it. */
export interface ForwardPass {
  /** `activations[i]` is the input of layer i; the last entry is the output. */
  readonly activations: readonly Tensor4D[];
  readonly output: Tensor4D;
  readonly batchNorms: ReadonlyMap<string, BatchNormPass>;
  readonly weights: ReadonlyMap<string, Tensor>;
}

/** Gradients by weight name. */
export type Gradients = ReadonlyMap<string, Tensor>;

export interface BackwardRequest {
  /** Starts at the output of the first `layerCount` layers; by default at the pass's output. */
  readonly layerCount?: number;
  /** Which gradients to compute; what is not wanted costs nothing. */
  readonly wanted: { readonly input: boolean; readonly weights: boolean };
}

/**
 * One of GANomaly's networks with its trainable arrays (kernels, gamma, beta) and its running
 * statistics. Forward and backward are written out layer by layer rather than taped, since one
 * forward pass of the discriminator serves two backward passes (see `GanomalyTraining`).
 * Tensors that a pass or a gradient holds belong to the caller's tidy.
 */
export class TrainableNetwork {
  private readonly parameters: ReadonlyMap<string, Parameter>;
  private readonly running = new Map<string, RunningStatistics>();

  constructor(
    private readonly tf: Tensorflow,
    private readonly kernels: TrainingKernels,
    readonly spec: NetworkSpec,
    weights: WeightSet,
  ) {
    const parameters = new Map<string, Parameter>();
    for (const [name, shape] of weightShapes(spec)) {
      if (isRunningStatistic(name)) continue;
      parameters.set(name, kernels.createParameter(name, shape, weightValues(weights, name)));
    }
    this.parameters = parameters;
    this.assignRunning(weights);
  }

  /**
   * Runs the first `layerCount` layers on a batch (count, height, width, channels) by the batch's
   * own statistics and moves the running ones. Call it inside a tidy.
   */
  forward(x: Tensor4D, layerCount = this.spec.layers.length): ForwardPass {
    const weights = new Map<string, Tensor>();
    const batchNorms = new Map<string, BatchNormPass>();
    const activations = [x];
    let current = x;
    for (const layer of this.spec.layers.slice(0, layerCount)) {
      current = this.forwardLayer(layer, current, weights, batchNorms);
      activations.push(current);
    }
    return { activations, output: current, batchNorms, weights };
  }

  /** Gradients of a scalar whose gradient at the starting layer's output is `dy`. */
  backward(
    pass: ForwardPass,
    dy: Tensor4D,
    { layerCount = pass.activations.length - 1, wanted }: BackwardRequest,
  ): { input: Tensor4D | null; weights: Gradients } {
    const gradients = new Map<string, Tensor>();
    let current = dy;
    for (let index = layerCount - 1; index >= 0; index--) {
      const layer = this.spec.layers[index];
      const x = pass.activations[index];
      const y = pass.activations[index + 1];
      if (layer === undefined || x === undefined || y === undefined) {
        throw new RangeError(`Network ${this.spec.name} has no layer ${index} in this pass.`);
      }
      if (wanted.weights && layer.kind === 'convolution') {
        const name = `${layer.name}/kernel`;
        const shape = weightOf(pass, name).shape as Tensor4D['shape'];
        gradients.set(name, convolutionKernelGradient(this.tf, layer, current, x, shape));
      }
      if (index === 0 && !wanted.input) return { input: null, weights: gradients };
      current = this.backwardLayer(layer, pass, current, x, y, wanted.weights ? gradients : null);
    }
    return { input: current, weights: gradients };
  }

  /** Whether a trainable array of this name is the network's. */
  owns(name: string): boolean {
    return this.parameters.has(name);
  }

  applyAdam(gradients: Gradients, scalars: AdamScalars): void {
    for (const [name, gradient] of gradients) this.parameter(name).applyAdam(gradient, scalars);
  }

  /** Sets all arrays from a weight set; Adam's moments stay. */
  assign(weights: WeightSet): void {
    for (const [name, parameter] of this.parameters) {
      parameter.assign(weightValues(weights, name));
    }
    this.assignRunning(weights);
  }

  /** Copies of all arrays, in layer order. */
  weights(): Map<string, WeightArray> {
    const weights = new Map<string, WeightArray>();
    for (const [name, shape] of weightShapes(this.spec)) {
      weights.set(name, { shape, values: this.valuesOf(name) });
    }
    return weights;
  }

  /** Adam's moments as arrays named `<weight>/m` and `<weight>/v`. */
  moments(): Map<string, WeightArray> {
    const arrays = new Map<string, WeightArray>();
    for (const [name, parameter] of this.parameters) {
      const { first, second } = parameter.moments();
      arrays.set(`${name}/m`, { shape: parameter.shape, values: first });
      arrays.set(`${name}/v`, { shape: parameter.shape, values: second });
    }
    return arrays;
  }

  assignMoments(arrays: WeightSet): void {
    for (const [name, parameter] of this.parameters) {
      parameter.assignMoments(weightValues(arrays, `${name}/m`), weightValues(arrays, `${name}/v`));
    }
  }

  dispose(): void {
    for (const parameter of this.parameters.values()) parameter.dispose();
    for (const { mean, variance } of this.running.values()) this.tf.dispose([mean, variance]);
    this.running.clear();
  }

  private forwardLayer(
    layer: LayerSpec,
    x: Tensor4D,
    weights: Map<string, Tensor>,
    batchNorms: Map<string, BatchNormPass>,
  ): Tensor4D {
    const { tf } = this;
    const read = (name: string): Tensor => {
      const weight = this.parameter(name).read();
      weights.set(name, weight);
      return weight;
    };
    switch (layer.kind) {
      case 'convolution':
        return convolve(tf, layer, x, read(`${layer.name}/kernel`) as Tensor4D);
      case 'batch-norm': {
        const pass = this.kernels.batchNorm(
          x,
          read(`${layer.name}/gamma`) as Tensor1D,
          read(`${layer.name}/beta`) as Tensor1D,
          this.runningOf(layer),
          layer,
        );
        batchNorms.set(layer.name, pass);
        this.moveRunning(layer.name, pass.running);
        return pass.output;
      }
      case 'leaky-relu':
        return tf.leakyRelu(x, layer.slope);
      case 'relu':
        return tf.relu(x);
      case 'tanh':
        return tf.tanh(x);
      case 'sigmoid':
        return tf.sigmoid(x);
      default:
        throw missingCaseError(layer);
    }
  }

  private backwardLayer(
    layer: LayerSpec,
    pass: ForwardPass,
    dy: Tensor4D,
    x: Tensor4D,
    y: Tensor4D,
    gradients: Map<string, Tensor> | null,
  ): Tensor4D {
    const { tf, kernels } = this;
    switch (layer.kind) {
      case 'convolution': {
        const kernel = weightOf(pass, `${layer.name}/kernel`) as Tensor4D;
        return convolutionInputGradient(tf, layer, dy, kernel, x.shape);
      }
      case 'batch-norm': {
        const saved = pass.batchNorms.get(layer.name);
        if (saved === undefined) throw new RangeError(`No pass of batch norm ${layer.name}.`);
        const gamma = weightOf(pass, `${layer.name}/gamma`) as Tensor1D;
        const found = kernels.batchNormGradient(dy, x, gamma, saved, layer);
        gradients?.set(`${layer.name}/gamma`, found.gamma).set(`${layer.name}/beta`, found.beta);
        return found.input;
      }
      case 'leaky-relu':
        return kernels.leakyReluGradient(dy, y, layer.slope);
      case 'relu':
        return kernels.reluGradient(dy, y);
      case 'tanh':
        return tf.tidy(() => dy.mul(tf.scalar(1).sub(y.square())));
      case 'sigmoid':
        return tf.tidy(() => dy.mul(y.mul(tf.scalar(1).sub(y))));
      default:
        throw missingCaseError(layer);
    }
  }

  private parameter(name: string): Parameter {
    const parameter = this.parameters.get(name);
    if (parameter === undefined) throw new RangeError(`No parameter is named ${name}.`);
    return parameter;
  }

  private runningOf({ name }: BatchNormSpec): RunningStatistics {
    const running = this.running.get(name);
    if (running === undefined) throw new RangeError(`No batch norm is named ${name}.`);
    return running;
  }

  private moveRunning(name: string, moved: RunningStatistics): void {
    const { tf } = this;
    const former = this.running.get(name);
    this.running.set(name, { mean: tf.keep(moved.mean), variance: tf.keep(moved.variance) });
    if (former !== undefined) tf.dispose([former.mean, former.variance]);
  }

  private assignRunning(weights: WeightSet): void {
    for (const layer of this.spec.layers) {
      if (layer.kind !== 'batch-norm') continue;
      const tensorOf = (part: string): Tensor1D =>
        this.tf.tensor1d(weightValues(weights, `${layer.name}/${part}`).slice(), 'float32');
      this.moveRunning(layer.name, { mean: tensorOf('mean'), variance: tensorOf('variance') });
    }
  }

  private valuesOf(name: string): Float32Array {
    const layer = name.slice(0, name.lastIndexOf('/'));
    const running = this.running.get(layer);
    if (running !== undefined && isRunningStatistic(name)) {
      const tensor = name.endsWith('/mean') ? running.mean : running.variance;
      return tensor.dataSync<'float32'>().slice();
    }
    return this.tf.tidy(() => this.parameter(name).read().dataSync<'float32'>().slice());
  }
}

function isRunningStatistic(name: string): boolean {
  return name.endsWith('/mean') || name.endsWith('/variance');
}

function weightOf(pass: ForwardPass, name: string): Tensor {
  const weight = pass.weights.get(name);
  if (weight === undefined) throw new RangeError(`The pass does not hold ${name}.`);
  return weight;
}
