import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { decoderSpec, encoderSpec } from '../../src-shared/ganomaly/network-spec';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import { adamScalars } from '../ganomaly/training-kernels';
import type { AnomalyMethod, MethodSettings } from './anomaly-method';
import { GroupTraining } from './group-training';
import { architectureOf } from './method-settings';
import { inputOf, NetworkGroup } from './network-group';
import { standardNormal } from './standard-normal';
import { scoreInBatches, valuesOf } from './score-in-batches';

/** An & Cho 2015, algorithm 4: samples of z whose log-probabilities are averaged. */
const DEFAULT_SAMPLES = 10;
/**
 * log σ² of a pixel = centre + spread · s, with s = tanh in [−1, 1]: σ from 0.05 (six grey levels)
 * to 2.7. Without a floor the likelihood of a background that never changes grows without bound.
 */
const LOG_VARIANCE_CENTRE = -2;
const LOG_VARIANCE_SPREAD = 4;

/**
 * Variational autoencoder with the reconstruction log-probability as its score (An & Cho 2015,
 * "Variational Autoencoder based Anomaly Detection using Reconstruction Probability"):
 * A(x) = −1/L · Σ_l log p(x | z_l), z_l ~ q(z | x), both Gaussians with diagonal covariance; 0 is
 * the most likely that the decoder can call a tile.
 */
export function vaeMethod(samples = DEFAULT_SAMPLES): AnomalyMethod {
  return { name: 'vae', create: (tf, settings) => new VaeTraining(tf, settings, samples) };
}

class VaeTraining extends GroupTraining<'encoder' | 'decoder'> {
  protected readonly networks: NetworkGroup<'encoder' | 'decoder'>;

  constructor(
    private readonly tf: Tensorflow,
    private readonly settings: MethodSettings,
    private readonly samples: number,
  ) {
    super();
    const architecture = architectureOf(settings);
    const { nc, nz, seed } = settings;
    this.networks = new NetworkGroup(
      tf,
      {
        /** x → (μ_z, log σ²_z), nz values each. */
        encoder: encoderSpec('encoder', architecture, 2 * nz),
        /** z → (μ_x, s_x), nc channels each. */
        decoder: decoderSpec({ ...architecture, nc: 2 * nc }),
      },
      seed,
    );
  }

  /** Minimises the negative evidence lower bound −E_q[log p(x | z)] + KL(q(z | x) ‖ N(0, 1)). */
  override step(x: Tensor4D): Readonly<Record<string, number>> {
    const { tf } = this;
    const { encoder, decoder } = this.networks.trainable;
    const count = x.shape[0];
    const found = tf.tidy(() => {
      const encoded = encoder.forward(x);
      const { mean, logVariance } = this.halves(encoded.output); // (count, 1, 1, nz) each
      const noise = this.noise('training', this.stepsDone, count);
      const deviation = tf.exp<Tensor4D>(logVariance.div(2));
      const z = mean.add<Tensor4D>(deviation.mul(noise));
      const decoded = decoder.forward(z);
      const likelihood = this.likelihood(x, decoded.output);
      const reconstruction = likelihood.negativeLog.mean();
      // KL of a Gaussian from N(0, 1): ½ Σ (μ² + σ² − 1 − log σ²).
      const variance = tf.exp<Tensor4D>(logVariance);
      const divergence = mean
        .square()
        .add(variance)
        .sub(logVariance)
        .sub(1)
        .sum()
        .div(2 * count);

      const throughDecoder = decoder.backward(decoded, likelihood.gradient.div(count), {
        wanted: { input: true, weights: true },
      });
      const dz = inputOf(throughDecoder);
      const dMean = dz.add<Tensor4D>(mean.div(count));
      const dLogVariance = dz
        .mul(noise)
        .mul(deviation)
        .add<Tensor4D>(variance.sub(1).div(count))
        .div<Tensor4D>(2);
      const throughEncoder = encoder.backward(encoded, tf.concat4d([dMean, dLogVariance], 3), {
        wanted: { input: false, weights: true },
      });
      return {
        losses: tf.stack([reconstruction, divergence]),
        encoder: [...throughEncoder.weights],
        decoder: [...throughDecoder.weights],
      };
    });
    const [reconstruction = NaN, divergence = NaN] = found.losses.dataSync<'float32'>();
    found.losses.dispose();
    this.stepsDone += 1;
    this.networks.applyAdam(found, adamScalars(this.stepsDone, this.settings));
    return { reconstruction, divergence, total: reconstruction + divergence };
  }

  override score(tiles: Tensor4D, signal?: AbortSignal): Promise<Float64Array> {
    const { tf, networks, samples } = this;
    const encoder = networks.frozen('encoder');
    const decoder = networks.frozen('decoder');
    return scoreInBatches(tf, tiles, signal, (x) =>
      valuesOf(tf, () => {
        const { mean, logVariance } = this.halves(encoder.run(x));
        const deviation = tf.exp<Tensor4D>(logVariance.div(2));
        const bySample = Array.from({ length: samples }, (_, sample) =>
          tf.tidy(() => {
            // The same draw for every tile: a score must not depend on the tile's place.
            const z = mean.add<Tensor4D>(deviation.mul(this.noise('scoring', sample, 1)));
            return this.likelihood(x, decoder.run(z)).negativeLog;
          }),
        );
        return tf.addN(bySample).div(samples);
      }),
    );
  }

  /**
   * −log p(x | z) of each tile, ½ Σ (log 2π + log σ² + (x − μ)² / σ²) over its pixels, less the
   * lowest that it can be, so that it is never negative; and the gradient of the tiles' sum at the
   * decoder's output (count, side, side, 2·nc).
   */
  private likelihood(x: Tensor4D, output: Tensor4D): { negativeLog: Tensor1D; gradient: Tensor4D } {
    const { tf } = this;
    const { mean, logVariance: s } = this.halves(output);
    const logVariance = s.mul(LOG_VARIANCE_SPREAD).add(LOG_VARIANCE_CENTRE);
    const precision = tf.exp(logVariance.neg());
    const difference = mean.sub(x);
    const weighted = difference.mul(precision);
    const squares = weighted.mul(difference);
    const negativeLog = logVariance
      .add(squares)
      .add(LOG_VARIANCE_SPREAD - LOG_VARIANCE_CENTRE)
      .sum<Tensor1D>([1, 2, 3])
      .div<Tensor1D>(2);
    const dLogVariance = tf.sub(1, squares).mul<Tensor4D>(LOG_VARIANCE_SPREAD / 2);
    return { negativeLog, gradient: tf.concat4d([weighted as Tensor4D, dLogVariance], 3) };
  }

  /** The first and the second half of the channels. */
  private halves(x: Tensor4D): { mean: Tensor4D; logVariance: Tensor4D } {
    const [mean, logVariance] = this.tf.split<Tensor4D>(x, 2, 3);
    if (mean === undefined || logVariance === undefined) throw new RangeError('Nothing to halve.');
    return { mean, logVariance };
  }

  /** (rows, 1, 1, nz) from N(0, 1), the same for the same purpose and number. */
  private noise(purpose: string, number: number, rows: number): Tensor4D {
    const { seed, nz } = this.settings;
    return standardNormal(this.tf, [seed, 'vae', purpose, number], rows, nz);
  }
}
