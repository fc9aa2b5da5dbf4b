import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { encoderSpec, featureLayerCount } from '../../src-shared/ganomaly/network-spec';
import { crossEntropy, meanAbsoluteDistance, meanSquaredDistance } from '../ganomaly/losses';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import type { ForwardPass } from '../ganomaly/trainable-network';
import { adamScalars } from '../ganomaly/training-kernels';
import type { AnomalyMethod, MethodSettings } from './anomaly-method';
import { GroupTraining } from './group-training';
import { architectureOf } from './method-settings';
import { inputOf, NetworkGroup, summed } from './network-group';
import { scoreInBatches, valuesOf } from './score-in-batches';
import type { UNetRole } from './u-net';
import { uNetBackward, uNetForward, uNetLevels, uNetSpecs } from './u-net';

/** λ, the share of the reconstruction in the score (Akçay et al. 2019, equation 5). */
const DEFAULT_RECONSTRUCTION_SHARE = 0.9;

/**
 * Skip-GANomaly (Akçay, Atapour-Abarghouei, Breckon 2019): a U-Net rebuilds the tile, and the
 * latent distance is taken in the discriminator's features f.
 */
export function skipGanomalyMethod(share = DEFAULT_RECONSTRUCTION_SHARE): AnomalyMethod {
  return {
    name: 'skip-ganomaly',
    create: (tf, settings) => new SkipGanomalyTraining(tf, settings, share),
  };
}

class SkipGanomalyTraining extends GroupTraining<UNetRole | 'discriminator'> {
  private readonly levels: number;
  private readonly featureLayers: number;
  protected readonly networks: NetworkGroup<UNetRole | 'discriminator'>;

  constructor(
    private readonly tf: Tensorflow,
    private readonly settings: MethodSettings,
    private readonly reconstructionShare: number,
  ) {
    super();
    const architecture = architectureOf(settings);
    const discriminator = encoderSpec('discriminator', architecture, 1);
    this.levels = uNetLevels(architecture);
    this.featureLayers = featureLayerCount(discriminator);
    const specs = { ...uNetSpecs(architecture), discriminator };
    this.networks = new NetworkGroup(tf, specs, settings.seed);
  }

  /**
   * L_G = w_adv · BCE(D(x̂), 1) + w_con · mean |x − x̂| + w_lat · mean (f(x) − f(x̂))² (equations 1
   * to 4; `encoderWeight` is w_lat), and L_D = ½ (BCE(D(x), 1) + BCE(D(x̂), 0)).
   */
  override step(x: Tensor4D): Readonly<Record<string, number>> {
    const { tf, settings, networks, featureLayers } = this;
    const discriminator = networks.network('discriminator');
    const found = tf.tidy(() => {
      const rebuilt = uNetForward<ForwardPass>(tf, this.levels, x, (role, input) =>
        networks.network(role).forward(input),
      );
      const onReal = discriminator.forward(x);
      const onRebuilt = discriminator.forward(rebuilt.output);
      const adversarial = crossEntropy(tf, onRebuilt.output, 1);
      const contextual = meanAbsoluteDistance(tf, rebuilt.output, x);
      const latent = meanSquaredDistance(
        tf,
        featuresOf(onRebuilt, featureLayers),
        featuresOf(onReal, featureLayers),
      );
      const real = crossEntropy(tf, onReal.output, 1);
      const fake = crossEntropy(tf, onRebuilt.output, 0);

      const through = { input: true, weights: false };
      const fromLogits = discriminator.backward(
        onRebuilt,
        tf.mul(adversarial.gradient, settings.adversarialWeight),
        { wanted: through },
      );
      const fromFeatures = discriminator.backward(
        onRebuilt,
        tf.mul(latent.gradient, settings.encoderWeight),
        { layerCount: featureLayers, wanted: through },
      );
      const dRebuilt = tf.addN<Tensor4D>([
        tf.mul(contextual.gradient, settings.contextualWeight),
        inputOf(fromLogits),
        inputOf(fromFeatures),
      ]);
      const gradients: Record<string, [string, Tensor][]> = {};
      uNetBackward(tf, this.levels, rebuilt, dRebuilt, (role, pass, dy) => {
        const wanted = { input: role !== 'down-0', weights: true };
        const back = networks.network(role).backward(pass, dy, { wanted });
        gradients[role] = [...back.weights];
        return back.input ?? dy;
      });
      const own = { input: false, weights: true };
      const fromReal = discriminator.backward(onReal, tf.mul(real.gradient, 0.5), { wanted: own });
      const fromFake = discriminator.backward(onRebuilt, tf.mul(fake.gradient, 0.5), {
        wanted: own,
      });
      gradients['discriminator'] = summed(tf, fromReal.weights, fromFake.weights);
      return {
        losses: tf.stack([
          adversarial.value,
          contextual.value,
          latent.value,
          real.value,
          fake.value,
        ]),
        gradients,
      };
    });
    const [adversarial = NaN, contextual = NaN, latent = NaN, real = NaN, fake = NaN] =
      found.losses.dataSync<'float32'>();
    found.losses.dispose();
    this.stepsDone += 1;
    networks.applyAdam(found.gradients, adamScalars(this.stepsDone, settings));
    return { adversarial, contextual, latent, discriminator: (real + fake) / 2 };
  }

  /** A(x) = λ · mean (x − x̂)² + (1 − λ) · mean (f(x) − f(x̂))². */
  override score(tiles: Tensor4D, signal?: AbortSignal): Promise<Float64Array> {
    const { tf, networks, reconstructionShare: share } = this;
    const features = networks.frozen('discriminator', this.featureLayers);
    return scoreInBatches(tf, tiles, signal, (x) =>
      valuesOf(tf, () => {
        const rebuilt = uNetForward(tf, this.levels, x, (role, input) => ({
          output: networks.frozen(role).run(input),
        })).output;
        const reconstruction = meanOfSquares(tf, x, rebuilt);
        const latent = meanOfSquares(tf, features.run(x), features.run(rebuilt));
        return reconstruction.mul(share).add(latent.mul(1 - share));
      }),
    );
  }
}

function featuresOf(pass: ForwardPass, layers: number): Tensor4D {
  const features = pass.activations[layers];
  if (features === undefined) throw new RangeError(`The pass has no layer ${layers}.`);
  return features;
}

/** mean (a − b)² of each sample. */
function meanOfSquares(tf: Tensorflow, a: Tensor4D, b: Tensor4D): Tensor1D {
  return tf.mean<Tensor1D>(tf.square(tf.sub(a, b)), [1, 2, 3]);
}
