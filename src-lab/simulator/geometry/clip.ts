import type { HalfSpace } from './shape';

/** An interval of t, cut down by one solid after the other; empty where from ≥ to. */
export interface Interval {
  from: number;
  to: number;
}

/** Cuts the interval to −half ≤ origin + t·direction ≤ half. */
export function clipToSlab(
  interval: Interval,
  origin: number,
  direction: number,
  half: number,
): void {
  if (direction > -1e-12 && direction < 1e-12) {
    if (origin > half || origin < -half) interval.to = interval.from;
    return;
  }
  const a = (-half - origin) / direction;
  const b = (half - origin) / direction;
  const near = a < b ? a : b;
  const far = a < b ? b : a;
  if (near > interval.from) interval.from = near;
  if (far < interval.to) interval.to = far;
}

/** Cuts the interval to the inside of every half space. */
export function clipToHalfSpaces(
  interval: Interval,
  halfSpaces: readonly HalfSpace[],
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
): void {
  for (const { normal, offset } of halfSpaces) {
    const slope = normal[0] * dx + normal[1] * dy + normal[2] * dz;
    const room = offset - (normal[0] * ox + normal[1] * oy + normal[2] * oz);
    if (slope > 1e-12) {
      const t = room / slope;
      if (t < interval.to) interval.to = t;
    } else if (slope < -1e-12) {
      const t = room / slope;
      if (t > interval.from) interval.from = t;
    } else if (room < 0) {
      interval.to = interval.from;
    }
  }
}
