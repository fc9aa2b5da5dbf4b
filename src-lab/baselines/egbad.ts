import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { NetworkSpec } from '../../src-shared/ganomaly/network-spec';
import {
  convolution,
  decoderSpec,
  encoderSpec,
  featureLayerCount,
  LEAKY_SLOPE,
} from '../../src-shared/ganomaly/network-spec';
import type { WeightArray } from '../../src-shared/ganomaly/weights';
import { crossEntropy } from '../ganomaly/losses';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import type { ForwardPass } from '../ganomaly/trainable-network';
import { adamScalars } from '../ganomaly/training-kernels';
import type { AnomalyMethod, MethodSettings } from './anomaly-method';
import { GroupTraining } from './group-training';
import { architectureOf } from './method-settings';
import { inputOf, NetworkGroup, summed } from './network-group';
import { scoreInBatches, valuesOf } from './score-in-batches';
import { standardNormal } from './standard-normal';
import { sumOfDistances } from './sum-of-distances';

/** w, the share of the discriminator's term in the score. */
const DEFAULT_FEATURE_SHARE = 0.1;
/** Width of the discriminator's dense layers, in multiples of ngf. */
const DENSE_WIDTH = 8;
/** Of the weights as first drawn (see `initialWeights`). */
const INITIAL_SPREAD = 0.02;

type Role = 'generator' | 'encoder' | 'tileBranch' | 'latentBranch' | 'joint';

/**
 * EGBAD (Zenati et al. 2018, "Efficient GAN-Based Anomaly Detection"): a BiGAN, whose encoder
 * finds a tile's z at once where AnoGAN searches. Its discriminator judges pairs of tile and z.
 */
export function egbadMethod(featureShare = DEFAULT_FEATURE_SHARE): AnomalyMethod {
  return { name: 'egbad', create: (tf, settings) => new EgbadTraining(tf, settings, featureShare) };
}

class EgbadTraining extends GroupTraining<Role> {
  protected readonly networks: NetworkGroup<Role>;

  constructor(
    private readonly tf: Tensorflow,
    private readonly settings: MethodSettings,
    private readonly featureShare: number,
  ) {
    super();
    this.networks = new NetworkGroup(tf, egbadSpecs(settings), settings.seed);
    this.networks.restore(new Map([...this.networks.weights()].map(widenDenseLayer)), null);
  }

  /**
   * L_D = ½ (BCE(D(x, E(x)), 1) + BCE(D(G(z), z), 0)), and against it, with z ~ N(0, 1),
   * L_G = BCE(D(G(z), z), 1) and L_E = BCE(D(x, E(x)), 0) (Zenati et al., section 2).
   */
  override step(x: Tensor4D): Readonly<Record<string, number>> {
    const { tf, settings } = this;
    const { generator, encoder, tileBranch, latentBranch, joint } = this.networks.trainable;
    const key = [settings.seed, 'egbad', 'training', this.stepsDone];
    const found = tf.tidy(() => {
      const z = standardNormal(tf, key, x.shape[0], settings.nz);
      const made = generator.forward(z);
      const encoded = encoder.forward(x);
      const onReal = this.judge(x, encoded.output);
      const onMade = this.judge(made.output, z);

      const real = crossEntropy(tf, onReal.joint.output, 1);
      const fake = crossEntropy(tf, onMade.joint.output, 0);
      const deceivedByG = crossEntropy(tf, onMade.joint.output, 1);
      const deceivedByE = crossEntropy(tf, onReal.joint.output, 0);

      // Both opponents learn through D, which this leaves as it is.
      const through = { input: true, weights: false };
      const own = { input: false, weights: true };
      const toMade = this.halves(
        inputOf(joint.backward(onMade.joint, deceivedByG.gradient, { wanted: through })),
      );
      const dMade = inputOf(tileBranch.backward(onMade.tile, toMade.tile, { wanted: through }));
      const toReal = this.halves(
        inputOf(joint.backward(onReal.joint, deceivedByE.gradient, { wanted: through })),
      );
      const dEncoded = inputOf(
        latentBranch.backward(onReal.latent, toReal.latent, { wanted: through }),
      );

      // D learns from both kinds of pairs, which this leaves as they are.
      const both = [
        this.judgeBackward(onReal, tf.mul(real.gradient, 0.5)),
        this.judgeBackward(onMade, tf.mul(fake.gradient, 0.5)),
      ] as const;
      return {
        losses: tf.stack([deceivedByG.value, deceivedByE.value, real.value, fake.value]),
        generator: [...generator.backward(made, dMade, { wanted: own }).weights],
        encoder: [...encoder.backward(encoded, dEncoded, { wanted: own }).weights],
        tileBranch: summed(tf, both[0].tile, both[1].tile),
        latentBranch: summed(tf, both[0].latent, both[1].latent),
        joint: summed(tf, both[0].joint, both[1].joint),
      };
    });
    const [byG = NaN, byE = NaN, real = NaN, fake = NaN] = found.losses.dataSync<'float32'>();
    found.losses.dispose();
    this.stepsDone += 1;
    this.networks.applyAdam(found, adamScalars(this.stepsDone, settings));
    return { generator: byG, encoder: byE, discriminator: (real + fake) / 2 };
  }

