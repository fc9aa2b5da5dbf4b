import type { Vector } from './affine';
import { clipToHalfSpaces, clipToSlab, type Interval } from './clip';
import type { HalfSpace, RayRow, Shape } from './shape';

export type Point = readonly [number, number];

/**
 * A polygon in the xy plane pulled from −halfThickness to halfThickness along z, cut down by half
 * spaces (bevels of a blade). The outline may be concave; further rings are holes.
 */
export class Prism implements Shape {
  readonly halfExtents: Vector;
  /** x, y of both ends of every edge. */
  private readonly edges: Float64Array;
  private readonly crossings: Float64Array;

  constructor(
    rings: readonly (readonly Point[])[],
    private readonly halfThickness: number,
    private readonly cuts: readonly HalfSpace[] = [],
  ) {
    const edges: number[] = [];
    let halfX = 0;
    let halfY = 0;
    for (const ring of rings) {
      ring.forEach((from, at) => {
        const to = ring[(at + 1) % ring.length] ?? from;
        edges.push(from[0], from[1], to[0], to[1]);
        halfX = Math.max(halfX, Math.abs(from[0]));
        halfY = Math.max(halfY, Math.abs(from[1]));
      });
    }
    this.edges = Float64Array.from(edges);
    this.crossings = new Float64Array(edges.length / 4);
    this.halfExtents = [halfX, halfY, halfThickness];
  }

  writePaths(rays: RayRow, paths: Float64Array): void {
    const { directionX: dx, directionY: dy, directionZ: dz, stepX, stepY, stepZ } = rays;
    const flat2 = dx * dx + dy * dy;
    const isAlongZ = flat2 < 1e-16 * (flat2 + dz * dz);
    const [hx, hy] = this.halfExtents;
    const interval: Interval = { from: 0, to: 0 };
    for (let ray = 0; ray < rays.count; ray++) {
      paths[ray] = 0;
      const ox = rays.originX + ray * stepX;
      const oy = rays.originY + ray * stepY;
      const oz = rays.originZ + ray * stepZ;
      interval.from = -1e9;
      interval.to = 1e9;
      clipToSlab(interval, oz, dz, this.halfThickness);
      clipToSlab(interval, ox, dx, hx);
      clipToSlab(interval, oy, dy, hy);
      if (interval.to <= interval.from) continue;
      if (this.cuts.length > 0) {
        clipToHalfSpaces(interval, this.cuts, ox, oy, oz, dx, dy, dz);
        if (interval.to <= interval.from) continue;
      }
      if (isAlongZ) {
        if (this.holds(ox, oy)) paths[ray] = interval.to - interval.from;
      } else {
        paths[ray] = this.lengthInside(interval, ox, oy, dx, dy);
      }
    }
  }

  /** Even-odd rule along the ray's shadow in the xy plane. */
  private lengthInside(interval: Interval, ox: number, oy: number, dx: number, dy: number): number {
    const { edges, crossings } = this;
    let count = 0;
    for (let at = 0; at < edges.length; at += 4) {
      const ax = (edges[at] ?? 0) - ox;
      const ay = (edges[at + 1] ?? 0) - oy;
      const bx = (edges[at + 2] ?? 0) - ox;
      const by = (edges[at + 3] ?? 0) - oy;
      const sideA = dx * ay - dy * ax;
      const sideB = dx * by - dy * bx;
      if (sideA > 0 === sideB > 0) continue;
      const share = sideA / (sideA - sideB);
      const px = ax + share * (bx - ax);
      const py = ay + share * (by - ay);
      const t = Math.abs(dx) > Math.abs(dy) ? px / dx : py / dy;
      let slot = count++;
      while (slot > 0 && (crossings[slot - 1] ?? 0) > t) {
        crossings[slot] = crossings[slot - 1] ?? 0;
        slot--;
      }
      crossings[slot] = t;
    }
    let length = 0;
    for (let at = 0; at + 1 < count; at += 2) {
      const from = Math.max(crossings[at] ?? 0, interval.from);
      const to = Math.min(crossings[at + 1] ?? 0, interval.to);
      if (to > from) length += to - from;
    }
    return length;
  }

  private holds(x: number, y: number): boolean {
    const { edges } = this;
    let isInside = false;
    for (let at = 0; at < edges.length; at += 4) {
      const ay = edges[at + 1] ?? 0;
      const by = edges[at + 3] ?? 0;
      if (ay > y === by > y) continue;
      const ax = edges[at] ?? 0;
      const bx = edges[at + 2] ?? 0;
      if (x < ax + ((y - ay) / (by - ay)) * (bx - ax)) isInside = !isInside;
    }
    return isInside;
  }
}
