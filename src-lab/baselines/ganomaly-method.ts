import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import { weightValues } from '../../src-shared/ganomaly/weight-values';
import { anomalyScores } from '../../src-shared/screening/tile-scores';
import { GanomalyTraining } from '../ganomaly/ganomaly-training';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import { trainingKernels } from '../ganomaly/training-kernels';
import type { AnomalyMethod, MethodSettings, MethodTraining } from './anomaly-method';
import { FrozenNetwork } from './frozen-network';
import { architectureOf } from './method-settings';
import { scoreInBatches, valuesOf } from './score-in-batches';

/** How often the discriminator was drawn anew: the next draw needs it. Held beside the moments. */
const REDRAWS = 'ganomaly/discriminator-redraws';

/**
 * GANomaly itself (Akcay et al. 2018), as the product trains it.
 * @param score `paper`: A(x) = ‖G_E(x) − E(G(x))‖₁ (section 3.3); `reference`: the mean of the
 * squared difference, as in the authors' code
 */
export function ganomalyMethod(score: 'paper' | 'reference' = 'paper'): AnomalyMethod {
  return {
    name: 'ganomaly',
    create: (tf, settings) => new GanomalyMethodTraining(tf, settings, score),
  };
}

class GanomalyMethodTraining implements MethodTraining {
  private readonly training: GanomalyTraining;
  private frozen: readonly [FrozenNetwork, FrozenNetwork, FrozenNetwork] | null = null;

  constructor(
    private readonly tf: Tensorflow,
    private readonly settings: MethodSettings,
    private readonly definition: 'paper' | 'reference',
  ) {
    this.training = new GanomalyTraining(tf, architectureOf(settings), settings.seed, settings);
  }

  get stepsDone(): number {
    return this.training.counters.step;
  }

  step(tiles: Tensor4D): Readonly<Record<string, number>> {
    this.thaw();
    return { ...this.training.step(tiles) };
  }

  async score(tiles: Tensor4D, signal?: AbortSignal): Promise<Float64Array> {
    const { tf, definition } = this;
    const { nz } = this.settings;
    const [generatorEncoder, generatorDecoder, encoder] = this.freeze();
    return scoreInBatches(tf, tiles, signal, (x) => {
      const latentDifference = valuesOf(tf, () => {
        const z = generatorEncoder.run(x); // (count, 1, 1, nz)
        return tf.sub(z, encoder.run(generatorDecoder.run(z)));
      });
      return Float32Array.from(anomalyScores(definition, latentDifference, nz));
    });
  }

  weights(): WeightSet {
    return this.training.weights();
  }

  moments(): WeightSet {
    const values = Float32Array.of(this.training.counters.discriminatorRedraws);
    return new Map<string, WeightArray>([
      ...this.training.moments(),
      [REDRAWS, { shape: [1], values }],
    ]);
  }

  restore(weights: WeightSet, moments: WeightSet | null, stepsDone: number): void {
    this.thaw();
    this.training.restore(weights, moments ?? this.training.moments(), {
      step: stepsDone,
      discriminatorRedraws: moments === null ? 0 : (weightValues(moments, REDRAWS)[0] ?? 0),
    });
  }

  dispose(): void {
    this.thaw();
    this.training.dispose();
  }

  private freeze(): readonly [FrozenNetwork, FrozenNetwork, FrozenNetwork] {
    if (this.frozen !== null) return this.frozen;
    const { tf, training } = this;
    const kernels = trainingKernels(tf);
    const weights = training.weights();
    this.frozen = [
      new FrozenNetwork(tf, kernels, training.spec.generatorEncoder, weights),
      new FrozenNetwork(tf, kernels, training.spec.generatorDecoder, weights),
      new FrozenNetwork(tf, kernels, training.spec.encoder, weights),
    ];
    return this.frozen;
  }

  private thaw(): void {
    for (const network of this.frozen ?? []) network.dispose();
    this.frozen = null;
  }
}
