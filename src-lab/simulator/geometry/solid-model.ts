import type { MaterialName } from '../physics/materials';
import {
  alongSegment,
  applyToPoint,
  chain,
  compose,
  IDENTITY,
  scaling,
  translation,
  type Affine,
  type Vector,
} from './affine';
import { Polyhedron, Sphere } from './convex-shapes';
import { Frustum } from './frustum';
import { Prism, type Point } from './prism';
import type { HalfSpace, Shape } from './shape';
import { SoftSheet, type SheetForm } from './soft-sheet';

/** One solid of a model. */
export interface Part {
  readonly shape: Shape;
  /** From the shape's coordinates to the model's, in mm. */
  readonly pose: Affine;
  readonly material: MaterialName;
  /**
   * Share of the material's full density. Negative takes material away: a bore is a solid of the
   * same material inside another, its path subtracted.
   */
  readonly fill: number;
}

export interface PartOptions {
  readonly at?: Affine;
  readonly fill?: number;
  readonly cuts?: readonly HalfSpace[];
}

/** Builds an object from solids; lengths in mm, each solid about the origin unless placed. */
export class SolidModel {
  readonly parts: Part[] = [];

  constructor(readonly className: string) {}

  box(material: MaterialName, size: Vector, options: PartOptions = {}): this {
    const half: Vector = [size[0] / 2, size[1] / 2, size[2] / 2];
    return this.add(new Polyhedron(half, options.cuts), material, options);
  }

  ellipsoid(material: MaterialName, radii: Vector, options: PartOptions = {}): this {
    const at = compose(options.at ?? IDENTITY, scaling(...radii));
    return this.add(new Sphere(options.cuts), material, { ...options, at });
  }

  /** A cylinder or cone about z. */
  cylinder(
    material: MaterialName,
    radius: number | readonly [number, number],
    length: number,
    options: PartOptions = {},
  ): this {
    const [start, end] = typeof radius === 'number' ? [radius, radius] : radius;
    return this.add(new Frustum(start, end, length / 2, options.cuts), material, options);
  }

  /** A cylinder with a bore. */
  pipe(
    material: MaterialName,
    radius: number,
    wall: number,
    length: number,
    options: PartOptions = {},
  ): this {
    this.cylinder(material, radius, length, options);
    const fill = -(options.fill ?? 1);
    return this.cylinder(material, radius - wall, length, { ...options, fill });
  }

  /** A solid of revolution about z through (z, radius) points, as a stack of cones. */
  lathe(material: MaterialName, profile: readonly Point[], options: PartOptions = {}): this {
    for (let at = 1; at < profile.length; at++) {
      const [z0, r0] = profile[at - 1] ?? [0, 0];
      const [z1, r1] = profile[at] ?? [0, 0];
      if (z1 - z0 < 1e-6) continue;
      const middle = translation(0, 0, (z0 + z1) / 2);
      this.cylinder(material, [r0, r1], z1 - z0, {
        ...options,
        at: compose(options.at ?? IDENTITY, middle),
      });
    }
    return this;
  }

  /** A vessel of revolution: the wall of the profile, and liquid (when given) inside it. */
  vessel(
    wallMaterial: MaterialName,
    profile: readonly Point[],
    wall: number,
    liquid: { material: MaterialName; fill?: number; level: HalfSpace } | null,
    options: PartOptions = {},
  ): this {
    const first = profile[0]?.[0] ?? 0;
    const last = profile[profile.length - 1]?.[0] ?? 0;
    const inner = profile.map(([z, r]): Point => [
      Math.min(Math.max(z, first + wall), last - wall),
      Math.max(0.1, r - wall),
    ]);
    for (let at = 1; at < profile.length; at++) {
      this.lathe(wallMaterial, profile.slice(at - 1, at + 1), options);
      const hollow = inner.slice(at - 1, at + 1);
      this.lathe(wallMaterial, hollow, { ...options, fill: -(options.fill ?? 1) });
    }
    if (liquid === null) return this;
    // Half spaces are stated in the vessel's coordinates; each cone has its own along z.
    for (let at = 1; at < inner.length; at++) {
      const [z0, r0] = inner[at - 1] ?? [0, 0];
      const [z1, r1] = inner[at] ?? [0, 0];
      if (z1 - z0 < 1e-6) continue;
      const middle = (z0 + z1) / 2;
      const { normal, offset } = liquid.level;
      this.cylinder(liquid.material, [r0, r1], z1 - z0, {
        at: compose(options.at ?? IDENTITY, translation(0, 0, middle)),
        fill: liquid.fill ?? 1,
        cuts: [{ normal, offset: offset - normal[2] * middle }],
      });
    }
    return this;
  }

