import { expect, test } from 'vitest';
import { mulberry32 } from '../../src-shared/mulberry32';
import {
  estimateShape,
  excessAt,
  shareAbove,
  tailOfShape,
} from '../../src-shared/screening/pareto-tail';

/** Evenly spread excesses of a known tail. */
const excessesOf = (shape: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => excessAt({ shape, scale: 3 }, 1 - (i + 0.5) / count));

test('the share above an excess and the excess at a share are each other’s inverse', () => {
  for (const shape of [-1, -0.3, 0, 0.3, 0.5]) {
    const tail = { shape, scale: 2 };
    expect(excessAt(tail, shareAbove(tail, 1.3))).toBeCloseTo(1.3, 12);
  }
  expect(shareAbove({ shape: 0, scale: 2 }, 2)).toBeCloseTo(Math.exp(-1), 12);
  expect(shareAbove({ shape: -1, scale: 2 }, 0.5)).toBeCloseTo(0.75, 12);
  expect(shareAbove({ shape: -0.5, scale: 1 }, 2.5)).toBe(0);
});

test.each([-1, -0.5, -0.25, 0, 0.3])('finds the shape %f in many excesses', (shape) => {
  expect(estimateShape(excessesOf(shape, 2000))).toBeCloseTo(shape, 1);
  // The scale does not matter.
  const small = excessesOf(shape, 2000).map((excess) => excess * 1e-6);
  expect(estimateShape(small)).toBeCloseTo(estimateShape(excessesOf(shape, 2000)), 9);
});

test('few excesses are drawn towards the exponential tail, and shapes are bounded', () => {
  const next = mulberry32(3);
  const few = Array.from({ length: 5 }, () => 1 - next()).sort((a, b) => a - b);
  expect(Math.abs(estimateShape(few))).toBeLessThanOrEqual(0.5);
  expect(estimateShape(excessesOf(2, 500))).toBe(0.5);
  expect(estimateShape(excessesOf(-3, 500))).toBe(-1);
});

test('equal excesses have a shape', () => {
  for (const count of [1, 2, 16, 20, 40]) {
    expect(estimateShape(new Array<number>(count).fill(1))).toBeGreaterThanOrEqual(-1);
  }
  expect(() => estimateShape([])).toThrow(RangeError);
  expect(() => estimateShape([0, 0, 0])).toThrow(RangeError);
});

test('the scale gives the tail the excesses’ own mean, and its end lies past the largest', () => {
  expect(tailOfShape(0.2, [1, 3, 5])).toEqual({ shape: 0.2, scale: 3 * 0.8 });
  const excesses = [...new Array<number>(200).fill(1), 1.05, 6];
  const { shape, scale } = tailOfShape(-1, excesses);
  expect(-scale / shape).toBeCloseTo(6 * (1 + 1 / 202), 9);
});
