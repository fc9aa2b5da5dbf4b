import type { GanomalyArchitecture } from '../domain/model-bundle';

/** A convolution without bias; `transposed` ones enlarge. Weights: see `weightShape`. */
export interface ConvolutionSpec {
  readonly kind: 'convolution';
  readonly name: string;
  readonly transposed: boolean;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelPx: number;
  readonly stride: number;
  readonly padding: number;
}

/** Batch normalisation over all but the channel axis; epsilon and momentum in PyTorch's sense. */
export interface BatchNormSpec {
  readonly kind: 'batch-norm';
  readonly name: string;
  readonly channels: number;
  readonly epsilon: number;
  readonly momentum: number;
}

export type ActivationSpec =
  | { readonly kind: 'leaky-relu'; readonly slope: number }
  | { readonly kind: 'relu' }
  | { readonly kind: 'tanh' }
  | { readonly kind: 'sigmoid' };

export type LayerSpec = ConvolutionSpec | BatchNormSpec | ActivationSpec;

export interface NetworkSpec {
  readonly name: NetworkName;
  readonly layers: readonly LayerSpec[];
}

export type NetworkName =
  | 'generator-encoder'
  | 'generator-decoder'
  | 'encoder'
  | 'discriminator'
  | `comparator/${string}`
  | `baseline/${string}`;

/** The four networks of GANomaly (Akcay et al. 2018, section 3; GANOMALY.md, Networks). */
export interface GanomalySpec {
  /** G_E: tile → z. */
  readonly generatorEncoder: NetworkSpec;
  /** G_D: z → x̂. */
  readonly generatorDecoder: NetworkSpec;
  /** E: x̂ → ẑ. */
  readonly encoder: NetworkSpec;
  /** D: the encoder's shape with one output and a sigmoid; training alone needs it. */
  readonly discriminator: NetworkSpec;
}

const BATCH_NORM_EPSILON = 1e-5;
const BATCH_NORM_MOMENTUM = 0.1;
export const LEAKY_SLOPE = 0.2;

/** Builds the layer lists of all four networks for an architecture. */
export function ganomalySpec(architecture: GanomalyArchitecture): GanomalySpec {
  return {
    generatorEncoder: encoderSpec('generator-encoder', architecture, architecture.nz),
    generatorDecoder: decoderSpec(architecture),
    encoder: encoderSpec('encoder', architecture, architecture.nz),
    discriminator: discriminatorSpec(architecture),
  };
}

/**
 * D's features are everything before its last convolution: this many layers of the list.
 */
export function featureLayerCount(discriminator: NetworkSpec): number {
  const last = discriminator.layers.findLastIndex((layer) => layer.kind === 'convolution');
  return last;
}

/**
 * Weight shape in TensorFlow's layout: (height, width, in, out) for a convolution,
 * (height, width, out, in) for a transposed one.
 */
export function weightShape(spec: ConvolutionSpec): [number, number, number, number] {
  return spec.transposed
    ? [spec.kernelPx, spec.kernelPx, spec.outChannels, spec.inChannels]
    : [spec.kernelPx, spec.kernelPx, spec.inChannels, spec.outChannels];
}

export function encoderSpec(
  name: NetworkName,
  { isize, nc, ngf, extraLayers }: GanomalyArchitecture,
  outputs: number,
): NetworkSpec {
  assertPowerOfTwo(isize);
  const layers: LayerSpec[] = [
    convolution(`${name}/first`, nc, ngf, { stride: 2 }),
    { kind: 'leaky-relu', slope: LEAKY_SLOPE },
  ];
  for (let block = 0; block < extraLayers; block++) {
    const blockName = `${name}/extra-${block}`;
    layers.push(convolution(blockName, ngf, ngf, { kernelPx: 3 }), batchNorm(blockName, ngf), {
      kind: 'leaky-relu',
      slope: LEAKY_SLOPE,
    });
  }
  let channels = ngf;
  for (let side = isize / 2; side > 4; side /= 2) {
    const blockName = `${name}/down-${side}`;
    layers.push(
      convolution(blockName, channels, channels * 2, { stride: 2 }),
      batchNorm(blockName, channels * 2),
      { kind: 'leaky-relu', slope: LEAKY_SLOPE },
    );
    channels *= 2;
  }
  layers.push(convolution(`${name}/last`, channels, outputs, { padding: 0 }));
  return { name, layers };
}

export function decoderSpec({
  isize,
  nc,
  nz,
  ngf,
  extraLayers,
}: GanomalyArchitecture): NetworkSpec {
  const name = 'generator-decoder';
  let channels = (ngf * isize) / 8;
  const layers: LayerSpec[] = [
    convolution(`${name}/first`, nz, channels, { transposed: true, padding: 0 }),
    batchNorm(`${name}/first`, channels),
    { kind: 'relu' },
  ];
  for (let side = 4; side < isize / 2; side *= 2) {
    const blockName = `${name}/up-${side}`;
    layers.push(
      convolution(blockName, channels, channels / 2, { transposed: true, stride: 2 }),
      batchNorm(blockName, channels / 2),
      { kind: 'relu' },
    );
    channels /= 2;
  }
  for (let block = 0; block < extraLayers; block++) {
    const blockName = `${name}/extra-${block}`;
    layers.push(
      convolution(blockName, channels, channels, { kernelPx: 3 }),
      batchNorm(blockName, channels),
      { kind: 'relu' },
    );
  }
  layers.push(convolution(`${name}/last`, channels, nc, { transposed: true, stride: 2 }), {
    kind: 'tanh',
  });
  return { name, layers };
}

function discriminatorSpec(architecture: GanomalyArchitecture): NetworkSpec {
  const { name, layers } = encoderSpec('discriminator', architecture, 1);
  return { name, layers: [...layers, { kind: 'sigmoid' }] };
}

export function convolution(
  name: string,
  inChannels: number,
  outChannels: number,
  {
    transposed = false,
    kernelPx = 4,
    stride = 1,
    padding = 1,
  }: { transposed?: boolean; kernelPx?: number; stride?: number; padding?: number },
): ConvolutionSpec {
  return {
    kind: 'convolution',
    name,
    transposed,
    inChannels,
    outChannels,
    kernelPx,
    stride,
    padding,
  };
}

export function batchNorm(name: string, channels: number): BatchNormSpec {
  return {
    kind: 'batch-norm',
    name,
    channels,
    epsilon: BATCH_NORM_EPSILON,
    momentum: BATCH_NORM_MOMENTUM,
  };
}

function assertPowerOfTwo(isize: number): void {
  if (isize < 32 || !Number.isInteger(Math.log2(isize))) {
    throw new RangeError(`The image side must be a power of two of at least 32, not ${isize}.`);
  }
}
