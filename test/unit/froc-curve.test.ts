import { expect, test } from 'vitest';
import { frocCurve } from '../../src-lab/evaluation/froc-curve';
import { peaks } from '../../src-lab/evaluation/peaks';
import { tileSet } from '../../src-lab/evaluation/tile-set';

const row = (values: readonly number[], width = 10) =>
  tileSet(
    values.map((_, at) => ({ x: at * 10, y: 0, width, height: 10 })),
    values,
  );

test('a smeared peak is one mark; equally high neighbours are one too', () => {
  expect([...peaks(row([1, 5, 4, 2, 3, 3, 1]))]).toEqual([5, 3]);
  // Tiles of 25 px overlap two neighbours on either side.
  expect([...peaks(row([1, 5, 4, 6, 3, 3, 1], 25))]).toEqual([6]);
  expect([...peaks(row([2, 2, 2]))]).toEqual([2]);
  expect([...peaks(row([]))]).toEqual([]);
});

test('tiles that do not touch are marks of their own', () => {
  const apart = tileSet(
    [
      { x: 0, y: 0, width: 10, height: 10 },
      { x: 5, y: 11, width: 10, height: 10 },
    ],
    [3, 4],
  );
  expect([...peaks(apart)]).toEqual([3, 4]);
});

test('each threat found adds a point with the marks that benign bags get at its level', () => {
  const marks = [
    { value: 9, bag: 0 },
    { value: 4, bag: 1 },
    { value: 2, bag: 1 },
  ];
  const threats = [
    { value: 5, bag: 2 },
    { value: 4, bag: 2 },
    { value: 1, bag: 3 },
    { value: Number.NEGATIVE_INFINITY, bag: 3 },
  ];
  expect(frocCurve(marks, threats, 2, Float64Array.of(1, 1, 1, 1))).toEqual([
    { marksPerBag: 0.5, found: 0.25 },
    { marksPerBag: 1, found: 0.5 },
    { marksPerBag: 1.5, found: 0.75 },
  ]);
});
