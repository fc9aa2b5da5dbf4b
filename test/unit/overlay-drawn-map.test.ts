import { expect, test } from 'vitest';
import type { ScoredPresentedView } from '../../src-renderer/viewer/finding';
import { drawnMap } from '../../src-renderer/viewer/overlay/drawn-map';
import { scoreMap } from '../../src-shared/screening/score-map';

/** A view one row of tiles high, with a score for each (NaN: skipped). */
function viewOf(scores: readonly number[], side: number, stride: number): ScoredPresentedView {
  const widthPx = (scores.length - 1) * stride + side;
  const tileScores = scores.flatMap((displayScore, index) =>
    Number.isNaN(displayScore)
      ? []
      : [{ x: index * stride, y: 0, width: side, height: side, displayScore, anomalyScore: 1 }],
  );
  const map = scoreMap({ widthPx, heightPx: side }, tileScores, stride / 4);
  return {
    viewIndex: 0,
    widthPx,
    heightPx: side,
    pixelKind: 'rgb',
    pixelPitchMm: null,
    state: 'scored',
    tiles: { count: scores.length, skipped: 0, strideX: stride, strideY: stride },
    tileScores,
    scoreMap: { ...map, displayScores: new Float32Array(map.displayScores) },
    anomalyScoreMax: 1,
    displayScoreMax: 1,
    opaque: [],
    alarm: false,
    regions: [],
  };
}

test('squares side by side run straight from middle to middle instead of in steps', () => {
  const { displayScores, columns } = drawnMap(viewOf([0, 0.8], 16, 16));
  const row = [...displayScores.subarray(0, columns)].map((score) => Math.round(score * 100) / 100);
  expect(row).toEqual([0, 0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.8]);
});

test('what was not scored stays so and lends nothing', () => {
  const { displayScores, columns } = drawnMap(viewOf([0.6, Number.NaN, 0.6], 16, 16));
  const row = displayScores.subarray(0, columns);
  for (let column = 0; column < columns; column += 1) {
    if (column >= 4 && column < 8) expect(row[column]).toBeNaN();
    else expect(row[column]).toBeCloseTo(0.6, 6);
  }
});

test('overlapping tiles have been averaged already', () => {
  const view = viewOf([0.1, 0.9, 0.3], 64, 32);
  expect(drawnMap(view)).toBe(view.scoreMap);
});
