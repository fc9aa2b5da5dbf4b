import type { Scalar, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import type { NetworkSpec } from '../../src-shared/ganomaly/network-spec';
import { ganomalySpec } from '../../src-shared/ganomaly/network-spec';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import type { StepSettings } from './ganomaly-training';
import { initialWeights } from './initial-weights';
import { meanAbsoluteDistance, meanSquaredDistance } from './losses';
import type { Tensorflow } from './tensorflow-runtime';
import { TrainableNetwork } from './trainable-network';
import type { PutInBatch, Trainee } from './trainee';
import { adamScalars, trainingKernels } from './training-kernels';

/**
 * GANomaly's generator and second encoder as a denoiser: given a tile with random solids put in,
 * it is to give back the tile without them, so that what does not belong to benign bags stays out
 * of x̂ however long it trains. L = w_con · |x̂ − clean| + w_enc · (ẑ − z)²; the adversary's place is
 * taken by the comparators, which learn where something was put in.
 */
export class DenoiserTraining implements Trainee {
  private readonly generatorEncoder: TrainableNetwork;
  private readonly generatorDecoder: TrainableNetwork;
  private readonly encoder: TrainableNetwork;
  private steps = 0;

  constructor(
    private readonly tf: Tensorflow,
    architecture: GanomalyArchitecture,
    seed: number,
    private readonly settings: StepSettings,
  ) {
    const spec = ganomalySpec(architecture);
    const kernels = trainingKernels(tf);
    const build = (of: NetworkSpec): TrainableNetwork =>
      new TrainableNetwork(tf, kernels, of, initialWeights(of, seed));
    this.generatorEncoder = build(spec.generatorEncoder);
    this.generatorDecoder = build(spec.generatorDecoder);
    this.encoder = build(spec.encoder);
  }

  get stepsDone(): number {
    return this.steps;
  }

  step({ input, clean }: PutInBatch, learningRate: number): Record<string, number> {
    const { tf, settings } = this;
    const wanted = { input: true, weights: true };
    const found = tf.tidy(() => {
      const encoded = this.generatorEncoder.forward(input);
      const rebuilt = this.generatorDecoder.forward(encoded.output);
      const encodedAgain = this.encoder.forward(rebuilt.output);
      const contextual = meanAbsoluteDistance(tf, rebuilt.output, clean);
      const encoder = meanSquaredDistance(tf, encodedAgain.output, encoded.output);
      const latent = tf.mul<Tensor4D>(encoder.gradient, settings.encoderWeight);
      const throughEncoder = this.encoder.backward(encodedAgain, latent, { wanted });
      const rebuiltGradient = tf.add<Tensor4D>(
        tf.mul(contextual.gradient, settings.contextualWeight),
        inputOf(throughEncoder),
      );
      const throughDecoder = this.generatorDecoder.backward(rebuilt, rebuiltGradient, { wanted });
      const encodedGradient = tf.sub<Tensor4D>(inputOf(throughDecoder), latent);
      const throughGenerator = this.generatorEncoder.backward(encoded, encodedGradient, {
        wanted: { input: false, weights: true },
      });
      return {
        values: tf.stack<Scalar>([contextual.value, encoder.value]),
        // A tidy keeps the tensors of plain arrays, not of maps.
        generatorEncoder: [...throughGenerator.weights],
        generatorDecoder: [...throughDecoder.weights],
        encoder: [...throughEncoder.weights],
      };
    });
    const [contextual = NaN, encoder = NaN] = found.values.dataSync<'float32'>();
    found.values.dispose();
    const scalars = adamScalars(this.steps + 1, { ...settings, learningRate });
    for (const [network, gradients] of [
      [this.generatorEncoder, found.generatorEncoder],
      [this.generatorDecoder, found.generatorDecoder],
      [this.encoder, found.encoder],
    ] as const) {
      network.applyAdam(new Map(gradients), scalars);
      tf.dispose(gradients.map(([, gradient]) => gradient));
    }
    this.steps += 1;
    return { contextual, encoder };
  }

  weights(): WeightSet {
    return new Map<string, WeightArray>(this.networks().flatMap((of) => [...of.weights()]));
  }

  moments(): WeightSet {
    return new Map<string, WeightArray>(this.networks().flatMap((of) => [...of.moments()]));
  }

  restore(weights: WeightSet, moments: WeightSet, stepsDone: number): void {
    for (const network of this.networks()) {
      network.assign(weights);
      network.assignMoments(moments);
    }
    this.steps = stepsDone;
  }

  dispose(): void {
    for (const network of this.networks()) network.dispose();
  }

  private networks(): TrainableNetwork[] {
    return [this.generatorEncoder, this.generatorDecoder, this.encoder];
  }
}

function inputOf({ input }: { input: Tensor4D | null }): Tensor4D {
  if (input === null) throw new RangeError('This backward pass was asked for no input gradient.');
  return input;
}
