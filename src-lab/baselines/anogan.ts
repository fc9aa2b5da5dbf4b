import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import {
  decoderSpec,
  encoderSpec,
  featureLayerCount,
} from '../../src-shared/ganomaly/network-spec';
import { crossEntropy } from '../ganomaly/losses';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import { adamScalars } from '../ganomaly/training-kernels';
import type { AnomalyMethod, MethodSettings } from './anomaly-method';
import type { FrozenNetwork } from './frozen-network';
import { outputOf } from './frozen-network';
import { GroupTraining } from './group-training';
import { architectureOf } from './method-settings';
import { inputOf, NetworkGroup, summed } from './network-group';
import { SCORING_BATCH, scoreInBatches, throwIfCancelled, valuesOf } from './score-in-batches';
import { standardNormal } from './standard-normal';
import { sumOfDistances } from './sum-of-distances';

/** What the search for a tile's z is made of. */
export interface AnoganSearch {
  /** Γ of Schlegl et al.; GANomaly's tables take 500. */
  readonly steps: number;
  /** λ, the share of the feature term in loss and score. */
  readonly featureShare: number;
  readonly learningRate: number;
}

export const ANOGAN_SEARCH: AnoganSearch = { steps: 500, featureShare: 0.1, learningRate: 0.02 };

/** Adam's decays in the search, its usual ones: a search has no adversary. */
const SEARCH_DECAYS = { beta1: 0.9, beta2: 0.999 };
/** Steps of a search between looks at the signal. */
const STEPS_PER_TURN = 20;

/**
 * AnoGAN (Schlegl et al. 2017): a DCGAN learns benign tiles; a tile's score is how far the nearest
 * tile is that its generator can make, found by gradient steps on z.
 */
export function anoganMethod(search: Partial<AnoganSearch> = {}): AnomalyMethod {
  return {
    name: 'anogan',
    create: (tf, settings) => new AnoganTraining(tf, settings, { ...ANOGAN_SEARCH, ...search }),
  };
}

class AnoganTraining extends GroupTraining<'generator' | 'discriminator'> {
  protected readonly networks: NetworkGroup<'generator' | 'discriminator'>;

  constructor(
    private readonly tf: Tensorflow,
    private readonly settings: MethodSettings,
    private readonly search: AnoganSearch,
  ) {
    super();
    const architecture = architectureOf(settings);
    this.networks = new NetworkGroup(
      tf,
      {
        /** z → tile. */
        generator: decoderSpec(architecture),
        /** tile → logit. */
        discriminator: encoderSpec('discriminator', architecture, 1),
      },
      settings.seed,
    );
  }

  /**
   * L_D = ½ (BCE(D(x), 1) + BCE(D(G(z)), 0)) and L_G = BCE(D(G(z)), 1), z ~ N(0, 1)
   * (Goodfellow et al. 2014, section 3, with the generator's loss that does not saturate).
   */
  override step(x: Tensor4D): Readonly<Record<string, number>> {
    const { tf, settings } = this;
    const { generator, discriminator } = this.networks.trainable;
    const key = [settings.seed, 'anogan', 'training', this.stepsDone];
    const found = tf.tidy(() => {
      const made = generator.forward(standardNormal(tf, key, x.shape[0], settings.nz));
      const onReal = discriminator.forward(x);
      const onMade = discriminator.forward(made.output);
      const real = crossEntropy(tf, onReal.output, 1);
      const fake = crossEntropy(tf, onMade.output, 0);
      const deceived = crossEntropy(tf, onMade.output, 1);

      const throughD = discriminator.backward(onMade, deceived.gradient, {
        wanted: { input: true, weights: false },
      });
      const wanted = { input: false, weights: true };
      const throughG = generator.backward(made, inputOf(throughD), { wanted });
      const fromReal = discriminator.backward(onReal, tf.mul(real.gradient, 0.5), { wanted });
      const fromMade = discriminator.backward(onMade, tf.mul(fake.gradient, 0.5), { wanted });
      return {
        losses: tf.stack([deceived.value, real.value, fake.value]),
        generator: [...throughG.weights],
        discriminator: summed(tf, fromReal.weights, fromMade.weights),
      };
    });
    const [deceived = NaN, real = NaN, fake = NaN] = found.losses.dataSync<'float32'>();
    found.losses.dispose();
    this.stepsDone += 1;
    this.networks.applyAdam(found, adamScalars(this.stepsDone, settings));
    return { generator: deceived, discriminator: (real + fake) / 2 };
  }

