import type { TileGrid, ViewTiling } from './tiling';
import { tileGrid, tileOrigin } from './tiling';

/** Model pixels a side of one cell of a tile's anomaly map. */
export const MAP_CELL_PX = 2;
/** Model pixels a side of the squares that a joined map is scored in. */
export const SCORE_CELL_PX = 16;

/**
 * Joins the anomaly maps of overlapping tiles into one map of the view. Where tiles overlap, each
 * counts by its distance from its own edge, since a network knows least about its rim.
 */
export class AnomalyMapJoiner {
  private readonly columns: number;
  private readonly rows: number;
  private readonly sums: Float64Array;
  private readonly weights: Float64Array;

  constructor(private readonly grid: TileGrid) {
    this.columns = Math.ceil(grid.widthPx / MAP_CELL_PX);
    this.rows = Math.ceil(grid.heightPx / MAP_CELL_PX);
    this.sums = new Float64Array(this.columns * this.rows);
    this.weights = new Float64Array(this.columns * this.rows);
  }

  /**
   * Adds the maps of some tiles of the grid.
   * @param maps (tile, side / 2, side / 2), row-major, in the order of the indices
   */
  add(tileIndices: readonly number[], maps: Float32Array): void {
    const side = this.grid.tileSizePx / MAP_CELL_PX;
    if (maps.length !== tileIndices.length * side * side) {
      throw new RangeError(
        `${tileIndices.length} maps of ${side}×${side} cells were expected, ${maps.length} values were given.`,
      );
    }
    tileIndices.forEach((index, position) => {
      const { x, y } = tileOrigin(this.grid, index);
      const left = firstCell(x);
      const top = firstCell(y);
      const rows = Math.min(side, this.rows - top);
      const columns = Math.min(side, this.columns - left);
      for (let row = 0; row < rows; row++) {
        const rowWeight = edgeWeight(row, side);
        for (let column = 0; column < columns; column++) {
          const value = maps[(position * side + row) * side + column] ?? Number.NaN;
          const weight = rowWeight * edgeWeight(column, side);
          const cell = (top + row) * this.columns + left + column;
          this.sums[cell] = (this.sums[cell] ?? 0) + weight * value;
          this.weights[cell] = (this.weights[cell] ?? 0) + weight;
        }
      }
    });
  }

  /**
   * The joined map, each cell the mean over the scored cells of the square of `2 · radius + 1`
   * cells around it, so that area counts; NaN where no tile was added.
   */
  joined(radius: number): AnomalyMap {
    const { columns, rows } = this;
    const values = new Float64Array(columns * rows);
    for (let cell = 0; cell < values.length; cell++) {
      const weight = this.weights[cell] ?? 0;
      values[cell] = weight > 0 ? (this.sums[cell] ?? 0) / weight : Number.NaN;
    }
    return {
      columns,
      rows,
      values: radius === 0 ? values : meanAround(values, columns, rows, radius),
    };
  }
}

/** Row-major cells of MAP_CELL_PX model pixels; NaN where nothing was scored. */
export interface AnomalyMap {
  readonly columns: number;
  readonly rows: number;
  readonly values: Float64Array;
}

/** The squares in which a view with an anomaly map is scored: they do not overlap but at its edge. */
export function scoreCells(tiling: ViewTiling): ViewTiling {
  const { widthPx, heightPx } = tiling.grid;
  const shape = { tileSizePx: SCORE_CELL_PX, stridePx: SCORE_CELL_PX };
  return { ...tiling, grid: tileGrid(widthPx, heightPx, shape) };
}

/**
 * The score of each square: the maximum of the map inside it. Squares without any scored cell are
 * left out.
 */
export function scoreOfCells(
  map: AnomalyMap,
  { grid }: ViewTiling,
): { tileIndices: number[]; anomalyScores: Float64Array } {
  const tileIndices: number[] = [];
  const scores: number[] = [];
  for (let index = 0; index < grid.count; index++) {
    let highest = Number.NaN;
    for (const cell of cellsOfSquare(map, { grid }, index)) {
      const value = map.values[cell] ?? Number.NaN;
      if (!(value <= highest)) highest = Number.isNaN(value) ? highest : value;
    }
    if (Number.isNaN(highest)) continue;
    tileIndices.push(index);
    scores.push(highest);
  }
  return { tileIndices, anomalyScores: Float64Array.from(scores) };
}

/** The cells of the map that lie in one square of `scoreCells`, by their place in its values. */
export function cellsOfSquare(
  map: Pick<AnomalyMap, 'columns' | 'rows'>,
  { grid }: Pick<ViewTiling, 'grid'>,
  index: number,
): number[] {
  const side = SCORE_CELL_PX / MAP_CELL_PX;
  const { x, y } = tileOrigin(grid, index);
  const left = firstCell(x);
  const top = firstCell(y);
  const cells: number[] = [];
  for (let row = top; row < Math.min(top + side, map.rows); row++) {
    for (let column = left; column < Math.min(left + side, map.columns); column++) {
      cells.push(row * map.columns + column);
    }
  }
  return cells;
}

/**
 * First cell of a tile or square that begins at a pixel. Only the last of a row or column begins at
 * an odd one, snapped to the edge: rounded up, so that the picture's last half cell is in it.
 */
function firstCell(startPx: number): number {
  return Math.ceil(startPx / MAP_CELL_PX);
}

/** Grows from the rim to the middle; never 0, so that a cell that only rims reach is scored. */
function edgeWeight(cell: number, side: number): number {
  return Math.min(cell, side - 1 - cell, side / 4) + 0.5;
}

/** Sums and counts are taken apart, so that a cell counts the same wherever unscored ones lie. */
function meanAround(
  values: Float64Array,
  columns: number,
  rows: number,
  radius: number,
): Float64Array {
  const isScored = (value: number): boolean => !Number.isNaN(value);
  const sumOf = (from: Float64Array): Float64Array => {
    const acrossRows = sumsAlong(
      from,
      { count: columns, step: 1, lines: rows, line: columns },
      radius,
    );
    return sumsAlong(acrossRows, { count: rows, step: columns, lines: columns, line: 1 }, radius);
  };
  const sums = sumOf(values.map((value) => (isScored(value) ? value : 0)));
  const counts = sumOf(values.map((value) => (isScored(value) ? 1 : 0)));
  return values.map((value, cell) =>
    isScored(value) ? (sums[cell] ?? Number.NaN) / (counts[cell] ?? Number.NaN) : Number.NaN,
  );
}

/** How the lines of a map lie in its array: so many cells a line, `step` apart. */
interface Lines {
  readonly count: number;
  readonly step: number;
  readonly lines: number;
  /** From the beginning of one line to the next one's. */
  readonly line: number;
}

/** The sum over each cell and `radius` cells on either side of it in its line. */
function sumsAlong(
  from: Float64Array,
  { count, step, lines, line }: Lines,
  radius: number,
): Float64Array {
  const into = new Float64Array(from.length);
  for (let l = 0; l < lines; l++) {
    const at = (i: number): number => from[l * line + i * step] ?? 0;
    let sum = 0;
    for (let i = 0; i < Math.min(radius, count); i++) sum += at(i);
    for (let i = 0; i < count; i++) {
      if (i + radius < count) sum += at(i + radius);
      if (i - radius > 0) sum -= at(i - radius - 1);
      into[l * line + i * step] = sum;
    }
  }
  return into;
}
