import type { ViewSize } from './measured-bag';
import type { ThreatRegion } from './threat-masks';
import type { TileSet } from './tile-set';
import { boxesOf } from './tile-set';

/** How many pixels have a value. */
export type PixelCounts = ReadonlyMap<number, number>;

/**
 * The pixels of a bag by their value, which is that of the highest tile over them, so that the
 * pixels above a level are exactly those that alarm at it; −Infinity where no tile was scored.
 */
export interface PixelEvidence {
  /** Pixels that lie on no threat. */
  readonly beside: PixelCounts;
  /** Pixels of each threat region. */
  readonly regions: readonly PixelCounts[];
}

/** @param regions of each view; null where all pixels are benign */
export function pixelEvidence(
  views: readonly ViewSize[],
  tiles: readonly TileSet[],
  regions: readonly (readonly ThreatRegion[])[] | null,
): PixelEvidence {
  const beside = new Map<number, number>();
  const ofRegions: Map<number, number>[] = [];
  views.forEach((view, at) => {
    const cells = new PixelCells(view, tiles[at]);
    const onAny = new Uint8Array(regions === null ? 0 : view.widthPx * view.heightPx);
    cells.countAll(beside);
    for (const region of regions?.[at] ?? []) {
      const counts = new Map<number, number>();
      for (const pixel of region) {
        const value = cells.valueAt(pixel);
        add(counts, value, 1);
        if (onAny[pixel] === 0) add(beside, value, -1);
        onAny[pixel] = 1;
      }
      ofRegions.push(counts);
    }
  });
  return { beside, regions: ofRegions };
}

/** A view cut along its tiles' edges into cells of one value each. */
class PixelCells {
  readonly #widthPx: number;
  readonly #columnOf: Uint32Array;
  readonly #rowOf: Uint32Array;
  readonly #columns: number;
  readonly #values: Float64Array;

  constructor({ widthPx, heightPx }: ViewSize, tiles: TileSet | undefined) {
    const boxes = tiles === undefined ? [] : boxesOf(tiles);
    this.#widthPx = widthPx;
    this.#columnOf = cellsAlong(
      widthPx,
      boxes.flatMap(({ x, width }) => [x, x + width]),
    );
    this.#rowOf = cellsAlong(
      heightPx,
      boxes.flatMap(({ y, height }) => [y, y + height]),
    );
    this.#columns = (this.#columnOf.at(-1) ?? 0) + 1;
    this.#values = new Float64Array(this.#columns * ((this.#rowOf.at(-1) ?? 0) + 1));
    this.#values.fill(Number.NEGATIVE_INFINITY);
    boxes.forEach(({ x, y, width, height }, tile) => {
      const value = tiles?.values[tile] ?? Number.NEGATIVE_INFINITY;
      const left = this.#columnOf[Math.round(x)] ?? 0;
      const top = this.#rowOf[Math.round(y)] ?? 0;
      const right = this.#columnOf[Math.min(widthPx, Math.round(x + width)) - 1] ?? 0;
      const bottom = this.#rowOf[Math.min(heightPx, Math.round(y + height)) - 1] ?? 0;
      for (let row = top; row <= bottom; row += 1) {
        for (let column = left; column <= right; column += 1) {
          const cell = row * this.#columns + column;
          this.#values[cell] = Math.max(value, this.#values[cell] ?? value);
        }
      }
    });
  }

  valueAt(pixel: number): number {
    const column = this.#columnOf[pixel % this.#widthPx] ?? 0;
    const row = this.#rowOf[Math.floor(pixel / this.#widthPx)] ?? 0;
    return this.#values[row * this.#columns + column] ?? Number.NEGATIVE_INFINITY;
  }

  /** Adds every pixel of the view to its value's count. */
  countAll(counts: Map<number, number>): void {
    const widths = lengths(this.#columnOf, this.#columns);
    const heights = lengths(this.#rowOf, this.#values.length / this.#columns);
    this.#values.forEach((value, cell) => {
      const width = widths[cell % this.#columns] ?? 0;
      add(counts, value, width * (heights[Math.floor(cell / this.#columns)] ?? 0));
    });
  }
}

/** For each pixel along a side the cell that it lies in: a new cell begins at every edge. */
function cellsAlong(lengthPx: number, edges: readonly number[]): Uint32Array {
  const begins = new Set(edges.map((edge) => Math.round(edge)));
  let cell = 0;
  return Uint32Array.from({ length: lengthPx }, (_, pixel) => {
    if (pixel > 0 && begins.has(pixel)) cell += 1;
    return cell;
  });
}

function lengths(cellOf: Uint32Array, cells: number): Uint32Array {
  const found = new Uint32Array(cells);
  for (const cell of cellOf) found[cell] = (found[cell] ?? 0) + 1;
  return found;
}

function add(counts: Map<number, number>, value: number, amount: number): void {
  counts.set(value, (counts.get(value) ?? 0) + amount);
}
