/** A view in coarse cells: where its bags are and how dense they are there. */
export interface BagCells {
  readonly columns: number;
  readonly rows: number;
  readonly cellPx: number;
  /** Number of the bag that a cell lies well inside of, from 1; 0 elsewhere. */
  readonly bag: Uint16Array;
  /** Mean attenuation of a cell, −ln of brightness. */
  readonly attenuation: Float32Array;
}

/** Side of a cell. */
const CELL_MM = 5;
/** Brightness under this share of the open beam is material. */
const MATERIAL_BELOW = 0.95;
/** Gaps up to twice this many cells between material belong to the bag, such as thin cloth. */
const CLOSE_CELLS = 3;
/** A bag's own wall: cells this near to its outside are not inside. */
const WALL_CELLS = 1;
/** Smaller things than this are not bags that hold something. */
const LEAST_BAG_CM2 = 120;

/**
 * Finds the inside of the bags of a view.
 * @param brightness 0 to 255 (open beam), as in CanonicalPicture
 */
export function findBagCells(
  brightness: Uint8Array,
  widthPx: number,
  heightPx: number,
  pixelPitchMm: number,
): BagCells {
  const cellPx = Math.max(1, CELL_MM / pixelPitchMm);
  const columns = Math.max(1, Math.floor(widthPx / cellPx));
  const rows = Math.max(1, Math.floor(heightPx / cellPx));
  const attenuation = new Float32Array(columns * rows);
  const material = new Uint8Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const mean = meanOf(brightness, widthPx, cellPx, column, row);
      const cell = row * columns + column;
      attenuation[cell] = -Math.log(Math.max(mean, 0.5) / 255);
      material[cell] = mean < 255 * MATERIAL_BELOW ? 1 : 0;
    }
  }
  const size = { columns, rows };
  const solid = fillHoles(closeGaps(material, size), size);
  const inside = shrink(solid, size, WALL_CELLS);
  const leastCells = (LEAST_BAG_CM2 * 100) / CELL_MM ** 2;
  return { ...size, cellPx, bag: numberAreas(inside, size, leastCells), attenuation };
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

function meanOf(
  values: Uint8Array,
  widthPx: number,
  cellPx: number,
  column: number,
  row: number,
): number {
  const [left, right] = [Math.floor(column * cellPx), Math.floor((column + 1) * cellPx)];
  const [top, bottom] = [Math.floor(row * cellPx), Math.floor((row + 1) * cellPx)];
  let sum = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) sum += values[y * widthPx + x] ?? 255;
  }
  return sum / ((right - left) * (bottom - top));
}

function closeGaps(mask: Uint8Array, size: Size): Uint8Array {
  let grown = mask;
  for (let step = 0; step < CLOSE_CELLS; step++) grown = neighbours(grown, size, 'any');
  return shrink(grown, size, CLOSE_CELLS);
}

function shrink(mask: Uint8Array, size: Size, steps: number): Uint8Array {
  let small = mask;
  for (let step = 0; step < steps; step++) small = neighbours(small, size, 'all');
  return small;
}

/** A cell is set where any, or all, of it and its four neighbours are; past the border lies the same. */
function neighbours(mask: Uint8Array, { columns, rows }: Size, which: 'any' | 'all'): Uint8Array {
  const wanted = which === 'any' ? 1 : 0;
  return mask.map((value, cell) => {
    const column = cell % columns;
    const found =
      value === wanted ||
      (column > 0 && mask[cell - 1] === wanted) ||
      (column < columns - 1 && mask[cell + 1] === wanted) ||
      (cell >= columns && mask[cell - columns] === wanted) ||
      (cell < columns * (rows - 1) && mask[cell + columns] === wanted);
    return found ? wanted : 1 - wanted;
  });
}

/** What cannot be reached from the border without crossing material is inside. */
function fillHoles(mask: Uint8Array, size: Size): Uint8Array {
  const outside = new Uint8Array(mask.length);
  const { columns, rows } = size;
  for (let cell = 0; cell < mask.length; cell++) {
    const column = cell % columns;
    const isBorder = column === 0 || column === columns - 1 || cell < columns;
    if (!isBorder && cell < columns * (rows - 1)) continue;
    flood(
      cell,
      size,
      (at) => mask[at] === 0 && outside[at] === 0,
      (at) => (outside[at] = 1),
    );
  }
  return outside.map((value) => 1 - value);
}

function numberAreas(mask: Uint8Array, size: Size, leastCells: number): Uint16Array {
  const numbers = new Uint16Array(mask.length);
  const seen = new Uint8Array(mask.length);
  let next = 1;
  for (let start = 0; start < mask.length; start++) {
    const cells: number[] = [];
    const isNew = (cell: number): boolean => mask[cell] === 1 && seen[cell] === 0;
    flood(start, size, isNew, (cell) => {
      seen[cell] = 1;
      cells.push(cell);
    });
    if (cells.length < leastCells) continue;
    for (const cell of cells) numbers[cell] = next;
    next++;
  }
  return numbers;
}

/** Takes all cells that hang together with the first one over edges; `take` must make `isOpen` false. */
function flood(
  start: number,
  { columns, rows }: Size,
  isOpen: (cell: number) => boolean,
  take: (cell: number) => void,
): void {
  if (!isOpen(start)) return;
  const stack = [start];
  take(start);
  for (let cell = stack.pop(); cell !== undefined; cell = stack.pop()) {
    const column = cell % columns;
    for (const next of [
      column > 0 ? cell - 1 : -1,
      column < columns - 1 ? cell + 1 : -1,
      cell - columns,
      cell + columns,
    ]) {
      if (next < 0 || next >= columns * rows || !isOpen(next)) continue;
      take(next);
      stack.push(next);
    }
  }
}
