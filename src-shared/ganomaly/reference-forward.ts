import type { GanomalyArchitecture } from '../domain/model-bundle';
import type { ActivationSpec, BatchNormSpec, ConvolutionSpec, NetworkSpec } from './network-spec';
import { ScoringPass } from './scoring-pass';
import type { WeightSet } from './weights';
import { weightValues } from './weight-values';

/** One sample of a layer's input or output: (height, width, channels), row-major, float64. */
export interface FeatureMap {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float64Array;
}

/** What the engines give for one tile, computed by definition. */
export interface ReferenceOutputs {
  /** z − ẑ, nz values. */
  readonly latentDifference: Float64Array;
  /** x̂, (height, width, channels). */
  readonly reconstruction: Float64Array;
  /** Logits of the comparator, (isize / 2, isize / 2); null where the model has none. */
  readonly anomalyMap: Float64Array | null;
}

/**
 * The networks by their definition, one tile at a time, in float64, batch norm by its running
 * statistics and not folded: what every engine and the exporter are held to. Slow (about a
 * tenth of a second a tile at ngf 32).
 */
export function referenceOutputs(
  architecture: GanomalyArchitecture,
  weights: WeightSet,
  tile: FeatureMap,
): ReferenceOutputs {
  const pass = new ScoringPass(architecture, tile, {
    run: (network, input) => referenceForward(network, weights, input),
    join: joined,
    subtract: (a, b) => ({ ...a, values: a.values.map((value, i) => value - (b.values[i] ?? 0)) }),
    mean: meanOf,
  });
  return {
    latentDifference: pass.latentDifference().values,
    reconstruction: pass.reconstruction().values,
    anomalyMap: pass.anomalyMap()?.values ?? null,
  };
}

/** The mean of maps of one size, value by value. */
function meanOf(maps: readonly FeatureMap[]): FeatureMap {
  const [first] = maps;
  if (first === undefined) throw new RangeError('There are no maps to take the mean of.');
  const values = first.values.map(
    (_, i) => maps.reduce((sum, map) => sum + (map.values[i] ?? 0), 0) / maps.length,
  );
  return { ...first, values };
}

/** Two maps of one size, joined by channels. */
function joined(a: FeatureMap, b: FeatureMap): FeatureMap {
  const { height, width } = a;
  const channels = a.channels + b.channels;
  const values = new Float64Array(height * width * channels);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const at = pixel * channels;
    values.set(a.values.subarray(pixel * a.channels, (pixel + 1) * a.channels), at);
    values.set(b.values.subarray(pixel * b.channels, (pixel + 1) * b.channels), at + a.channels);
  }
  return { height, width, channels, values };
}

/** Runs one network on one sample, layer by layer. */
export function referenceForward(
  network: NetworkSpec,
  weights: WeightSet,
  input: FeatureMap,
): FeatureMap {
  let current = input;
  for (const layer of network.layers) {
    switch (layer.kind) {
      case 'convolution': {
        const kernel = weightValues(weights, `${layer.name}/kernel`);
        current = layer.transposed
          ? transposedConvolution(layer, kernel, current)
          : convolution(layer, kernel, current);
        break;
      }
      case 'batch-norm':
        current = batchNorm(layer, weights, current);
        break;
      case 'leaky-relu':
      case 'relu':
      case 'tanh':
      case 'sigmoid':
        current = { ...current, values: current.values.map(activation(layer)) };
    }
  }
  return current;
}

