import { expect, test } from 'vitest';
import { cellSizePx, scoreMap } from '../../src-shared/screening/score-map';

const box = (x: number, y: number, displayScore: number) => ({
  x,
  y,
  width: 16,
  height: 16,
  displayScore,
  anomalyScore: 0,
});

test('a cell under one tile has its score, a cell under none is NaN', () => {
  const map = scoreMap({ widthPx: 32, heightPx: 16 }, [box(0, 0, 0.7)], 8);
  expect([map.columns, map.rows, map.cellPx]).toEqual([4, 2, 8]);
  expect(map.displayScores[0]).toBeCloseTo(0.7, 6);
  expect(map.displayScores[2]).toBeNaN();
});

test('a cell leans towards the tile whose centre is nearer', () => {
  // Cell centre (12, 8): 4 px off the first tile's centre line, 4 px from the second tile's edge.
  const map = scoreMap({ widthPx: 24, heightPx: 16 }, [box(0, 0, 1), box(8, 0, 0)], 8);
  expect(map.displayScores[1]).toBeCloseTo(0.5, 6);
  // At (9, 8) the first tile weighs sin²(π·9/16), the second sin²(π/16).
  const fine = scoreMap({ widthPx: 24, heightPx: 16 }, [box(0, 0, 1), box(8, 0, 0)], 2);
  const near = 0.001 + 0.999 * Math.sin((Math.PI * 9) / 16) ** 2;
  const far = 0.001 + 0.999 * Math.sin(Math.PI / 16) ** 2;
  expect(fine.displayScores[3 * 12 + 4]).toBeCloseTo(near / (near + far), 6);
});

test('the part of a last cell that sticks out of the view is not looked at', () => {
  const map = scoreMap({ widthPx: 18, heightPx: 16 }, [box(0, 0, 0.1), box(2, 0, 0.9)], 8);
  expect(map.columns).toBe(3);
  // The last cell's visible part is 16–18: only the second tile covers its middle, 17.
  expect(map.displayScores[2]).toBeCloseTo(0.9, 6);
});

test('a stride has four cells', () => {
  expect(cellSizePx(32)).toBe(8);
  expect(cellSizePx(1)).toBe(1);
});
