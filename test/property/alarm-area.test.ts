import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alarmArea } from '../../src-renderer/viewer/overlay/alarm-area';
import { unionAreaPx } from '../../src-shared/screening/alarm-regions';
import type { TileScore } from '../../src-shared/domain/screening-outcome';

/** Overlapping tiles of a latent score, or the squares of a map, on a view of odd size. */
const tiles = fc
  .record({
    side: fc.constantFrom(64, 51.5),
    stride: fc.constantFrom(32, 64, 25.75),
    seed: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 35, maxLength: 35 }),
  })
  .map(({ side, stride, seed }): TileScore[] =>
    seed.map((displayScore, index) => ({
      x: (index % 7) * stride,
      y: Math.floor(index / 7) * stride,
      width: side,
      height: side,
      displayScore,
      anomalyScore: displayScore,
    })),
  );

test('the area that is hatched is exactly the union of the tiles above φ', () => {
  fc.assert(
    fc.property(tiles, fc.double({ min: 0, max: 1, noNaN: true }), (scored, threshold) => {
      const { boxes } = alarmArea(scored, threshold);
      const above = scored.filter(({ displayScore }) => displayScore > threshold);
      const area = boxes.reduce((sum, box) => sum + box.width * box.height, 0);
      expect(area).toBeCloseTo(unionAreaPx(above), 3);
      // Disjoint boxes of that area that all lie in the union fill it.
      expect(unionAreaPx([...boxes, ...above])).toBeCloseTo(area, 3);
      expect(unionAreaPx(boxes)).toBeCloseTo(area, 3);
    }),
    { numRuns: 60 },
  );
});

test('its outline is as long as the border of the union, and there is none at φ = 1', () => {
  const square = (x: number, y: number, displayScore: number): TileScore => ({
    ...{ x, y, width: 16, height: 16 },
    displayScore,
    anomalyScore: 1,
  });
  const lengthOf = (scored: readonly TileScore[], threshold: number) =>
    alarmArea(scored, threshold).outline.reduce((sum, [from, to]) => {
      if (from === undefined || to === undefined) throw new Error('a stretch has two ends');
      return sum + Math.hypot(to.x - from.x, to.y - from.y);
    }, 0);
  const corner = [square(0, 0, 0.9), square(16, 0, 0.8), square(0, 16, 0.7), square(64, 64, 0.2)];
  // An L of three squares has the border of the square around it.
  expect(lengthOf(corner, 0.5)).toBe(4 * 32);
  expect(lengthOf(corner, 0.75)).toBe(2 * 32 + 2 * 16);
  expect(lengthOf(corner, 1)).toBe(0);
});
