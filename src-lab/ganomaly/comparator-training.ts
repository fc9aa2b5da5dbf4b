import type { Scalar, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { ComparatorSpec } from '../../src-shared/ganomaly/comparator-spec';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import { comparatorWeights } from './initial-weights';
import { cellCrossEntropy, highestPlaceLoss } from './losses';
import type { Tensorflow } from './tensorflow-runtime';
import { TrainableComparator } from './trainable-comparator';
import type { PutInBatch, Trainee } from './trainee';
import { adamScalars, trainingKernels } from './training-kernels';

/** Adam's decays for a classifier; the generator's β1 of 0.5 is for playing against an adversary. */
const BETA1 = 0.9;
const BETA2 = 0.999;
/** Weight of the highest places beside the mean over all cells. */
const HIGHEST_PLACE_WEIGHT = 0.03;

/**
 * One comparator, learning cell by cell where a solid was put in, and a little by each crop's
 * highest place, since a bag alarms by its maximum.
 * @param rebuild gives x̂ of a batch where the comparator sees it beside the tile, else null
 */
export class ComparatorTraining implements Trainee {
  private readonly comparator: TrainableComparator;
  private steps = 0;

  constructor(
    private readonly tf: Tensorflow,
    spec: ComparatorSpec,
    seed: number,
    private readonly rebuild: ((tiles: Tensor4D) => Tensor4D) | null,
  ) {
    this.comparator = new TrainableComparator(tf, trainingKernels(tf), spec, (of) =>
      comparatorWeights(of, seed),
    );
  }

  get stepsDone(): number {
    return this.steps;
  }

  step({ input, mask }: PutInBatch, learningRate: number): Record<string, number> {
    const { tf, comparator, rebuild } = this;
    const found = tf.tidy(() => {
      const seen = rebuild === null ? input : tf.concat<Tensor4D>([input, rebuild(input)], 3);
      const pass = comparator.forward(seen);
      const marked = cellCrossEntropy(tf, pass.logits, mask);
      const highest = highestPlaceLoss(tf, pass.logits, mask);
      const gradient = tf.add<Tensor4D>(
        marked.gradient,
        tf.mul(highest.gradient, HIGHEST_PLACE_WEIGHT),
      );
      const { weights } = comparator.backward(pass, gradient, {
        input: false,
        weights: true,
      });
      return { values: tf.stack<Scalar>([marked.value, highest.value]), gradients: [...weights] };
    });
    const [discriminator = NaN, highestPlace = NaN] = found.values.dataSync<'float32'>();
    found.values.dispose();
    const settings = { learningRate, beta1: BETA1, beta2: BETA2 };
    comparator.applyAdam(new Map(found.gradients), adamScalars(this.steps + 1, settings));
    tf.dispose(found.gradients.map(([, gradient]) => gradient));
    this.steps += 1;
    return { discriminator, highestPlace };
  }

  weights(): WeightSet {
    return this.comparator.weights();
  }

  moments(): WeightSet {
    return this.comparator.moments();
  }

  restore(weights: WeightSet, moments: WeightSet, stepsDone: number): void {
    this.comparator.assign(weights);
    this.comparator.assignMoments(moments);
    this.steps = stepsDone;
  }

  dispose(): void {
    this.comparator.dispose();
  }
}