  /**
   * A(x) = (1 − w) ‖x − G(E(x))‖₁ + w ‖f_D(x, E(x)) − f_D(G(E(x)), E(x))‖₁: the form of Zenati et
   * al. that matches features.
   */
  override score(tiles: Tensor4D, signal?: AbortSignal): Promise<Float64Array> {
    const { tf, networks, featureShare } = this;
    const encoder = networks.frozen('encoder');
    const generator = networks.frozen('generator');
    const tileBranch = networks.frozen('tileBranch');
    const latentBranch = networks.frozen('latentBranch');
    const joint = networks.frozen('joint', featureLayerCount(networks.trainable.joint.spec));
    return scoreInBatches(tf, tiles, signal, (x) =>
      valuesOf(tf, () => {
        const z = encoder.run(x); // (count, 1, 1, nz)
        const rebuilt = generator.run(z);
        const ofLatent = latentBranch.run(z); // (count, 1, 1, width)
        const features = (tile: Tensor4D): Tensor4D =>
          joint.run(tf.concat4d([tileBranch.run(tile), ofLatent], 3));
        const residual = sumOfDistances(tf, x, rebuilt);
        const discrimination = sumOfDistances(tf, features(x), features(rebuilt));
        return residual.mul(1 - featureShare).add<Tensor1D>(discrimination.mul(featureShare));
      }),
    );
  }

  /** D's logits for pairs of tile and z: a branch for each, joined by channels. */
  private judge(tile: Tensor4D, z: Tensor4D): Judgement {
    const { tileBranch, latentBranch, joint } = this.networks.trainable;
    const ofTile = tileBranch.forward(tile); // (count, 1, 1, width)
    const ofLatent = latentBranch.forward(z); // (count, 1, 1, width)
    const pair = this.tf.concat4d([ofTile.output, ofLatent.output], 3);
    return { tile: ofTile, latent: ofLatent, joint: joint.forward(pair) };
  }

  /** Gradients of D's own weights. */
  private judgeBackward(judgement: Judgement, dLogits: Tensor4D) {
    const { tileBranch, latentBranch, joint } = this.networks.trainable;
    const throughJoint = joint.backward(judgement.joint, dLogits, {
      wanted: { input: true, weights: true },
    });
    const to = this.halves(inputOf(throughJoint));
    const wanted = { input: false, weights: true };
    return {
      joint: throughJoint.weights,
      tile: tileBranch.backward(judgement.tile, to.tile, { wanted }).weights,
      latent: latentBranch.backward(judgement.latent, to.latent, { wanted }).weights,
    };
  }

  private halves(pair: Tensor4D): { tile: Tensor4D; latent: Tensor4D } {
    const [tile, latent] = this.tf.split<Tensor4D>(pair, 2, 3);
    if (tile === undefined || latent === undefined) throw new RangeError('Nothing to halve.');
    return { tile, latent };
  }
}

/**
 * Glorot and Bengio's spread √(2 / (in + out)) for D's dense layers, as in the authors' code: at
 * the convolutions' 0.02, z would hardly reach the logit, and D would judge the tile alone.
 */
function widenDenseLayer([name, array]: [string, WeightArray]): [string, WeightArray] {
  if (!name.startsWith('baseline/')) return [name, array];
  const [, , from = NaN, to = NaN] = array.shape;
  const factor = Math.sqrt(2 / (from + to)) / INITIAL_SPREAD;
  return [name, { ...array, values: array.values.map((value) => value * factor) }];
}

/** One pass of D. */
interface Judgement {
  readonly tile: ForwardPass;
  readonly latent: ForwardPass;
  readonly joint: ForwardPass;
}

function egbadSpecs(settings: MethodSettings): Record<Role, NetworkSpec> {
  const architecture = architectureOf(settings);
  const width = DENSE_WIDTH * settings.ngf;
  const leakyRelu = { kind: 'leaky-relu', slope: LEAKY_SLOPE } as const;
  const dense = (name: string, from: number, to: number) =>
    convolution(name, from, to, { kernelPx: 1, padding: 0 });
  const tileBranch = encoderSpec('discriminator', architecture, width);
  const latentBranch = 'baseline/latent-branch';
  const joint = 'baseline/joint';
  return {
    /** z → tile. */
    generator: decoderSpec(architecture),
    /** tile → z. */
    encoder: encoderSpec('encoder', architecture, settings.nz),
    tileBranch: { ...tileBranch, layers: [...tileBranch.layers, leakyRelu] },
    latentBranch: {
      name: latentBranch,
      layers: [dense(`${latentBranch}/first`, settings.nz, width), leakyRelu],
    },
    /** Both branches → logit; what comes before its last layer are D's features. */
    joint: {
      name: joint,
      layers: [
        dense(`${joint}/first`, 2 * width, width),
        leakyRelu,
        dense(`${joint}/last`, width, 1),
      ],
    },
  };
}
