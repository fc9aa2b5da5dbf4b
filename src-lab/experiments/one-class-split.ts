import { shuffle } from '../datasets/shuffle';
import { RandomStream } from '../simulator/random-stream';

/** Indices of pictures, each list in an order drawn from the seed. */
export interface OneClassSplit {
  readonly train: Uint32Array;
  readonly testNormal: Uint32Array;
  readonly testAbnormal: Uint32Array;
}

/** Share of the normal pictures that is trained on. */
const TRAIN_SHARE = 0.8;

/**
 * The paper's split (GANOMALY.md, MNIST / CIFAR10 protocol): one class is the anomaly and the
 * others are normal; of the normal pictures of all files 80 % are trained on and the rest are the
 * test's, with all pictures of the anomalous class.
 * @param labels class of each picture
 */
export function splitOneClass(
  labels: ArrayLike<number>,
  anomalyLabel: number,
  seed: number,
): OneClassSplit {
  const normal: number[] = [];
  const abnormal: number[] = [];
  for (let picture = 0; picture < labels.length; picture++) {
    (labels[picture] === anomalyLabel ? abnormal : normal).push(picture);
  }
  const order = shuffle(Uint32Array.from(normal), new RandomStream([seed, 'one-class split']));
  const trained = Math.floor(order.length * TRAIN_SHARE);
  return {
    train: order.subarray(0, trained),
    testNormal: order.subarray(trained),
    testAbnormal: shuffle(
      Uint32Array.from(abnormal),
      new RandomStream([seed, 'one-class anomalies']),
    ),
  };
}
