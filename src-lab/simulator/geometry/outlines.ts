import type { Vector } from './affine';
import type { Point } from './prism';
import type { HalfSpace } from './shape';

/** A rectangle about the origin with rounded corners, counter-clockwise. */
export function roundedRectangle(
  length: number,
  width: number,
  radius: number,
  pointsPerCorner = 6,
): Point[] {
  const r = Math.min(radius, length / 2 - 1e-3, width / 2 - 1e-3);
  const points: Point[] = [];
  const corners = [
    [1, 1, 0],
    [-1, 1, 1],
    [-1, -1, 2],
    [1, -1, 3],
  ] as const;
  for (const [sx, sy, quarter] of corners) {
    for (let step = 0; step <= pointsPerCorner; step++) {
      const angle = (Math.PI / 2) * (quarter + step / pointsPerCorner);
      const x = sx * (length / 2 - r) + r * Math.cos(angle);
      const y = sy * (width / 2 - r) + r * Math.sin(angle);
      points.push([x, y]);
    }
  }
  return points;
}

/** The outline of a circle or ellipse about a middle, counter-clockwise. */
export function ellipse(
  radiusX: number,
  radiusY = radiusX,
  middle: Point = [0, 0],
  sides = 20,
): Point[] {
  return Array.from({ length: sides }, (_, k): Point => {
    const angle = (2 * Math.PI * k) / sides;
    return [middle[0] + radiusX * Math.cos(angle), middle[1] + radiusY * Math.sin(angle)];
  });
}

/** A closed path in space from an outline at a height. */
export function closedPath(outline: readonly Point[], z: number): Vector[] {
  const points = outline.map(([x, y]): Vector => [x, y, z]);
  const first = points[0];
  return first === undefined ? points : [...points, first];
}

/** A smooth open curve through points (centripetal enough for cables): Catmull and Rom's spline. */
export function smoothPath(knots: readonly Vector[], stepsPerKnot: number): Vector[] {
  const at = (index: number): Vector =>
    knots[Math.min(Math.max(index, 0), knots.length - 1)] ?? [0, 0, 0];
  const path: Vector[] = [];
  for (let knot = 0; knot < knots.length - 1; knot++) {
    const [p0, p1, p2, p3] = [at(knot - 1), at(knot), at(knot + 1), at(knot + 2)];
    for (let step = 0; step < stepsPerKnot; step++) {
      const t = step / stepsPerKnot;
      const blend = (a: number, b: number, c: number, d: number): number =>
        0.5 *
        (2 * b +
          (c - a) * t +
          (2 * a - 5 * b + 4 * c - d) * t * t +
          (3 * b - a - 3 * c + d) * t ** 3);
      path.push([
        blend(p0[0], p1[0], p2[0], p3[0]),
        blend(p0[1], p1[1], p2[1], p3[1]),
        blend(p0[2], p1[2], p2[2], p3[2]),
      ]);
    }
  }
  return [...path, at(knots.length - 1)];
}

/** Points at equal distances along a path, with the direction of the path there (unit length). */
export function alongPath(
  path: readonly Vector[],
  spacing: number,
): { readonly point: Vector; readonly direction: Vector }[] {
  const found: { point: Vector; direction: Vector }[] = [];
  let untilNext = 0;
  for (let at = 1; at < path.length; at++) {
    const a = path[at - 1] ?? [0, 0, 0];
    const b = path[at] ?? a;
    const length = Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]);
    if (length < 1e-9) continue;
    const direction: Vector = [
      (b[0] - a[0]) / length,
      (b[1] - a[1]) / length,
      (b[2] - a[2]) / length,
    ];
    while (untilNext <= length) {
      const [dx, dy, dz] = direction;
      found.push({
        point: [a[0] + dx * untilNext, a[1] + dy * untilNext, a[2] + dz * untilNext],
        direction,
      });
      untilNext += spacing;
    }
    untilNext -= length;
  }
  return found;
}

/** Half spaces that bevel the edges of a box: its upright edges, and those of top and bottom. */
export function roundedBoxCuts(
  length: number,
  width: number,
  height: number,
  cornerRadius: number,
  edgeRadius: number,
): HalfSpace[] {
  const cuts: HalfSpace[] = [];
  for (const sx of [-1, 1]) {
    for (const sy of [-1, 1]) {
      for (let step = 1; step <= 5; step++) {
        const angle = (step * Math.PI) / 12;
        const nx = Math.cos(angle);
        const ny = Math.sin(angle);
        const offset =
          (length / 2 - cornerRadius) * nx + (width / 2 - cornerRadius) * ny + cornerRadius;
        cuts.push({ normal: [sx * nx, sy * ny, 0], offset });
      }
    }
  }
  for (const sz of [-1, 1]) {
    for (const side of [-1, 1]) {
      for (let step = 1; step <= 3; step++) {
        const flat = Math.cos((step * Math.PI) / 8);
        const up = Math.sin((step * Math.PI) / 8);
        const down = (height / 2 - edgeRadius) * up + edgeRadius;
        const alongX = (length / 2 - edgeRadius) * flat + down;
        const alongY = (width / 2 - edgeRadius) * flat + down;
        cuts.push({ normal: [side * flat, 0, sz * up], offset: alongX });
        cuts.push({ normal: [0, side * flat, sz * up], offset: alongY });
      }
    }
  }
  return cuts;
}
