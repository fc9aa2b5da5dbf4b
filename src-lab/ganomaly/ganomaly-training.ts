import type { Scalar, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import type { GanomalySpec } from '../../src-shared/ganomaly/network-spec';
import { featureLayerCount, ganomalySpec } from '../../src-shared/ganomaly/network-spec';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import { initialWeights } from './initial-weights';
import { crossEntropy, meanAbsoluteDistance, meanSquaredDistance } from './losses';
import type { Tensorflow } from './tensorflow-runtime';
import type { ForwardPass, Gradients } from './trainable-network';
import { TrainableNetwork } from './trainable-network';
import type { TrainingKernels } from './training-kernels';
import { adamScalars, trainingKernels } from './training-kernels';

/** The hyper-parameters of a step (GANOMALY.md, Training). */
export interface StepSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly adversarialWeight: number;
  readonly contextualWeight: number;
  readonly encoderWeight: number;
}

/** The losses of one step, before weighting; `generator` and `discriminator` are the totals. */
export interface StepLosses {
  readonly adversarial: number;
  readonly contextual: number;
  readonly encoder: number;
  readonly generator: number;
  readonly discriminator: number;
}

/** Gradients of a step by network, beside the losses that they are gradients of. */
export interface StepGradients {
  readonly generatorEncoder: Gradients;
  readonly generatorDecoder: Gradients;
  readonly encoder: Gradients;
  readonly discriminator: Gradients;
}

/** Where Adam stands: what a checkpoint holds beside the arrays. */
export interface TrainingCounters {
  /** Steps done; the same for both optimisers. */
  readonly step: number;
  readonly discriminatorRedraws: number;
}

/** The discriminator's weights are drawn anew when its loss falls under this (reference code). */
export const DISCRIMINATOR_COLLAPSE_LOSS = 1e-5;

/**
 * GANomaly's training state and step. The four networks, the order of a step and the redraw of a
 * collapsed discriminator follow the reference code; only what that code computes twice with the
 * same weights is computed once.
 */
export class GanomalyTraining {
  readonly spec: GanomalySpec;
  private readonly kernels: TrainingKernels;
  private readonly generatorEncoder: TrainableNetwork;
  private readonly generatorDecoder: TrainableNetwork;
  private readonly encoder: TrainableNetwork;
  private readonly discriminator: TrainableNetwork;
  private stepsDone = 0;
  private redraws = 0;

  constructor(
    private readonly tf: Tensorflow,
    architecture: GanomalyArchitecture,
    private readonly seed: number,
    private readonly settings: StepSettings,
    kernels: TrainingKernels = trainingKernels(tf),
  ) {
    this.kernels = kernels;
    this.spec = ganomalySpec(architecture);
    const build = (spec: GanomalySpec[keyof GanomalySpec]): TrainableNetwork =>
      new TrainableNetwork(tf, this.kernels, spec, initialWeights(spec, seed));
    this.generatorEncoder = build(this.spec.generatorEncoder);
    this.generatorDecoder = build(this.spec.generatorDecoder);
    this.encoder = build(this.spec.encoder);
    this.discriminator = build(this.spec.discriminator);
  }

  get counters(): TrainingCounters {
    return { step: this.stepsDone, discriminatorRedraws: this.redraws };
  }

  /**
   * One training step on a batch (count, isize, isize, nc) in [−1, 1]: generator step, then
   * discriminator step, each by its own Adam.
   * @param learningRate the settings' own when not given
   */
  step(x: Tensor4D, learningRate = this.settings.learningRate): StepLosses {
    const { tf } = this;
    const { losses, gradients } = this.lossesAndGradients(x);
    const scalars = adamScalars(this.stepsDone + 1, { ...this.settings, learningRate });
    this.generatorEncoder.applyAdam(gradients.generatorEncoder, scalars);
    this.generatorDecoder.applyAdam(gradients.generatorDecoder, scalars);
    this.encoder.applyAdam(gradients.encoder, scalars);
    this.discriminator.applyAdam(gradients.discriminator, scalars);
    for (const byName of Object.values(gradients) as Gradients[]) tf.dispose([...byName.values()]);
    this.stepsDone += 1;
    if (losses.discriminator < DISCRIMINATOR_COLLAPSE_LOSS) this.redrawDiscriminator();
    return losses;
  }

