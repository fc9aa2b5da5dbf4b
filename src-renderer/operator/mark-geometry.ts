import type { Mark } from '../../src-shared/domain/mark';
import { LINE_POINTS_LIMIT } from '../../src-shared/domain/mark';
import type { Affine } from '../viewer/overlay/affine';
import type { Point, Size } from '../viewer/viewpoint';

/** Points of a free line closer together than this on the screen say nothing more. */
const LINE_STEP_PX = 2;
/** A box smaller than this is a slip of the hand, in the view's pixels. */
const LEAST_BOX_PX = 2;

/** From the stage back to a view's pixels. */
export function toViewPoint({ a, b, c, d, e, f }: Affine, { x, y }: Point): Point {
  const determinant = a * d - b * c;
  return {
    x: (d * (x - e) - c * (y - f)) / determinant,
    y: (a * (y - f) - b * (x - e)) / determinant,
  };
}

/** The nearest point that lies on the view. */
export function withinView({ width, height }: Size, { x, y }: Point): Point {
  return { x: Math.min(width, Math.max(0, x)), y: Math.min(height, Math.max(0, y)) };
}

/** The box between two corners; null for one too small to be meant. */
export function boxBetween(viewIndex: number, from: Point, to: Point): Mark | null {
  const width = Math.abs(to.x - from.x);
  const height = Math.abs(to.y - from.y);
  if (width < LEAST_BOX_PX || height < LEAST_BOX_PX) return null;
  const corner = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y) };
  return { kind: 'box', viewIndex, ...corner, width, height };
}

/**
 * A free line with one more point, unless it adds nothing.
 * @param scale screen pixels a view pixel
 */
export function extendLine(points: readonly Point[], next: Point, scale: number): readonly Point[] {
  const last = points.at(-1);
  if (points.length >= LINE_POINTS_LIMIT) return points;
  if (last !== undefined && Math.hypot(next.x - last.x, next.y - last.y) * scale < LINE_STEP_PX) {
    return points;
  }
  return [...points, next];
}
