import { describe, expect, it } from 'vitest';
import {
  crossEntropy,
  meanAbsoluteDistance,
  meanSquaredDistance,
} from '../../src-lab/ganomaly/losses';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import { tensorflowPresent } from '../fixtures/tensorflow-present';

const SHAPE: [number, number, number, number] = [2, 1, 1, 2];

describe.skipIf(!tensorflowPresent())('the losses, by hand', () => {
  it('L_adv and L_enc: mean squared distance', () => {
    const tf = requireTensorflow();
    const a = tf.tensor4d([1, 2, 3, 4], SHAPE);
    const b = tf.tensor4d([0, 4, 3, 1], SHAPE);
    const { value, gradient } = meanSquaredDistance(tf, a, b);
    // (1 + 4 + 0 + 9) / 4
    expect(value.dataSync()[0]).toBeCloseTo(3.5, 6);
    // 2 (a − b) / 4
    expect([...gradient.dataSync()]).toEqual([0.5, -1, 0, 1.5]);
  });

  it('L_con: mean absolute distance', () => {
    const tf = requireTensorflow();
    const a = tf.tensor4d([1, -1, 0.5, 0], SHAPE);
    const b = tf.tensor4d([0.5, 1, 0.5, 1], SHAPE);
    const { value, gradient } = meanAbsoluteDistance(tf, a, b);
    // (0.5 + 2 + 0 + 1) / 4
    expect(value.dataSync()[0]).toBeCloseTo(0.875, 6);
    expect([...gradient.dataSync()]).toEqual([0.25, -0.25, 0, -0.25]);
  });

  it('L_D: cross-entropy of the sigmoid against each label', () => {
    const tf = requireTensorflow();
    // σ = 0.25, 0.5, 0.75, 0.9
    const shares = [0.25, 0.5, 0.75, 0.9];
    const logits = tf.tensor4d(
      shares.map((share) => Math.log(share / (1 - share))),
      SHAPE,
    );
    const real = crossEntropy(tf, logits, 1);
    // −(ln 0.25 + ln 0.5 + ln 0.75 + ln 0.9) / 4
    expect(real.value.dataSync()[0]).toBeCloseTo(0.618121, 5);
    const fake = crossEntropy(tf, logits, 0);
    // −(ln 0.75 + ln 0.5 + ln 0.25 + ln 0.1) / 4
    expect(fake.value.dataSync()[0]).toBeCloseTo(1.167427, 5);
    [...real.gradient.dataSync()].forEach((found, i) =>
      expect(found).toBeCloseTo(((shares[i] ?? NaN) - 1) / 4, 6),
    );
    [...fake.gradient.dataSync()].forEach((found, i) =>
      expect(found).toBeCloseTo((shares[i] ?? NaN) / 4, 6),
    );
  });

  it('stays finite for a discriminator that is wrong and sure of it', () => {
    const tf = requireTensorflow();
    const logits = tf.tensor4d([-200, -200, -200, -200], SHAPE);
    const { value, gradient } = crossEntropy(tf, logits, 1);
    expect(value.dataSync()[0]).toBeCloseTo(200, 4);
    expect([...gradient.dataSync()]).toEqual([-0.25, -0.25, -0.25, -0.25]);
  });
});
