import { expect, test } from 'vitest';
import type { PresentedView } from '../../src-shared/domain/review';
import { numberRegions, tileAt } from '../../src-renderer/viewer/finding';
import { scaleMarks } from '../../src-renderer/viewer/scale-marks';

function view(viewIndex: number, scores: readonly number[]): PresentedView {
  const peak = { x: 0, y: 0, width: 64, height: 64 };
  return {
    viewIndex,
    widthPx: 640,
    heightPx: 480,
    pixelKind: 'rgb',
    pixelPitchMm: null,
    state: 'scored',
    tiles: { count: 4, skipped: 0, strideX: 32, strideY: 32 },
    tileScores: [],
    scoreMap: { columns: 1, rows: 1, cellPx: 8, displayScores: new Float32Array(1) },
    anomalyScoreMax: 1,
    displayScoreMax: Math.max(...scores),
    opaque: [],
    alarm: true,
    regions: scores.map((displayScore) => ({
      ...peak,
      displayScore,
      anomalyScore: 1,
      areaPx: 1,
      peak,
    })),
  };
}

test('regions are numbered by score over all views of the bag', () => {
  const unscored: PresentedView = {
    viewIndex: 2,
    widthPx: 1,
    heightPx: 1,
    pixelKind: 'rgb',
    pixelPitchMm: null,
    state: 'unscored',
    error: { code: 'no-open-beam', message: '' },
  };
  const numbered = numberRegions([view(0, [0.5, 0.3]), view(1, [0.9]), unscored]);
  expect(
    numbered.map(({ number, viewIndex, region }) => [number, viewIndex, region.displayScore]),
  ).toEqual([
    [1, 1, 0.9],
    [2, 0, 0.5],
    [3, 0, 0.3],
  ]);
});

test('of the tiles that cover a point, the highest scoring is read', () => {
  const tile = (x: number, displayScore: number) => ({
    x,
    y: 0,
    width: 64,
    height: 64,
    anomalyScore: 1,
    displayScore,
  });
  const tiles = [tile(0, 0.1), tile(32, 0.7), tile(64, 0.9)];
  expect(tileAt(tiles, 40, 10)?.displayScore).toBe(0.7);
  expect(tileAt(tiles, 64, 10)?.displayScore).toBe(0.9);
  expect(tileAt(tiles, 10, 64)).toBeNull();
});

test('beside the scale stand the selected region and the strongest, none over another', () => {
  const regions = numberRegions([view(0, [0.9, 0.89, 0.5, 0.49, 0.2])]);
  const words = (selected: number | null) =>
    scaleMarks(regions, selected).map((mark) => mark.words);
  expect(words(1)).toEqual(['1+', '3+', '5']);
  expect(words(4)).toEqual(['4+', '1+', '5']);
  expect(scaleMarks(regions, 4)[0]).toMatchObject({ displayScore: 0.49, selected: true });
  expect(scaleMarks([], null)).toEqual([]);
});
