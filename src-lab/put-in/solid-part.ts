import type { RandomStream } from '../simulator/random-stream';

/** How an outline is bounded; lengths in model pixels, half sizes. */
type Outline =
  | { readonly kind: 'box'; readonly rounding: number; readonly taper: number }
  | { readonly kind: 'ellipse' }
  | { readonly kind: 'polygon'; readonly normals: readonly (readonly [number, number, number])[] }
  | { readonly kind: 'ring'; readonly wall: number };

/** How the thickness runs across a part. */
type Profile = 'flat' | 'rod' | 'wedge' | 'dome';

/** A convex piece of a solid (or a ring), placed in the crop. */
export interface SolidPart {
  readonly centreX: number;
  readonly centreY: number;
  readonly angle: number;
  readonly halfLength: number;
  readonly halfWidth: number;
  /** Curvature in 1 / px: the part's axis is an arc. */
  readonly bend: number;
  readonly outline: Outline;
  readonly profile: Profile;
  /** Attenuation at the part's thickest. */
  readonly attenuation: number;
}

/** Distance over which an edge fades, in model pixels. */
const EDGE_PX = 0.7;

/** Attenuation that a part adds at a point of the crop. */
export function partAttenuation(part: SolidPart, x: number, y: number): number {
  const dx = x - part.centreX;
  const dy = y - part.centreY;
  const cos = Math.cos(part.angle);
  const sin = Math.sin(part.angle);
  const along = dx * cos + dy * sin;
  const across = dy * cos - dx * sin - part.bend * along * along;
  const distance = outlineDistance(part, along, across);
  if (distance >= EDGE_PX) return 0;
  const coverage = distance <= -EDGE_PX ? 1 : 0.5 - distance / (2 * EDGE_PX);
  return part.attenuation * coverage * thickness(part, along, across);
}

/** Radius around the centre outside which a part adds nothing. */
export function partReach({ halfLength, halfWidth, bend }: SolidPart): number {
  return Math.hypot(halfLength, halfWidth + Math.abs(bend) * halfLength * halfLength) + 1;
}

function outlineDistance(part: SolidPart, along: number, across: number): number {
  const { outline, halfLength, halfWidth } = part;
  switch (outline.kind) {
    case 'box': {
      const share = Math.min(1, Math.max(0, (along / halfLength + 1) / 2));
      const width = halfWidth * (1 - outline.taper * share);
      const rounding = Math.min(outline.rounding, width);
      const qx = Math.abs(along) - halfLength + rounding;
      const qy = Math.abs(across) - width + rounding;
      return (
        Math.hypot(Math.max(qx, 0), Math.max(qy, 0)) + Math.min(Math.max(qx, qy), 0) - rounding
      );
    }
    case 'ellipse':
      return ellipseDistance(along, across, halfLength, halfWidth);
    case 'polygon': {
      let distance = Number.NEGATIVE_INFINITY;
      for (const [nx, ny, reach] of outline.normals) {
        distance = Math.max(distance, nx * along + ny * across - reach);
      }
      return distance;
    }
    case 'ring':
      return Math.abs(ellipseDistance(along, across, halfLength, halfWidth)) - outline.wall;
  }
}

/** First-order distance to an ellipse: exact on its outline, in scale near it. */
function ellipseDistance(x: number, y: number, a: number, b: number): number {
  const k0 = Math.hypot(x / a, y / b);
  const k1 = Math.hypot(x / (a * a), y / (b * b));
  return k1 < 1e-6 ? -Math.min(a, b) : (k0 * (k0 - 1)) / k1;
}

/** Share of the greatest thickness. */
function thickness(part: SolidPart, along: number, across: number): number {
  const u = Math.min(1, Math.abs(along) / part.halfLength);
  const v = Math.min(1, Math.abs(across) / part.halfWidth);
  switch (part.profile) {
    case 'flat':
      return 1;
    case 'rod':
      return Math.sqrt(Math.max(0.05, 1 - v * v));
    case 'wedge':
      return 0.25 + 0.75 * (1 - v);
    case 'dome':
      return Math.sqrt(Math.max(0.05, 1 - Math.min(1, (u * u + v * v) / 2)));
  }
}

/** Families of generic parts; none is the form of any threat. */
export const PART_FAMILIES = ['block', 'plate', 'ring', 'rod', 'disc', 'shard', 'bent'] as const;
export type PartFamily = (typeof PART_FAMILIES)[number];

/** Draws a part of a family around a point. `sizePx` is its length. */
export function drawPart(
  random: RandomStream,
  family: PartFamily,
  place: { readonly x: number; readonly y: number; readonly angle: number },
  sizePx: number,
  attenuation: number,
): SolidPart {
  const halfLength = sizePx / 2;
  const base = {
    centreX: place.x,
    centreY: place.y,
    angle: place.angle,
    halfLength,
    bend: 0,
    attenuation,
  };
  const box = (rounding: number, taper = 0): Outline => ({ kind: 'box', rounding, taper });
  switch (family) {
    case 'block': {
      const halfWidth = halfLength * random.range(0.25, 1);
      const taper = random.chance(0.3) ? random.range(0, 0.6) : 0;
      return { ...base, halfWidth, outline: box(random.range(0, 3), taper), profile: 'flat' };
    }
    case 'plate': {
      const halfWidth = Math.max(1.2, halfLength * random.range(0.08, 0.3));
      const taper = random.chance(0.5) ? random.range(0.2, 1) : 0;
      const profile = random.pick(['flat', 'flat', 'wedge']);
      return { ...base, halfWidth, outline: box(random.range(0, 2), taper), profile };
    }
    case 'ring': {
      const halfWidth = halfLength * random.range(0.5, 1);
      const wall = Math.max(0.8, halfLength * random.range(0.06, 0.25));
      return { ...base, halfWidth, outline: { kind: 'ring', wall }, profile: 'flat' };
    }
    case 'rod': {
      const halfWidth = Math.max(1, halfLength * random.range(0.06, 0.3));
      return { ...base, halfWidth, outline: box(random.range(0, 2)), profile: 'rod' };
    }
    case 'disc': {
      const halfWidth = halfLength * random.range(0.4, 1);
      const profile = random.pick(['flat', 'dome']);
      return { ...base, halfWidth, outline: { kind: 'ellipse' }, profile };
    }
    case 'shard': {
      const halfWidth = halfLength * random.range(0.3, 1);
      const sides = random.integer(3, 7);
      const start = random.range(0, Math.PI * 2);
      const normals = Array.from({ length: sides }, (_, side) => {
        const angle = start + ((side + random.range(-0.3, 0.3)) * 2 * Math.PI) / sides;
        const nx = Math.cos(angle);
        const ny = Math.sin(angle);
        const reach = 0.75 * Math.hypot(nx * halfLength, ny * halfWidth) * random.range(0.7, 1);
        return [nx, ny, reach] as const;
      });
      return { ...base, halfWidth, outline: { kind: 'polygon', normals }, profile: 'flat' };
    }
    case 'bent': {
      const halfWidth = Math.max(1, halfLength * random.range(0.06, 0.2));
      const bend = (random.range(0.1, 0.5) * random.pick([-1, 1])) / halfLength;
      const outline = box(random.range(0, 2), random.chance(0.5) ? random.range(0.2, 1) : 0);
      return { ...base, halfWidth, bend, outline, profile: random.pick(['flat', 'rod', 'wedge']) };
    }
  }
}
