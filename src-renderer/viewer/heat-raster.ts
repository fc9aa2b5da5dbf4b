import type { ScoreMap } from '../../src-shared/domain/screening-outcome';
import { heatColour } from '../../src-shared/imaging/heat-colour';
import type { Raster } from './raster';

/** Longest side of the heat's raster; the surface scales it up smoothly from there. */
const LONGEST_SIDE_PX = 1024;
const MOST_SAMPLES_A_CELL = 8;

/**
 * The score map as a picture of heat: scores are interpolated between cell centres, then coloured
 * (colouring first would blend colours of scores that lie nowhere between). A cell in which nothing
 * was scored stays transparent and lends nothing to its neighbours.
 */
export function heatRaster(map: ScoreMap): Raster {
  const samples = Math.max(
    1,
    Math.min(MOST_SAMPLES_A_CELL, Math.floor(LONGEST_SIDE_PX / Math.max(map.columns, map.rows))),
  );
  const widthPx = map.columns * samples;
  const heightPx = map.rows * samples;
  const rgba = new Uint8ClampedArray(widthPx * heightPx * 4);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const score = interpolatedScore(map, (x + 0.5) / samples, (y + 0.5) / samples);
      const [red, green, blue, alpha] = heatColour(score);
      const to = (y * widthPx + x) * 4;
      rgba[to] = red;
      rgba[to + 1] = green;
      rgba[to + 2] = blue;
      rgba[to + 3] = alpha * 255;
    }
  }
  return { widthPx, heightPx, rgba };
}

/**
 * displayScore at a point given in cells (0 to columns, 0 to rows), bilinear between cell centres
 * over the cells that were scored; NaN inside a cell that was not.
 */
export function interpolatedScore(map: ScoreMap, column: number, row: number): number {
  if (Number.isNaN(cellScore(map, Math.floor(column), Math.floor(row)))) return NaN;
  const left = Math.floor(column - 0.5);
  const top = Math.floor(row - 0.5);
  const shareX = column - 0.5 - left;
  const shareY = row - 0.5 - top;
  let sum = 0;
  let weights = 0;
  for (const [dx, dy] of NEIGHBOURS) {
    const score = cellScore(map, left + dx, top + dy);
    if (Number.isNaN(score)) continue;
    const weight = (dx === 0 ? 1 - shareX : shareX) * (dy === 0 ? 1 - shareY : shareY);
    sum += weight * score;
    weights += weight;
  }
  return weights > 0 ? sum / weights : NaN;
}

const NEIGHBOURS = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;

function cellScore(map: ScoreMap, column: number, row: number): number {
  if (column < 0 || row < 0 || column >= map.columns || row >= map.rows) return NaN;
  return map.displayScores[row * map.columns + column] ?? NaN;
}
