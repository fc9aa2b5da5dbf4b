import type { Scalar, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import type { Tensorflow } from './tensorflow-runtime';

/** A loss with its gradient with respect to its first argument. */
export interface Loss {
  readonly value: Scalar;
  readonly gradient: Tensor4D;
}

/**
 * mean (a − b)²: L_adv on the discriminator's features of x̂ and x (feature matching), and L_enc
 * on ẑ and z. The gradient with respect to b is the negative one.
 */
export function meanSquaredDistance(tf: Tensorflow, a: Tensor4D, b: Tensor4D): Loss {
  const difference = tf.sub<Tensor4D>(a, b);
  return {
    value: tf.mean<Scalar>(tf.square(difference)),
    gradient: tf.mul<Tensor4D>(difference, 2 / a.size),
  };
}

/** mean |a − b|: L_con on x̂ and x. */
export function meanAbsoluteDistance(tf: Tensorflow, a: Tensor4D, b: Tensor4D): Loss {
  const difference = tf.sub<Tensor4D>(a, b);
  return {
    value: tf.mean<Scalar>(tf.abs(difference)),
    gradient: tf.mul<Tensor4D>(tf.sign(difference), 1 / a.size),
  };
}

/**
 * Mean binary cross-entropy of σ(logit) against a label in [0, 1] for each cell, from the logits:
 * softplus(l) − l·label.
 */
export function cellCrossEntropy(tf: Tensorflow, logits: Tensor4D, labels: Tensor4D): Loss {
  return {
    value: tf.mean<Scalar>(tf.sub(tf.softplus(logits), tf.mul(logits, labels))),
    gradient: tf.mul<Tensor4D>(tf.sub(tf.sigmoid(logits), labels), 1 / logits.size),
  };
}

/** Cells whose mean stands for a place, and cells about a solid that are neither in it nor out. */
const PLACE_CELLS = 3;
const RIM_CELLS = 7;
/** A crop's solids are asked for where they cover more than this many cells. */
const ASKED_CELLS = 20;

/**
 * The loss that a bag is judged by, for each crop: the cross-entropy of its highest place away
 * from any solid against 0, and of the mean over its solids' cells against 1. The cells' own mean
 * hardly feels either, since a place is a few cells among thousands.
 */
export function highestPlaceLoss(tf: Tensorflow, logits: Tensor4D, labels: Tensor4D): Loss {
  const crops = logits.shape[0];
  const cells = [1, 2, 3];
  const pool = (x: Tensor4D) => tf.avgPool(x, PLACE_CELLS, 1, 'same');
  const near = tf.maxPool(labels, RIM_CELLS, 1, 'same');
  const places = tf.sub<Tensor4D>(
    pool(logits),
    tf.mul(tf.cast(tf.greater(near, 0), 'float32'), 1e4),
  );
  const highest = tf.max<Tensor4D>(places, cells, true);
  const isHighest = tf.cast<Tensor4D>(tf.greaterEqual(places, highest), 'float32');
  // The mean over a place is its own transpose but at the rim of the map, where it is near enough.
  const pushedDown = pool(tf.mul(isHighest, tf.sigmoid(highest)));

  const inside = tf.cast<Tensor4D>(tf.greater(labels, 0.9), 'float32');
  const count = tf.sum<Tensor4D>(inside, cells, true);
  const asked = tf.cast<Tensor4D>(tf.greater(count, ASKED_CELLS), 'float32');
  const share = tf.div<Tensor4D>(inside, tf.maximum(count, 1));
  const solids = tf.sum<Tensor4D>(tf.mul(share, logits), cells, true);
  const pulledUp = tf.mul(share, tf.mul(asked, tf.sigmoid(tf.neg(solids))));
  const value = tf.add(
    tf.mean(tf.softplus(highest)),
    tf.mean(tf.mul(asked, tf.softplus(tf.neg(solids)))),
  );
  return {
    value: value as Scalar,
    gradient: tf.mul<Tensor4D>(tf.sub(pushedDown, pulledUp), 1 / crops),
  };
}

/**
 * Mean binary cross-entropy of σ(logit) against one label for the whole batch, from the logits
 * so that a sure discriminator gives no infinity: softplus(−l) for label 1, softplus(l) for 0.
 */
export function crossEntropy(tf: Tensorflow, logits: Tensor4D, label: 0 | 1): Loss {
  const signed = label === 1 ? tf.neg(logits) : logits;
  return {
    value: tf.mean<Scalar>(tf.softplus(signed)),
    gradient: tf.mul<Tensor4D>(tf.sub(tf.sigmoid(logits), label), 1 / logits.size),
  };
}
