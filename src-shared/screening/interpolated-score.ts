import type { ScoreMap } from '../domain/screening-outcome';

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
