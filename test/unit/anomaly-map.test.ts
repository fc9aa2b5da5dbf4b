import { describe, expect, it } from 'vitest';
import {
  AnomalyMapJoiner,
  MAP_CELL_PX,
  SCORE_CELL_PX,
  scoreCells,
  scoreOfCells,
} from '../../src-shared/screening/anomaly-map';
import type { TileGrid, ViewTiling } from '../../src-shared/screening/tiling';
import { tileGrid } from '../../src-shared/screening/tiling';

const TILE = { tileSizePx: 32, stridePx: 16 };
const SIDE = TILE.tileSizePx / MAP_CELL_PX;

function tilingOf(grid: TileGrid): ViewTiling {
  return { factor: 1, grid, viewWidthPx: grid.widthPx, viewHeightPx: grid.heightPx };
}

function allTiles(grid: TileGrid): number[] {
  return Array.from({ length: grid.count }, (_, index) => index);
}

/** The joined map of all tiles, each cell of each tile by its number. */
function joinAll(
  grid: TileGrid,
  valueOf: (tile: number, row: number, column: number) => number,
  radius = 0,
) {
  const joiner = new AnomalyMapJoiner(grid);
  const maps = allTiles(grid).flatMap((tile) =>
    Array.from({ length: SIDE * SIDE }, (_, cell) =>
      valueOf(tile, Math.floor(cell / SIDE), cell % SIDE),
    ),
  );
  joiner.add(allTiles(grid), Float32Array.from(maps));
  return joiner.joined(radius);
}

/** NaN as soon as a value is. */
function largestDifference(values: Float64Array, expected: (cell: number) => number): number {
  return values.reduce((most, value, cell) => {
    const off = Math.abs(value - expected(cell));
    return off <= most ? most : off;
  }, 0);
}

const SIZES: readonly (readonly [number, number])[] = [
  [96, 64],
  [49, 65],
  [50, 71],
  [33, 33],
  [20, 50],
  [11, 7],
  [1, 1],
];