  /** Rings of (x, y) points pulled to a thickness along z; rings after the first are holes. */
  prism(
    material: MaterialName,
    rings: readonly (readonly Point[])[],
    thickness: number,
    options: PartOptions = {},
  ): this {
    // A shape's box is about its origin, so the outline is brought there and placed back.
    const [x, y] = middleOf(rings[0] ?? []);
    const shifted = rings.map((ring) => ring.map(([px, py]): Point => [px - x, py - y]));
    const cuts = (options.cuts ?? []).map(({ normal, offset }) => ({
      normal,
      offset: offset - normal[0] * x - normal[1] * y,
    }));
    const at = compose(options.at ?? IDENTITY, translation(x, y, 0));
    return this.add(new Prism(shifted, thickness / 2, cuts), material, { ...options, at });
  }

  /** A round bar or wire along points; pieces are cut short so that each covers few pixels. */
  tube(
    material: MaterialName,
    points: readonly Vector[],
    radius: number,
    options: PartOptions & { wall?: number } = {},
  ): this {
    const base = options.at ?? IDENTITY;
    for (let at = 1; at < points.length; at++) {
      const a = points[at - 1] ?? [0, 0, 0];
      const b = points[at] ?? a;
      const length = Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]);
      if (length < 1e-6) continue;
      const pieces = Math.ceil(length / 60);
      const frame = alongSegment(a, b);
      for (let piece = 0; piece < pieces; piece++) {
        const middle = ((piece + 0.5) / pieces) * length;
        const place = { ...options, at: chain(base, frame, translation(0, 0, middle)) };
        if (options.wall === undefined) this.cylinder(material, radius, length / pieces, place);
        else this.pipe(material, radius, options.wall, length / pieces, place);
      }
    }
    return this;
  }

  /** A ring of round bar in the xy plane. */
  ring(
    material: MaterialName,
    ringRadius: number,
    barRadius: number,
    options: PartOptions = {},
  ): this {
    const sides = Math.max(10, Math.min(36, Math.round(ringRadius * 1.5)));
    const points = Array.from({ length: sides + 1 }, (_, k): Vector => {
      const angle = (2 * Math.PI * k) / sides;
      return [ringRadius * Math.cos(angle), ringRadius * Math.sin(angle), 0];
    });
    return this.tube(material, points, barRadius, options);
  }

  sheet(material: MaterialName, form: SheetForm, options: PartOptions = {}): this {
    return this.add(new SoftSheet(form), material, options);
  }

  /** Takes another model's parts into this one. */
  join(other: SolidModel, at: Affine = IDENTITY): this {
    for (const part of other.parts) this.parts.push({ ...part, pose: compose(at, part.pose) });
    return this;
  }

  /** Smallest upright box that holds the boxes of all parts, once turned: [low, high]. */
  bounds(turn: Affine = IDENTITY): readonly [Vector, Vector] {
    const low: [number, number, number] = [Infinity, Infinity, Infinity];
    const high: [number, number, number] = [-Infinity, -Infinity, -Infinity];
    for (const { shape, pose } of this.parts) {
      const toTurned = compose(turn, pose);
      for (const corner of cornersOf(shape.halfExtents)) {
        const point = applyToPoint(toTurned, corner);
        for (const axis of [0, 1, 2] as const) {
          low[axis] = Math.min(low[axis], point[axis]);
          high[axis] = Math.max(high[axis], point[axis]);
        }
      }
    }
    return [low, high];
  }

  private add(shape: Shape, material: MaterialName, options: PartOptions): this {
    this.parts.push({ shape, material, pose: options.at ?? IDENTITY, fill: options.fill ?? 1 });
    return this;
  }
}

/** Middle of the box that holds an outline. */
function middleOf(outline: readonly Point[]): Point {
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}

/** The eight corners of a box about the origin. */
function cornersOf([x, y, z]: Vector): Vector[] {
  const corners: Vector[] = [];
  for (const sx of [-1, 1]) {
    for (const sy of [-1, 1]) for (const sz of [-1, 1]) corners.push([sx * x, sy * y, sz * z]);
  }
  return corners;
}
