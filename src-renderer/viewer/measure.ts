import type { Point } from './viewpoint';

/** Tools that measure on the picture: a length between two points, the angle at the second of three. */
export const MEASURE_TOOLS = ['ruler', 'angle'] as const;
export type MeasureTool = (typeof MEASURE_TOOLS)[number];

/** Points that a tool needs. */
export const POINTS_OF: Readonly<Record<MeasureTool, number>> = { ruler: 2, angle: 3 };

/** Points set on one view, in its pixels. */
export interface Measured {
  readonly tool: MeasureTool;
  readonly viewIndex: number;
  readonly points: readonly Point[];
}

/** Distance of two points in view pixels. */
export function lengthPx(from: Point, to: Point): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}

/** The angle at `apex` between the directions to two points, in degrees from 0 to 180; 0 where a point lies on it. */
export function angleDegrees(one: Point, apex: Point, other: Point): number {
  const [ax, ay] = [one.x - apex.x, one.y - apex.y];
  const [bx, by] = [other.x - apex.x, other.y - apex.y];
  return (Math.abs(Math.atan2(ax * by - ay * bx, ax * bx + ay * by)) * 180) / Math.PI;
}