  /** A(x) = (1 − λ) Σ |x − G(z)| + λ Σ |f(x) − f(G(z))| at the z that the search ends at. */
  override score(tiles: Tensor4D, signal?: AbortSignal): Promise<Float64Array> {
    const { tf, networks } = this;
    const generator = networks.frozen('generator');
    const { spec } = networks.trainable.discriminator;
    const features = networks.frozen('discriminator', featureLayerCount(spec));
    return scoreInBatches(tf, tiles, signal, async (x) => {
      const featuresOfX = tf.tidy(() => features.run(x)); // (count, 4, 4, channels)
      const z = await this.searchLatent(generator, features, x, featuresOfX, signal);
      const scores = valuesOf(tf, () => {
        const made = generator.run(z);
        const residual = sumOfDistances(tf, x, made);
        const discrimination = sumOfDistances(tf, featuresOfX, features.run(made));
        const { featureShare } = this.search;
        return residual.mul(1 - featureShare).add(discrimination.mul(featureShare));
      });
      tf.dispose([z, featuresOfX]);
      return scores;
    });
  }

  /**
   * Adam on z (count, 1, 1, nz), from one start for all tiles. The loss is the sum of the tiles'
   * own, and Adam moves each number by its own gradients: no tile sees another.
   */
  private async searchLatent(
    generator: FrozenNetwork,
    features: FrozenNetwork,
    x: Tensor4D,
    featuresOfX: Tensor4D,
    signal: AbortSignal | undefined,
  ): Promise<Tensor4D> {
    const { tf } = this;
    const { steps, featureShare, learningRate } = this.search;
    const { seed, nz } = this.settings;
    const { beta1, beta2 } = SEARCH_DECAYS;
    const key = [seed, 'anogan', 'search'];
    let state = tf.tidy((): SearchState => {
      const z: Tensor4D = standardNormal(tf, key, 1, nz).tile([SCORING_BATCH, 1, 1, 1]);
      return [z, tf.zerosLike(z), tf.zerosLike(z)];
    });
    for (let step = 1; step <= steps; step++) {
      const { rate, epsilon } = adamScalars(step, { learningRate, beta1, beta2 });
      const former = state;
      state = tf.tidy((): SearchState => {
        const [z, formerFirst, formerSecond] = former;
        const made = generator.pass(z);
        const seen = features.pass(outputOf(made));
        const dFeatures = tf.sign(outputOf(seen).sub(featuresOfX)).mul<Tensor4D>(featureShare);
        const dResidual = tf.sign(outputOf(made).sub(x)).mul<Tensor4D>(1 - featureShare);
        const dMade = dResidual.add<Tensor4D>(features.inputGradient(seen, dFeatures));
        const gradient = generator.inputGradient(made, dMade);
        const first = formerFirst.mul(beta1).add<Tensor4D>(gradient.mul(1 - beta1));
        const second = formerSecond.mul(beta2).add<Tensor4D>(gradient.square().mul(1 - beta2));
        const move = first.div(second.sqrt().add(epsilon)).mul(rate);
        return [z.sub<Tensor4D>(move), first, second];
      });
      tf.dispose(former);
      if (step % STEPS_PER_TURN !== 0) continue;
      await nextTurn();
      if (signal?.aborted === true) tf.dispose([...state, featuresOfX]);
      throwIfCancelled(signal);
    }
    const [z, first, second] = state;
    tf.dispose([first, second]);
    return z;
  }
}

/** z with Adam's moments of it, each (count, 1, 1, nz). */
type SearchState = [z: Tensor4D, first: Tensor4D, second: Tensor4D];
