import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import { comparatorOf } from '../../src-shared/ganomaly/comparator-spec';
import type { NetworkSpec } from '../../src-shared/ganomaly/network-spec';
import { ganomalySpec } from '../../src-shared/ganomaly/network-spec';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import type { StepLosses, StepSettings } from './ganomaly-training';
import { comparatorWeights, initialWeights } from './initial-weights';
import { cellCrossEntropy, meanAbsoluteDistance, meanSquaredDistance } from './losses';
import type { Tensorflow } from './tensorflow-runtime';
import { TrainableComparator } from './trainable-comparator';
import type { Gradients } from './trainable-network';
import { TrainableNetwork } from './trainable-network';
import type { TrainingKernels } from './training-kernels';
import { adamScalars, trainingKernels } from './training-kernels';

/** A batch of crops; see `PutInCrop`. */
export interface PutInBatch {
  /** With solids put in: (count, isize, isize, nc). */
  readonly input: Tensor4D;
  /** Without them. */
  readonly clean: Tensor4D;
  /** Share of each cell that a solid covers: (count, isize / 2, isize / 2, 1). */
  readonly mask: Tensor4D;
}

interface FoundGradients {
  readonly generatorEncoder: Gradients;
  readonly generatorDecoder: Gradients;
  readonly encoder: Gradients;
  readonly comparator: Gradients;
}

/**
 * GANomaly as a denoiser: the generator is given tiles with random solids put in and is to give
 * back the tile without them, so that what does not belong to benign bags stays out of x̂ however
 * long it trains; the discriminator, a dense comparator, learns on the same tiles where something
 * was put in.
 *
 * L_con and L_enc are the paper's, with the clean tile as the target of L_con. Where the
 * comparator sees the reconstruction beside the tile, L_adv matches its deepest features of
 * (x, x̂) to those of (x, clean); where it does not, there is no L_adv.
 */
export class DenoisingTraining {
  private readonly generatorEncoder: TrainableNetwork;
  private readonly generatorDecoder: TrainableNetwork;
  private readonly encoder: TrainableNetwork;
  private readonly comparator: TrainableComparator;
  private readonly seesReconstruction: boolean;
  private stepsDone = 0;

  constructor(
    private readonly tf: Tensorflow,
    architecture: GanomalyArchitecture,
    seed: number,
    private readonly settings: StepSettings,
    kernels: TrainingKernels = trainingKernels(tf),
  ) {
    const spec = ganomalySpec(architecture);
    const comparator = comparatorOf(architecture);
    if (comparator === null || architecture.comparator === undefined) {
      throw new RangeError('Denoising needs an architecture with a comparator.');
    }
    const build = (of: NetworkSpec): TrainableNetwork =>
      new TrainableNetwork(tf, kernels, of, initialWeights(of, seed));
    this.generatorEncoder = build(spec.generatorEncoder);
    this.generatorDecoder = build(spec.generatorDecoder);
    this.encoder = build(spec.encoder);
    this.comparator = new TrainableComparator(tf, kernels, comparator, (of) =>
      comparatorWeights(of, seed),
    );
    this.seesReconstruction = architecture.comparator.seesReconstruction;
  }

  get step(): number {
    return this.stepsDone;
  }

  /**
   * One step of both optimisers.
   * @param rates learning rates of the generator and of the comparator at this step
   */
  train(batch: PutInBatch, rates: { generator: number; comparator: number }): StepLosses {
    const { tf, settings } = this;
    const { losses, gradients } = this.lossesAndGradients(batch);
    const at = (learningRate: number) =>
      adamScalars(this.stepsDone + 1, { ...settings, learningRate });
    this.generatorEncoder.applyAdam(gradients.generatorEncoder, at(rates.generator));
    this.generatorDecoder.applyAdam(gradients.generatorDecoder, at(rates.generator));
    this.encoder.applyAdam(gradients.encoder, at(rates.generator));
    this.comparator.applyAdam(gradients.comparator, at(rates.comparator));
    for (const byName of Object.values(gradients) as Gradients[]) tf.dispose([...byName.values()]);
    this.stepsDone += 1;
    return losses;
  }