describe('the joined map', () => {
  it.each(SIZES)('of constant maps over %i×%i pixels is that constant everywhere', (w, h) => {
    for (const radius of [0, 2]) {
      const { columns, rows, values } = joinAll(tileGrid(w, h, TILE), () => -2.5, radius);
      expect(columns).toBe(Math.ceil(w / MAP_CELL_PX));
      expect(rows).toBe(Math.ceil(h / MAP_CELL_PX));
      expect(values).toHaveLength(columns * rows);
      expect(largestDifference(values, () => -2.5)).toBeLessThan(1e-9);
    }
  });

  it('puts every value where its tile lies', () => {
    const grid = tileGrid(96, 64, TILE);
    const columnsOfTiles = grid.columnStartsPx.length;
    const { columns, values } = joinAll(grid, (tile, row, column) => {
      const x = (grid.columnStartsPx[tile % columnsOfTiles] ?? NaN) / 2 + column;
      const y = (grid.rowStartsPx[Math.floor(tile / columnsOfTiles)] ?? NaN) / 2 + row;
      return y * 1000 + x;
    });
    const expected = (cell: number) => Math.floor(cell / columns) * 1000 + (cell % columns);
    expect(largestDifference(values, expected)).toBeLessThan(0.01);
  });

  it('trusts a tile’s middle over its neighbour’s rim', () => {
    const grid = tileGrid(64, 32, { tileSizePx: 32, stridePx: 32 - 8 });
    const { columns, values } = joinAll(grid, (tile) => tile);
    const row = Array.from(values.subarray(8 * columns, 9 * columns));
    // Tiles begin at cells 0, 12 and 16; at cell 13 the first is near its rim and so is the second.
    expect(row[3]).toBe(0);
    expect(row.at(-3)).toBe(2);
    expect(row[13] ?? NaN).toBeLessThan(0.5);
    expect(row[15] ?? NaN).toBeGreaterThan(0.5);
    for (let i = 1; i < row.length; i++) {
      expect(row[i] ?? NaN).toBeGreaterThanOrEqual((row[i - 1] ?? NaN) - 1e-9);
    }
  });

  it('does not depend on the chunks in which tiles come', () => {
    const grid = tileGrid(96, 64, TILE);
    const valueOf = (tile: number, row: number, column: number) =>
      Math.fround(Math.sin(tile * 7 + row * 3 + column));
    const whole = joinAll(grid, valueOf);
    const joiner = new AnomalyMapJoiner(grid);
    for (const tile of allTiles(grid).reverse()) {
      const map = Array.from({ length: SIDE * SIDE }, (_, cell) =>
        valueOf(tile, Math.floor(cell / SIDE), cell % SIDE),
      );
      joiner.add([tile], Float32Array.from(map));
    }
    const { values } = joiner.joined(0);
    expect(largestDifference(values, (cell) => whole.values[cell] ?? NaN)).toBeLessThan(1e-9);
  });

  it('is NaN where no tile was added, whatever the radius', () => {
    const grid = tileGrid(128, 32, { tileSizePx: 32, stridePx: 32 });
    for (const radius of [0, 3]) {
      const joiner = new AnomalyMapJoiner(grid);
      joiner.add([1], new Float32Array(SIDE * SIDE).fill(5));
      const { columns, values } = joiner.joined(radius);
      const scored = Array.from(values.keys()).filter((cell) => !Number.isNaN(values[cell]));
      expect(scored.map((cell) => cell % columns).sort((a, b) => a - b)).toEqual(
        Array.from({ length: SIDE * SIDE }, (_, i) => 16 + Math.floor(i / SIDE)),
      );
      for (const cell of scored) expect(values[cell]).toBeCloseTo(5, 9);
    }
  });

  it('takes the mean of the square around a cell, and only of cells that were scored', () => {
    const grid = tileGrid(64, 32, { tileSizePx: 32, stridePx: 32 });
    const joiner = new AnomalyMapJoiner(grid);
    const map = new Float32Array(SIDE * SIDE);
    map[8 * SIDE + 8] = 9;
    map[0] = 4;
    map[5 * SIDE + 15] = 6;
    joiner.add([0], map);
    const { columns, values } = joiner.joined(1);
    const at = (row: number, column: number) => values[row * columns + column];
    for (let row = 7; row <= 9; row++) {
      for (let column = 7; column <= 9; column++) expect(at(row, column)).toBeCloseTo(1, 9);
    }
    expect(at(6, 8)).toBeCloseTo(0, 9);
    expect(at(8, 10)).toBeCloseTo(0, 9);
    // A corner has four cells around it, and so has the rim to what was not scored six.
    expect(at(0, 0)).toBeCloseTo(1, 9);
    expect(at(1, 1)).toBeCloseTo(4 / 9, 9);
    expect(at(5, 15)).toBeCloseTo(1, 9);
    expect(at(5, 16)).toBeNaN();
  });

  it.each([1, 2, 5])('takes that mean at a radius of %i, less what lies outside', (radius) => {
    const grid = tileGrid(44, 38, TILE);
    const valueOf = (tile: number, row: number, column: number) =>
      Math.sin(tile * 7 + row * 3 + column * column);
    const { columns, rows, values } = joinAll(grid, valueOf);
    const expected = (cell: number): number => {
      const [row, column] = [Math.floor(cell / columns), cell % columns];
      let [sum, count] = [0, 0];
      for (let y = Math.max(0, row - radius); y <= Math.min(rows - 1, row + radius); y++) {
        for (
          let x = Math.max(0, column - radius);
          x <= Math.min(columns - 1, column + radius);
          x++
        ) {
          sum += values[y * columns + x] ?? NaN;
          count += 1;
        }
      }
      return sum / count;
    };
    expect(largestDifference(joinAll(grid, valueOf, radius).values, expected)).toBeLessThan(1e-9);
  });

  it('takes it over exactly the scored cells where others were not', () => {
    const grid = tileGrid(96, 96, { tileSizePx: 32, stridePx: 32 });
    const joiner = new AnomalyMapJoiner(grid);
    // A corner of tiles: rows of the square around a cell hold different numbers of scored cells.
    const tiles = [0, 1, 3, 8];
    const map = Array.from({ length: tiles.length * SIDE * SIDE }, (_, i) => Math.sin(i * i));
    joiner.add(tiles, Float32Array.from(map));
    const { columns, rows, values } = joiner.joined(0);
    const radius = 3;
    const expected = (cell: number): number => {
      const [row, column] = [Math.floor(cell / columns), cell % columns];
      const around = Array.from(values.keys()).filter(
        (other) =>
          !Number.isNaN(values[other]) &&
          Math.abs(Math.floor(other / columns) - row) <= radius &&
          Math.abs((other % columns) - column) <= radius,
      );
      return around.reduce((sum, other) => sum + (values[other] ?? NaN), 0) / around.length;
    };
    const joined = joiner.joined(radius).values;
    const scored = Array.from(values.keys()).filter((cell) => !Number.isNaN(values[cell]));
    expect(scored).toHaveLength(tiles.length * SIDE * SIDE);
    expect(columns * rows - scored.length).toBeGreaterThan(0);
    for (const cell of scored) expect(joined[cell]).toBeCloseTo(expected(cell), 9);
    const isScored = new Set(scored);
    for (const [cell, value] of joined.entries())
      expect(Number.isNaN(value)).toBe(!isScored.has(cell));
  });

  it('refuses maps of another size', () => {
    const joiner = new AnomalyMapJoiner(tileGrid(64, 32, TILE));
    expect(() => {
      joiner.add([0, 1], new Float32Array(SIDE * SIDE));
    }).toThrow(RangeError);
  });
});

