import { expect, test } from 'vitest';
import type { TileScore } from '../../src-shared/domain/screening-outcome';
import { bagAlarm, viewAlarm } from '../../src-shared/screening/alarm-regions';

const tile = (x: number, y: number, displayScore: number): TileScore => ({
  x,
  y,
  width: 10,
  height: 10,
  displayScore,
  anomalyScore: displayScore * 3,
});

test('a tile at φ does not alarm, one above does', () => {
  const tileScores = [tile(0, 0, 0.2)];
  expect(viewAlarm({ viewIndex: 2, tileScores }, 0.2)).toEqual({
    viewIndex: 2,
    alarm: false,
    regions: [],
  });
  expect(viewAlarm({ viewIndex: 2, tileScores }, 0.199).alarm).toBe(true);
});

test('overlap and a shared edge connect, a shared corner does not', () => {
  const overlapping = [tile(0, 0, 0.5), tile(5, 5, 0.9)];
  const { regions } = viewAlarm({ viewIndex: 0, tileScores: overlapping }, 0.3);
  expect(regions).toEqual([
    {
      x: 0,
      y: 0,
      width: 15,
      height: 15,
      displayScore: 0.9,
      anomalyScore: 0.9 * 3,
      areaPx: 175,
      peak: { x: 5, y: 5, width: 10, height: 10 },
    },
  ]);
  const edge = [tile(0, 0, 0.5), tile(10, 0, 0.5)];
  expect(viewAlarm({ viewIndex: 0, tileScores: edge }, 0.3).regions).toHaveLength(1);
  const corner = [tile(0, 0, 0.5), tile(10, 10, 0.5)];
  expect(viewAlarm({ viewIndex: 0, tileScores: corner }, 0.3).regions).toHaveLength(2);
});

test('regions come in descending order of their peak', () => {
  const tileScores = [tile(0, 0, 0.4), tile(50, 0, 0.8), tile(0, 50, 0.6)];
  const { regions } = viewAlarm({ viewIndex: 0, tileScores }, 0.3);
  expect(regions.map((region) => region.displayScore)).toEqual([0.8, 0.6, 0.4]);
});

test('a bag that could not be screened is unscored, never clear', () => {
  const error = { code: 'file-corrupt', message: 'broken' } as const;
  expect(bagAlarm({ state: 'unscored', error }, 0.2).state).toBe('unscored');
});

test('a view without a calibrated scale leaves the bag unscored', () => {
  const tileScores = [{ ...tile(0, 0, Number.NaN), anomalyScore: 4 }];
  const outcome = {
    state: 'screened',
    sha256: '',
    format: 'png',
    timesMs: { read: 0, tile: 0, score: 0, map: 0 },
    views: [
      {
        state: 'scored',
        viewIndex: 0,
        widthPx: 10,
        heightPx: 10,
        pixelKind: 'rgb',
        pixelPitchMm: null,
        tiles: { count: 1, skipped: 0, strideX: 10, strideY: 10 },
        tileScores,
        scoreMap: { columns: 0, rows: 0, cellPx: 1, displayScores: new Float32Array() },
        anomalyScoreMax: 4,
        displayScoreMax: Number.NaN,
        opaque: [],
      },
    ],
  } as const;
  expect(bagAlarm(outcome, 0).state).toBe('unscored');
});