  /** The losses on a batch and their gradients. Moves the running statistics, no weights. */
  lossesAndGradients({ input, clean, mask }: PutInBatch): {
    losses: StepLosses;
    gradients: FoundGradients;
  } {
    const { tf, settings } = this;
    const both = { input: true, weights: true };
    const found = tf.tidy(() => {
      const encoded = this.generatorEncoder.forward(input);
      const rebuilt = this.generatorDecoder.forward(encoded.output);
      const encodedAgain = this.encoder.forward(rebuilt.output);
      const contextual = meanAbsoluteDistance(tf, rebuilt.output, clean);
      const encoder = meanSquaredDistance(tf, encodedAgain.output, encoded.output);

      const seen = this.seesReconstruction
        ? tf.concat<Tensor4D>([input, rebuilt.output], 3)
        : input;
      const compared = this.comparator.forward(seen);
      const marked = cellCrossEntropy(tf, compared.logits, mask);
      const throughComparator = this.comparator.backward(compared, marked.gradient, {
        input: false,
        weights: true,
      });

      const latentGradient = tf.mul<Tensor4D>(encoder.gradient, settings.encoderWeight);
      const throughEncoder = this.encoder.backward(encodedAgain, latentGradient, { wanted: both });
      const rebuiltGradients = [
        tf.mul<Tensor4D>(contextual.gradient, settings.contextualWeight),
        inputOf(throughEncoder),
      ];
      let adversarial: Scalar = tf.scalar(0);
      if (this.seesReconstruction && settings.adversarialWeight > 0) {
        const wanted = this.comparator.features(tf.concat<Tensor4D>([input, clean], 3));
        const distance = meanSquaredDistance(tf, this.comparator.featuresOf(compared), wanted);
        adversarial = distance.value;
        const throughFeatures = this.comparator.featureInputGradient(
          compared,
          tf.mul<Tensor4D>(distance.gradient, settings.adversarialWeight),
        );
        const channels = input.shape[3];
        const ofReconstruction = tf.slice4d(
          throughFeatures,
          [0, 0, 0, channels],
          [-1, -1, -1, channels],
        );
        rebuiltGradients.push(ofReconstruction);
      }
      const throughDecoder = this.generatorDecoder.backward(
        rebuilt,
        tf.addN<Tensor4D>(rebuiltGradients),
        { wanted: both },
      );
      const encodedGradient = tf.sub<Tensor4D>(inputOf(throughDecoder), latentGradient);
      const throughGenerator = this.generatorEncoder.backward(encoded, encodedGradient, {
        wanted: { input: false, weights: true },
      });
      return {
        values: tf.stack<Scalar>([adversarial, contextual.value, encoder.value, marked.value]),
        // A tidy keeps the tensors of plain arrays, not of maps.
        gradients: {
          generatorEncoder: [...throughGenerator.weights],
          generatorDecoder: [...throughDecoder.weights],
          encoder: [...throughEncoder.weights],
          comparator: [...throughComparator.weights],
        },
      };
    });
    const [adversarial = NaN, contextual = NaN, encoder = NaN, discriminator = NaN] =
      found.values.dataSync<'float32'>();
    found.values.dispose();
    const byName = (entries: [string, Tensor][]): Gradients => new Map(entries);
    return {
      losses: {
        adversarial,
        contextual,
        encoder,
        generator:
          settings.adversarialWeight * adversarial +
          settings.contextualWeight * contextual +
          settings.encoderWeight * encoder,
        discriminator,
      },
      gradients: {
        generatorEncoder: byName(found.gradients.generatorEncoder),
        generatorDecoder: byName(found.gradients.generatorDecoder),
        encoder: byName(found.gradients.encoder),
        comparator: byName(found.gradients.comparator),
      },
    };
  }

  /** Copies of all networks' arrays. */
  weights(): WeightSet {
    return new Map<string, WeightArray>([
      ...this.generator().flatMap((network) => [...network.weights()]),
      ...this.comparator.weights(),
    ]);
  }

  moments(): WeightSet {
    return new Map<string, WeightArray>([
      ...this.generator().flatMap((network) => [...network.moments()]),
      ...this.comparator.moments(),
    ]);
  }

  /** Continues from where another run stood. */
  restore(weights: WeightSet, moments: WeightSet, step: number): void {
    for (const network of [...this.generator(), this.comparator]) {
      network.assign(weights);
      network.assignMoments(moments);
    }
    this.stepsDone = step;
  }

  dispose(): void {
    for (const network of [...this.generator(), this.comparator]) network.dispose();
  }

  private generator(): TrainableNetwork[] {
    return [this.generatorEncoder, this.generatorDecoder, this.encoder];
  }
}

function inputOf({ input }: { input: Tensor4D | null }): Tensor4D {
  if (input === null) throw new RangeError('This backward pass was asked for no input gradient.');
  return input;
}
