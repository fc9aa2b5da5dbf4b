import { expect, test } from 'vitest';
import { calibrate, displayScore } from '../../src-shared/screening/calibration';
import { viewTiling } from '../../src-shared/screening/tiling';
import { viewOutcome } from '../../src-shared/screening/view-outcome';

const view = {
  index: 1,
  widthPx: 256,
  heightPx: 128,
  pixelPitchMm: null,
  pixels: { kind: 'rgb', rgb: new Uint8Array(256 * 128 * 3) },
} as const;
const tiling = viewTiling(view, {
  scale: { unit: 'factor', factor: 0.5 },
  tileSizePx: 64,
  stridePx: 32,
});
const calibration = calibrate(
  Array.from({ length: 99 }, (_, i) => i + 1),
  { scannerKinds: ['rgb-export'], pixelKinds: ['rgb'], benignSet: 'test' },
);

test('scores are put on the view in its own pixels', () => {
  const outcome = viewOutcome(
    view,
    [{ tiling, tileIndices: [0, 2], anomalyScores: [10, 60] }],
    calibration,
    [{ x: 1, y: 2, width: 3, height: 4 }],
  );
  if (outcome.state !== 'scored') throw new Error(outcome.error.message);
  expect(outcome.tiles).toEqual({ count: 3, skipped: 1, strideX: 64, strideY: 64 });
  expect(outcome.tileScores.map(({ x, y, width, height }) => [x, y, width, height])).toEqual([
    [0, 0, 128, 128],
    [128, 0, 128, 128],
  ]);
  expect(outcome.anomalyScoreMax).toBe(60);
  expect(outcome.displayScoreMax).toBe(displayScore(calibration, 60));
  expect(outcome.scoreMap.cellPx).toBe(16);
  expect(outcome.opaque).toHaveLength(1);
});

test('without a calibration raw scores stand and display scores do not', () => {
  const outcome = viewOutcome(view, [{ tiling, tileIndices: [1], anomalyScores: [10] }], null, []);
  if (outcome.state !== 'scored') throw new Error(outcome.error.message);
  expect(outcome.anomalyScoreMax).toBe(10);
  expect(outcome.displayScoreMax).toBeNaN();
});

test('a view in which no tile was scored is unscored', () => {
  const outcome = viewOutcome(
    view,
    [{ tiling, tileIndices: [], anomalyScores: [] }],
    calibration,
    [],
  );
  expect(outcome).toMatchObject({ state: 'unscored', error: { code: 'no-tile-scored' } });
});
