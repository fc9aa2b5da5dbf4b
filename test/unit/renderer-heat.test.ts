import { describe, expect, test } from 'vitest';
import { heatColour, heatGradient } from '../../src-shared/imaging/heat-colour';
import { heatRaster } from '../../src-renderer/viewer/heat-raster';
import { interpolatedScore } from '../../src-shared/screening/interpolated-score';

describe('the colour of heat', () => {
  test('is transparent for what most benign bags reach, and where nothing was scored', () => {
    expect(heatColour(0)[3]).toBe(0);
    expect(heatColour(0.05)[3]).toBe(0);
    expect(heatColour(Number.NaN)[3]).toBe(0);
  });

  test('grows with the score', () => {
    let before = -1;
    for (let score = 0.05; score <= 1.0001; score += 0.01) {
      const alpha = heatColour(score)[3];
      expect(alpha).toBeGreaterThan(before);
      before = alpha;
    }
    expect(heatColour(1)[3]).toBeCloseTo(0.66, 9);
  });

  test('stands on the scale as it stands on the picture', () => {
    expect(heatGradient()).toContain('rgb(255 77 196 / 0.32) 20%');
  });
});

describe('the heat of a score map', () => {
  const map = {
    columns: 3,
    rows: 1,
    cellPx: 8,
    displayScores: Float32Array.from([0.2, 0.6, Number.NaN]),
  };

  test('has each cell’s own score at its centre and blends in between', () => {
    expect(interpolatedScore(map, 0.5, 0.5)).toBeCloseTo(0.2, 6);
    expect(interpolatedScore(map, 1, 0.5)).toBeCloseTo(0.4, 6);
    expect(interpolatedScore(map, 1.25, 0.5)).toBeCloseTo(0.5, 6);
  });

  test('is nowhere drawn over a cell that was not scored, and takes nothing from it', () => {
    expect(interpolatedScore(map, 2.01, 0.5)).toBeNaN();
    expect(interpolatedScore(map, 1.99, 0.5)).toBeCloseTo(0.6, 6);
    const raster = heatRaster(map);
    const samples = raster.widthPx / map.columns;
    const alphaAt = (x: number) => raster.rgba[x * 4 + 3] ?? -1;
    expect(alphaAt(samples * 2 - 1)).toBeGreaterThan(130);
    for (let x = samples * 2; x < raster.widthPx; x += 1) expect(alphaAt(x)).toBe(0);
  });

  test('stays within a thousand pixels for maps of large views', () => {
    const columns = 700;
    const raster = heatRaster({
      columns,
      rows: 2,
      cellPx: 8,
      displayScores: new Float32Array(columns * 2),
    });
    expect(raster.widthPx).toBeLessThanOrEqual(1024);
    expect(raster.rgba).toHaveLength(raster.widthPx * raster.heightPx * 4);
  });
});