describe('the squares of a map', () => {
  it.each(SIZES)('cover every cell of a picture of %i×%i pixels', (w, h) => {
    const grid = tileGrid(w, h, TILE);
    const tiling = scoreCells(tilingOf(grid));
    expect(tiling.grid.tileSizePx).toBe(SCORE_CELL_PX);
    const { columns, rows } = joinAll(grid, () => 0);
    const uncovered = Array.from({ length: columns * rows }, (_, cell) => cell).filter((cell) => {
      const values = new Float64Array(columns * rows);
      values[cell] = 1;
      return Math.max(...scoreOfCells({ columns, rows, values }, tiling).anomalyScores) !== 1;
    });
    expect(uncovered).toEqual([]);
  });

  it('score the highest of their own cells', () => {
    const tiling = scoreCells(tilingOf(tileGrid(48, 32, TILE)));
    const [columns, rows] = [24, 16];
    const values = new Float64Array(columns * rows).fill(-9);
    values[3 * columns + 2] = -1;
    values[4 * columns + 7] = -3;
    values[9 * columns + 8] = 7;
    const { tileIndices, anomalyScores } = scoreOfCells({ columns, rows, values }, tiling);
    expect(tileIndices).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...anomalyScores]).toEqual([-1, -9, -9, -9, 7, -9]);
  });

  it('are left out where nothing in them was scored, and count what was', () => {
    const tiling = scoreCells(tilingOf(tileGrid(48, 32, TILE)));
    const [columns, rows] = [24, 16];
    const values = new Float64Array(columns * rows).fill(Number.NaN);
    values[0] = -4;
    values[1] = -5;
    values[15 * columns + 23] = 2;
    const { tileIndices, anomalyScores } = scoreOfCells({ columns, rows, values }, tiling);
    expect(tileIndices).toEqual([0, 5]);
    expect([...anomalyScores]).toEqual([-4, 2]);
  });
});