  /**
   * The losses on a batch and their gradients: L_G's with respect to the generator, L_D's with
   * respect to the discriminator. Moves the running statistics, no weights.
   *
   * The reference code runs D on x and x̂ once for each of the two losses, with the same weights;
   * here both losses read one pass. L_adv's gradient passes through D to x̂ and not into D's
   * weights; L_D's stops at D's weights, x̂ being detached.
   */
  lossesAndGradients(x: Tensor4D): { losses: StepLosses; gradients: StepGradients } {
    const { tf, settings } = this;
    const found = tf.tidy(() => {
      const encoded = this.generatorEncoder.forward(x);
      const rebuilt = this.generatorDecoder.forward(encoded.output);
      const encodedAgain = this.encoder.forward(rebuilt.output);
      // Up to the logits: the cross-entropy takes the last sigmoid in.
      const logitLayers = this.spec.discriminator.layers.length - 1;
      const onReal = this.discriminator.forward(x, logitLayers);
      const onRebuilt = this.discriminator.forward(rebuilt.output, logitLayers);

      const features = featureLayerCount(this.spec.discriminator);
      const adversarial = meanSquaredDistance(
        tf,
        activationAt(onRebuilt, features),
        activationAt(onReal, features),
      );
      const contextual = meanAbsoluteDistance(tf, rebuilt.output, x);
      const encoder = meanSquaredDistance(tf, encodedAgain.output, encoded.output);
      const real = crossEntropy(tf, onReal.output, 1);
      const fake = crossEntropy(tf, onRebuilt.output, 0);

      const throughFeatures = this.discriminator.backward(
        onRebuilt,
        tf.mul(adversarial.gradient, settings.adversarialWeight),
        { layerCount: features, wanted: { input: true, weights: false } },
      );
      const latentGradient = tf.mul<Tensor4D>(encoder.gradient, settings.encoderWeight);
      const throughEncoder = this.encoder.backward(encodedAgain, latentGradient, {
        wanted: { input: true, weights: true },
      });
      const rebuiltGradient = tf.addN<Tensor4D>([
        tf.mul(contextual.gradient, settings.contextualWeight),
        inputOf(throughFeatures),
        inputOf(throughEncoder),
      ]);
      const throughDecoder = this.generatorDecoder.backward(rebuilt, rebuiltGradient, {
        wanted: { input: true, weights: true },
      });
      const encodedGradient = tf.sub<Tensor4D>(inputOf(throughDecoder), latentGradient);
      const wanted = { input: false, weights: true };
      const throughGenerator = this.generatorEncoder.backward(encoded, encodedGradient, { wanted });

      const half = (gradient: Tensor4D): Tensor4D => tf.mul(gradient, 0.5);
      const fromReal = this.discriminator.backward(onReal, half(real.gradient), { wanted });
      const fromFake = this.discriminator.backward(onRebuilt, half(fake.gradient), { wanted });

      return {
        values: tf.stack<Scalar>([
          adversarial.value,
          contextual.value,
          encoder.value,
          real.value,
          fake.value,
        ]),
        gradients: {
          generatorEncoder: [...throughGenerator.weights],
          generatorDecoder: [...throughDecoder.weights],
          encoder: [...throughEncoder.weights],
          discriminator: [...summed(tf, fromReal.weights, fromFake.weights)],
        },
      };
    });
    const [adversarial = NaN, contextual = NaN, encoder = NaN, real = NaN, fake = NaN] =
      found.values.dataSync<'float32'>();
    found.values.dispose();
    return {
      losses: {
        adversarial,
        contextual,
        encoder,
        generator:
          settings.adversarialWeight * adversarial +
          settings.contextualWeight * contextual +
          settings.encoderWeight * encoder,
        discriminator: (real + fake) / 2,
      },
      gradients: {
        generatorEncoder: new Map(found.gradients.generatorEncoder),
        generatorDecoder: new Map(found.gradients.generatorDecoder),
        encoder: new Map(found.gradients.encoder),
        discriminator: new Map(found.gradients.discriminator),
      },
    };
  }

  /** Copies of all four networks' arrays. */
  weights(): WeightSet {
    return new Map(this.networks().flatMap((network) => [...network.weights()]));
  }

  /** Copies of both optimisers' moments, named `<weight>/m` and `<weight>/v`. */
  moments(): WeightSet {
    return new Map<string, WeightArray>(
      this.networks().flatMap((network) => [...network.moments()]),
    );
  }

  /** Sets weights alone; optimisers and counters stay. */
  assignWeights(weights: WeightSet): void {
    for (const network of this.networks()) network.assign(weights);
  }

  /** Continues from where another run stood. */
  restore(weights: WeightSet, moments: WeightSet, counters: TrainingCounters): void {
    this.assignWeights(weights);
    for (const network of this.networks()) network.assignMoments(moments);
    this.stepsDone = counters.step;
    this.redraws = counters.discriminatorRedraws;
  }

  dispose(): void {
    for (const network of this.networks()) network.dispose();
  }

  private redrawDiscriminator(): void {
    this.redraws += 1;
    const { spec } = this.discriminator;
    this.discriminator.assign(initialWeights(spec, this.seed, this.redraws));
  }

  private networks(): TrainableNetwork[] {
    return [this.generatorEncoder, this.generatorDecoder, this.encoder, this.discriminator];
  }
}

function activationAt(pass: ForwardPass, layerCount: number): Tensor4D {
  const activation = pass.activations[layerCount];
  if (activation === undefined) throw new RangeError(`The pass has no layer ${layerCount}.`);
  return activation;
}

function inputOf({ input }: { input: Tensor4D | null }): Tensor4D {
  if (input === null) throw new RangeError('This backward pass was asked for no input gradient.');
  return input;
}

function summed(tf: Tensorflow, a: Gradients, b: Gradients): Gradients {
  return new Map(
    [...a].map(([name, gradient]) => {
      const other = b.get(name);
      if (other === undefined) throw new RangeError(`Only one pass has a gradient of ${name}.`);
      return [name, tf.add(gradient, other)];
    }),
  );
}
