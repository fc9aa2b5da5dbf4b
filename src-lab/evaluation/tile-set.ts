import type { Box, TileScore } from '../../src-shared/domain/screening-outcome';

/** Scored boxes of one view, by one method: compact, so that those of a whole evaluation fit in memory. */
export interface TileSet {
  /** x, y, width, height of each tile, in the view's pixels. */
  readonly boxes: Float32Array;
  /** What the method says of each tile: the higher, the less benign. */
  readonly values: Float64Array;
}

/** @param values one a box, in the boxes' order */
export function tileSet(boxes: readonly Box[], values: ArrayLike<number>): TileSet {
  if (boxes.length !== values.length) {
    throw new RangeError(`${boxes.length} tiles were given with ${values.length} values.`);
  }
  const flat = new Float32Array(boxes.length * 4);
  boxes.forEach(({ x, y, width, height }, index) => {
    flat.set([x, y, width, height], index * 4);
  });
  return { boxes: flat, values: Float64Array.from(values) };
}

/** The tiles of a screened view by the model's raw score. */
export function anomalyTiles(tileScores: readonly TileScore[]): TileSet {
  return tileSet(
    tileScores,
    tileScores.map(({ anomalyScore }) => anomalyScore),
  );
}

/** The boxes of a set as objects, in order. */
export function boxesOf({ boxes, values }: TileSet): Box[] {
  return Array.from(values, (_, index) => ({
    x: boxes[index * 4] ?? 0,
    y: boxes[index * 4 + 1] ?? 0,
    width: boxes[index * 4 + 2] ?? 0,
    height: boxes[index * 4 + 3] ?? 0,
  }));
}

/** The highest value; −Infinity of nothing. */
export function highestOf(values: Iterable<number>): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > highest) highest = value;
  return highest;
}

/** Whether two boxes share an area. */
export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Whether a box lies wholly inside another. */
export function liesInside(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** A box with a margin on every side. */
export function widened({ x, y, width, height }: Box, marginPx: number): Box {
  return {
    x: x - marginPx,
    y: y - marginPx,
    width: width + 2 * marginPx,
    height: height + 2 * marginPx,
  };
}
