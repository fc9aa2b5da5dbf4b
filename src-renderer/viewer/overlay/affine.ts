import type { Box } from '../../../src-shared/domain/screening-outcome';
import type { Point } from '../viewpoint';

/**
 * How view pixels lie on a screen, turned and mirrored or not: x' = a·x + c·y + e,
 * y' = b·x + d·y + f (the order of a DOMMatrix).
 */
export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export function movePoint({ a, b, c, d, e, f }: Affine, { x, y }: Point): Point {
  return { x: a * x + c * y + e, y: b * x + d * y + f };
}

/** The upright box around a box that was moved; exactly that box under quarter turns and mirrors. */
export function moveBox(affine: Affine, box: Box): Box {
  const one = movePoint(affine, box);
  const other = movePoint(affine, { x: box.x + box.width, y: box.y + box.height });
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  return { x, y, width: Math.abs(other.x - one.x), height: Math.abs(other.y - one.y) };
}

/** The same move on a screen whose pixels are `ratio` times as fine. */
export function scaleAffine({ a, b, c, d, e, f }: Affine, ratio: number): Affine {
  return { a: a * ratio, b: b * ratio, c: c * ratio, d: d * ratio, e: e * ratio, f: f * ratio };
}

/** First stretches and shifts (x · scale + from), then moves: how a raster over a box lies on the screen. */
export function afterStretch(
  { a, b, c, d, e, f }: Affine,
  from: Point,
  scaleX: number,
  scaleY: number,
): Affine {
  return {
    a: a * scaleX,
    b: b * scaleX,
    c: c * scaleY,
    d: d * scaleY,
    e: a * from.x + c * from.y + e,
    f: b * from.x + d * from.y + f,
  };
}
