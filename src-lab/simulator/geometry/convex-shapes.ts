import type { Vector } from './affine';
import { clipToHalfSpaces, clipToSlab, type Interval } from './clip';
import type { HalfSpace, RayRow, Shape } from './shape';

/** A box about the origin, cut down by half spaces: boxes, wedges, any convex polyhedron. */
export class Polyhedron implements Shape {
  constructor(
    readonly halfExtents: Vector,
    private readonly cuts: readonly HalfSpace[] = [],
  ) {}

  writePaths(rays: RayRow, paths: Float64Array): void {
    const { directionX: dx, directionY: dy, directionZ: dz, stepX, stepY, stepZ } = rays;
    const [hx, hy, hz] = this.halfExtents;
    const interval: Interval = { from: 0, to: 0 };
    for (let ray = 0; ray < rays.count; ray++) {
      const ox = rays.originX + ray * stepX;
      const oy = rays.originY + ray * stepY;
      const oz = rays.originZ + ray * stepZ;
      interval.from = -1e9;
      interval.to = 1e9;
      clipToSlab(interval, ox, dx, hx);
      clipToSlab(interval, oy, dy, hy);
      clipToSlab(interval, oz, dz, hz);
      if (this.cuts.length > 0 && interval.to > interval.from) {
        clipToHalfSpaces(interval, this.cuts, ox, oy, oz, dx, dy, dz);
      }
      paths[ray] = interval.to > interval.from ? interval.to - interval.from : 0;
    }
  }
}

/** The unit sphere about the origin, cut down by half spaces. */
export class Sphere implements Shape {
  readonly halfExtents: Vector = [1, 1, 1];

  constructor(private readonly cuts: readonly HalfSpace[] = []) {}

  writePaths(rays: RayRow, paths: Float64Array): void {
    const { directionX: dx, directionY: dy, directionZ: dz, stepX, stepY, stepZ } = rays;
    const a = dx * dx + dy * dy + dz * dz;
    const interval: Interval = { from: 0, to: 0 };
    for (let ray = 0; ray < rays.count; ray++) {
      const ox = rays.originX + ray * stepX;
      const oy = rays.originY + ray * stepY;
      const oz = rays.originZ + ray * stepZ;
      // The foot of the perpendicular first: far origins would cancel in the discriminant.
      const foot = -(ox * dx + oy * dy + oz * dz) / a;
      const px = ox + foot * dx;
      const py = oy + foot * dy;
      const pz = oz + foot * dz;
      const gap = 1 - (px * px + py * py + pz * pz);
      if (gap <= 0) {
        paths[ray] = 0;
        continue;
      }
      const half = Math.sqrt(gap / a);
      if (this.cuts.length === 0) {
        paths[ray] = 2 * half;
        continue;
      }
      interval.from = foot - half;
      interval.to = foot + half;
      clipToHalfSpaces(interval, this.cuts, ox, oy, oz, dx, dy, dz);
      paths[ray] = interval.to > interval.from ? interval.to - interval.from : 0;
    }
  }
}
