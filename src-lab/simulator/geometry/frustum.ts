import type { Vector } from './affine';
import { clipToHalfSpaces, clipToSlab, type Interval } from './clip';
import type { HalfSpace, RayRow, Shape } from './shape';

/**
 * A piece of a cone about z from −halfLength to halfLength, its radius going from `startRadius` to
 * `endRadius`; a cylinder where they are equal. Cut down by half spaces.
 */
export class Frustum implements Shape {
  readonly halfExtents: Vector;

  constructor(
    private readonly startRadius: number,
    private readonly endRadius: number,
    private readonly halfLength: number,
    private readonly cuts: readonly HalfSpace[] = [],
  ) {
    const radius = Math.max(startRadius, endRadius);
    this.halfExtents = [radius, radius, halfLength];
  }

  writePaths(rays: RayRow, paths: Float64Array): void {
    const { directionX: dx, directionY: dy, directionZ: dz, stepX, stepY, stepZ } = rays;
    const middle = (this.startRadius + this.endRadius) / 2;
    const slope = (this.endRadius - this.startRadius) / (2 * this.halfLength);
    const length2 = dx * dx + dy * dy + dz * dz;
    let a = dx * dx + dy * dy - slope * slope * dz * dz;
    if (Math.abs(a) < 1e-12 * length2) a = 1e-12 * length2;
    const interval: Interval = { from: 0, to: 0 };
    for (let ray = 0; ray < rays.count; ray++) {
      paths[ray] = 0;
      let ox = rays.originX + ray * stepX;
      let oy = rays.originY + ray * stepY;
      let oz = rays.originZ + ray * stepZ;
      // Start near the solid: far origins would cancel in the discriminant.
      const near = -(ox * dx + oy * dy + oz * dz) / length2;
      ox += near * dx;
      oy += near * dy;
      oz += near * dz;
      interval.from = -1e9;
      interval.to = 1e9;
      clipToSlab(interval, oz, dz, this.halfLength);
      if (interval.to <= interval.from) continue;
      if (this.cuts.length > 0) {
        clipToHalfSpaces(interval, this.cuts, ox, oy, oz, dx, dy, dz);
        if (interval.to <= interval.from) continue;
      }
      const radius = middle + slope * oz;
      const b = ox * dx + oy * dy - slope * dz * radius;
      const c = ox * ox + oy * oy - radius * radius;
      const discriminant = b * b - a * c;
      if (discriminant <= 0) {
        if (a < 0) paths[ray] = interval.to - interval.from;
        continue;
      }
      const root = Math.sqrt(discriminant);
      const first = a > 0 ? (-b - root) / a : (-b + root) / a;
      const second = a > 0 ? (-b + root) / a : (-b - root) / a;
      const inside = overlap(interval, first, second);
      // A ray steeper than the cone's side is outside it only between the two roots.
      paths[ray] = a > 0 ? inside : interval.to - interval.from - inside;
    }
  }
}

function overlap(interval: Interval, from: number, to: number): number {
  const length = Math.min(interval.to, to) - Math.max(interval.from, from);
  return length > 0 ? length : 0;
}
