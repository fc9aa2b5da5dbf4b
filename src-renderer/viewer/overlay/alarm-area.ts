import type { Box, TileScore } from '../../../src-shared/domain/screening-outcome';
import type { Path } from './overlay-description';

/** Exactly the pixels of a view that alarm: disjoint boxes that fill them, and their outline. */
export interface AlarmArea {
  readonly boxes: readonly Box[];
  readonly outline: readonly Path[];
}

/**
 * The union of the tiles above φ. It is what the alarm rule reads, unlike the averaged heat; for a
 * score finer than tiles (a joined map) its squares are that fine.
 */
export function alarmArea(tiles: readonly TileScore[], threshold: number): AlarmArea {
  const alarming = tiles.filter((tile) => tile.displayScore > threshold);
  const xs = edgesOf(alarming.flatMap(({ x, width }) => [x, x + width]));
  const ys = edgesOf(alarming.flatMap(({ y, height }) => [y, y + height]));
  const columns = Math.max(0, xs.length - 1);
  const rows = Math.max(0, ys.length - 1);
  const filled = new Uint8Array(columns * rows);
  const columnAt = new Map(xs.map((x, index) => [x, index]));
  const rowAt = new Map(ys.map((y, index) => [y, index]));
  for (const tile of alarming) {
    const left = columnAt.get(tile.x) ?? 0;
    const right = columnAt.get(tile.x + tile.width) ?? 0;
    const bottom = rowAt.get(tile.y + tile.height) ?? 0;
    for (let row = rowAt.get(tile.y) ?? 0; row < bottom; row += 1) {
      filled.fill(1, row * columns + left, row * columns + right);
    }
  }
  const isIn = (column: number, row: number): boolean =>
    column >= 0 &&
    row >= 0 &&
    column < columns &&
    row < rows &&
    filled[row * columns + column] === 1;
  const at = (list: readonly number[], index: number) => list[index] ?? 0;

  const boxes: Box[] = [];
  const outline: Path[] = [];
  for (let row = 0; row <= rows; row += 1) {
    const y = at(ys, row);
    runs(columns, (column) => isIn(column, row)).forEach(([from, to]) => {
      const x = at(xs, from);
      boxes.push({ x, y, width: at(xs, to) - x, height: at(ys, row + 1) - y });
    });
    runs(columns, (column) => isIn(column, row) !== isIn(column, row - 1)).forEach(([from, to]) =>
      outline.push([
        { x: at(xs, from), y },
        { x: at(xs, to), y },
      ]),
    );
  }
  for (let column = 0; column <= columns; column += 1) {
    const x = at(xs, column);
    runs(rows, (row) => isIn(column, row) !== isIn(column - 1, row)).forEach(([from, to]) =>
      outline.push([
        { x, y: at(ys, from) },
        { x, y: at(ys, to) },
      ]),
    );
  }
  return { boxes, outline };
}

function edgesOf(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** The longest stretches [from, to) in which something holds. */
function runs(count: number, holds: (index: number) => boolean): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  let from = -1;
  for (let index = 0; index <= count; index += 1) {
    const held = index < count && holds(index);
    if (held && from < 0) from = index;
    if (!held && from >= 0) {
      found.push([from, index]);
      from = -1;
    }
  }
  return found;
}
