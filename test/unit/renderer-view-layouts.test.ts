import { expect, test } from 'vitest';
import { viewLayouts } from '../../src-renderer/viewer/view-layouts';

test('one view has one layout', () => {
  expect(viewLayouts(1)).toEqual([[0]]);
  expect(viewLayouts(0)).toEqual([[0]]);
});

test('two views stand side by side, then alone', () => {
  expect(viewLayouts(2)).toEqual([[0, 1], [0], [1]]);
});

test('four views stand in a square, two by two, then alone', () => {
  expect(viewLayouts(4)).toEqual([[0, 1, 2, 3], [0, 1], [2, 3], [0], [1], [2], [3]]);
});

test.each([1, 2, 3, 4, 5])('every one of %i views can be seen alone, and all together', (count) => {
  const layouts = viewLayouts(count);
  expect(layouts[0]).toHaveLength(count);
  for (let index = 0; index < count; index += 1) expect(layouts).toContainEqual([index]);
});