/** Kernel as (height, width, in, out); output side = (side + 2·padding − kernel) / stride + 1. */
function convolution(spec: ConvolutionSpec, kernel: Float32Array, input: FeatureMap): FeatureMap {
  const { kernelPx, stride, padding, inChannels, outChannels } = spec;
  const height = Math.floor((input.height + 2 * padding - kernelPx) / stride) + 1;
  const width = Math.floor((input.width + 2 * padding - kernelPx) / stride) + 1;
  const values = new Float64Array(height * width * outChannels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let ky = 0; ky < kernelPx; ky++) {
        const inY = y * stride - padding + ky;
        if (inY < 0 || inY >= input.height) continue;
        for (let kx = 0; kx < kernelPx; kx++) {
          const inX = x * stride - padding + kx;
          if (inX < 0 || inX >= input.width) continue;
          accumulate(
            input.values,
            (inY * input.width + inX) * inChannels,
            inChannels,
            kernel,
            (ky * kernelPx + kx) * inChannels * outChannels,
            values,
            (y * width + x) * outChannels,
            outChannels,
          );
        }
      }
    }
  }
  return { height, width, channels: outChannels, values };
}

/** out[outFrom…] += in[inFrom…] · kernel(in, out). */
function accumulate(
  input: Float64Array,
  inFrom: number,
  inCount: number,
  kernel: Float32Array,
  kernelFrom: number,
  output: Float64Array,
  outFrom: number,
  outCount: number,
): void {
  for (let c = 0; c < inCount; c++) {
    const value = input[inFrom + c] ?? 0;
    if (value === 0) continue;
    const row = kernelFrom + c * outCount;
    for (let o = 0; o < outCount; o++) {
      output[outFrom + o] = (output[outFrom + o] ?? 0) + value * (kernel[row + o] ?? 0);
    }
  }
}

/** Kernel as (height, width, out, in); output side = (side − 1)·stride − 2·padding + kernel. */
function transposedConvolution(
  spec: ConvolutionSpec,
  kernel: Float32Array,
  input: FeatureMap,
): FeatureMap {
  const { kernelPx, stride, padding, inChannels, outChannels } = spec;
  const height = (input.height - 1) * stride - 2 * padding + kernelPx;
  const width = (input.width - 1) * stride - 2 * padding + kernelPx;
  const values = new Float64Array(height * width * outChannels);
  for (let y = 0; y < input.height; y++) {
    for (let x = 0; x < input.width; x++) {
      const inFrom = (y * input.width + x) * inChannels;
      for (let ky = 0; ky < kernelPx; ky++) {
        const outY = y * stride - padding + ky;
        if (outY < 0 || outY >= height) continue;
        for (let kx = 0; kx < kernelPx; kx++) {
          const outX = x * stride - padding + kx;
          if (outX < 0 || outX >= width) continue;
          const outFrom = (outY * width + outX) * outChannels;
          const kernelFrom = (ky * kernelPx + kx) * outChannels * inChannels;
          for (let o = 0; o < outChannels; o++) {
            const row = kernelFrom + o * inChannels;
            let sum = 0;
            for (let c = 0; c < inChannels; c++) {
              sum += (input.values[inFrom + c] ?? 0) * (kernel[row + c] ?? 0);
            }
            values[outFrom + o] = (values[outFrom + o] ?? 0) + sum;
          }
        }
      }
    }
  }
  return { height, width, channels: outChannels, values };
}

/** γ · (x − mean) / √(variance + ε) + β, by channel. */
function batchNorm(spec: BatchNormSpec, weights: WeightSet, input: FeatureMap): FeatureMap {
  const gamma = weightValues(weights, `${spec.name}/gamma`);
  const beta = weightValues(weights, `${spec.name}/beta`);
  const mean = weightValues(weights, `${spec.name}/mean`);
  const variance = weightValues(weights, `${spec.name}/variance`);
  const values = input.values.map((value, index) => {
    const c = index % spec.channels;
    const deviation = Math.sqrt((variance[c] ?? 0) + spec.epsilon);
    return ((gamma[c] ?? 0) * (value - (mean[c] ?? 0))) / deviation + (beta[c] ?? 0);
  });
  return { ...input, values };
}

function activation(spec: ActivationSpec): (value: number) => number {
  switch (spec.kind) {
    case 'leaky-relu':
      return (value) => (value < 0 ? spec.slope * value : value);
    case 'relu':
      return (value) => Math.max(0, value);
    case 'tanh':
      return Math.tanh;
    case 'sigmoid':
      return (value) => 1 / (1 + Math.exp(-value));
  }
}
