import { expect, test } from 'vitest';
import { angleDegrees, lengthPx } from '../../src-renderer/viewer/measure';
import { Measuring } from '../../src-renderer/viewer/measuring.svelte';

const at = (x: number, y: number) => ({ x, y });

test('a length is the straight line between two points', () => {
  expect(lengthPx(at(1, 2), at(4, 6))).toBe(5);
});

test('an angle lies between 0 and 180 degrees, whichever way round', () => {
  expect(angleDegrees(at(1, 0), at(0, 0), at(0, 5))).toBeCloseTo(90, 9);
  expect(angleDegrees(at(0, 5), at(0, 0), at(1, 0))).toBeCloseTo(90, 9);
  expect(angleDegrees(at(-3, 0), at(0, 0), at(1, 0))).toBeCloseTo(180, 9);
  expect(angleDegrees(at(2, 2), at(1, 1), at(3, 3))).toBeCloseTo(0, 9);
  expect(angleDegrees(at(1, 1), at(1, 1), at(3, 3))).toBe(0);
});

test('a ruler takes two points, an angle three, on one view', () => {
  const measuring = new Measuring();
  measuring.set(0, at(0, 0));
  expect(measuring.begun).toBeNull();
  measuring.choose('ruler');
  measuring.set(0, at(0, 0));
  measuring.set(1, at(5, 5));
  measuring.set(1, at(8, 9));
  expect(measuring.done).toEqual([{ tool: 'ruler', viewIndex: 1, points: [at(5, 5), at(8, 9)] }]);
  measuring.choose('angle');
  measuring.set(0, at(0, 0));
  measuring.set(0, at(1, 0));
  expect(measuring.done).toHaveLength(1);
  measuring.set(0, at(1, 1));
  expect(measuring.done.map(({ tool }) => tool)).toEqual(['ruler', 'angle']);
  measuring.layDown();
  expect(measuring.done).toHaveLength(2);
  measuring.choose('ruler');
  measuring.choose('ruler');
  expect([measuring.tool, measuring.done]).toEqual([null, []]);
});
