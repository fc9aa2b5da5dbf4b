import type { Vector } from './affine';

/**
 * Rays of one picture row in a solid's own coordinates. Ray k is
 * (originX + k·stepX, …) + t · (directionX, …): along the belt only the origin moves.
 */
export interface RayRow {
  count: number;
  originX: number;
  originY: number;
  originZ: number;
  stepX: number;
  stepY: number;
  stepZ: number;
  directionX: number;
  directionY: number;
  directionZ: number;
}

/** A solid in its own coordinates. Affine maps keep t, so one unit sphere makes every ellipsoid. */
export interface Shape {
  /** Half the sides of a box about the origin that holds the solid. */
  readonly halfExtents: Vector;
  /** Writes, for each ray, the total length in t that lies inside the solid; 0 where it misses. */
  writePaths(rays: RayRow, paths: Float64Array): void;
}

/** The half space nx·x + ny·y + nz·z ≤ offset. */
export interface HalfSpace {
  readonly normal: Vector;
  readonly offset: number;
}
