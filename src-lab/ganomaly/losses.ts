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
