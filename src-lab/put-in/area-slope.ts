import type { MapScore } from '../../src-shared/domain/model-bundle';
import type { TileGrid } from '../../src-shared/screening/tiling';
import { quantile } from '../evaluation/ranking-metrics';
import { RandomStream } from '../simulator/random-stream';

/** The scored squares of a benign view, without any correction for area. */
export interface ScoredSquares {
  readonly grid: TileGrid;
  readonly tileIndices: readonly number[];
  readonly anomalyScores: ArrayLike<number>;
}

/** Sides of the windows, as shares of the view's. */
const WINDOW_SIDES = [1, 0.84, 0.71, 0.59, 0.5];
const WINDOWS_PER_VIEW = 16;
/** Share of the windows, those that score highest, whose mean is to stay the same: they alarm. */
const ALARMING = 0.2;

/**
 * How fast the highest score of benign bags grows with area, measured inside the same bags: by the
 * highest scores of windows that are cut out of them at random, the mean of the highest fifth of
 * them, over the logarithm of the windows' area. Between bags it could not be told from what large
 * bags hold; a single quantile of some dozens of bags is too rough.
 */
export function measureAreaSlope(
  views: readonly ScoredSquares[],
  seed: number,
): NonNullable<MapScore['area']> {
  const points = WINDOW_SIDES.map((side) => {
    const random = new RandomStream([seed, 'area-windows', side]);
    const windows = views.flatMap((view) =>
      Array.from({ length: side === 1 ? 1 : WINDOWS_PER_VIEW }, () => window(view, side, random)),
    );
    const scored = windows.filter(({ squares }) => squares > 0);
    return {
      x: mean(scored.map(({ squares }) => Math.log(squares))),
      y: meanOfHighest(scored.map(({ highest }) => highest)),
    };
  });
  const squares = quantile(
    views.map(({ tileIndices }) => tileIndices.length),
    0.5,
  );
  return { slope: Math.max(0, slopeOf(points)), squares };
}

function window(
  { grid, tileIndices, anomalyScores }: ScoredSquares,
  side: number,
  random: RandomStream,
): { squares: number; highest: number } {
  const columns = grid.columnStartsPx.length;
  const rows = grid.rowStartsPx.length;
  const stretch = side === 1 ? 1 : random.range(0.8, 1.25);
  const width = Math.min(columns, Math.max(1, Math.round(columns * side * stretch)));
  const height = Math.min(rows, Math.max(1, Math.round((rows * side) / stretch)));
  const left = random.integer(0, columns - width);
  const top = random.integer(0, rows - height);
  let squares = 0;
  let highest = Number.NEGATIVE_INFINITY;
  tileIndices.forEach((index, position) => {
    const column = (index % columns) - left;
    const row = Math.floor(index / columns) - top;
    if (column < 0 || row < 0 || column >= width || row >= height) return;
    squares += 1;
    highest = Math.max(highest, anomalyScores[position] ?? Number.NaN);
  });
  return { squares, highest };
}

function meanOfHighest(values: readonly number[]): number {
  const count = Math.max(1, Math.round(values.length * ALARMING));
  return mean([...values].sort((a, b) => b - a).slice(0, count));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Least squares. */
function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): number {
  const x = mean(points.map((point) => point.x));
  const y = mean(points.map((point) => point.y));
  const across = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return across === 0
    ? 0
    : points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / across;
}
