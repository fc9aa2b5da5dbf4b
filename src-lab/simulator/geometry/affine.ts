/** A point or direction in mm. */
export type Vector = readonly [number, number, number];

/** An affine map p ↦ M·p + t: M row by row, each row followed by its part of t (3 × 4). */
// prettier-ignore
export type Affine = readonly [
  number, number, number, number,
  number, number, number, number,
  number, number, number, number,
];

export const IDENTITY: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** The map that applies `inner` first, then `outer`. */
export function compose(outer: Affine, inner: Affine): Affine {
  const row = (at: number): [number, number, number, number] => {
    const a = outer[at] ?? 0;
    const b = outer[at + 1] ?? 0;
    const c = outer[at + 2] ?? 0;
    const d = outer[at + 3] ?? 0;
    return [
      a * inner[0] + b * inner[4] + c * inner[8],
      a * inner[1] + b * inner[5] + c * inner[9],
      a * inner[2] + b * inner[6] + c * inner[10],
      a * inner[3] + b * inner[7] + c * inner[11] + d,
    ];
  };
  return [...row(0), ...row(4), ...row(8)];
}

export function applyToPoint(map: Affine, [x, y, z]: Vector): [number, number, number] {
  return [
    map[0] * x + map[1] * y + map[2] * z + map[3],
    map[4] * x + map[5] * y + map[6] * z + map[7],
    map[8] * x + map[9] * y + map[10] * z + map[11],
  ];
}

/** @throws RangeError where the map flattens space */
export function invert(map: Affine): Affine {
  const [a, b, c, , d, e, f, , g, h, i] = map;
  const A = e * i - f * h;
  const B = f * g - d * i;
  const C = d * h - e * g;
  const determinant = a * A + b * B + c * C;
  if (Math.abs(determinant) < 1e-12) throw new RangeError('a flat map has no inverse');
  const s = 1 / determinant;
  // prettier-ignore
  const linear = [
    A * s, (c * h - b * i) * s, (b * f - c * e) * s,
    B * s, (a * i - c * g) * s, (c * d - a * f) * s,
    C * s, (b * g - a * h) * s, (a * e - b * d) * s,
  ] as const;
  const shift = (at: 0 | 3 | 6): number =>
    -(linear[at] * map[3] + (linear[at + 1] ?? 0) * map[7] + (linear[at + 2] ?? 0) * map[11]);
  // prettier-ignore
  return [
    linear[0], linear[1], linear[2], shift(0),
    linear[3], linear[4], linear[5], shift(3),
    linear[6], linear[7], linear[8], shift(6),
  ];
}

export function translation(x: number, y: number, z: number): Affine {
  return [1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z];
}

export function scaling(x: number, y: number, z: number): Affine {
  return [x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0];
}

/** Turns by an angle in radians about the axis x, y or z, counter-clockwise seen from its end. */
export function rotation(axis: 'x' | 'y' | 'z', angle: number): Affine {
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  if (axis === 'x') return [1, 0, 0, 0, 0, c, -s, 0, 0, s, c, 0];
  if (axis === 'y') return [c, 0, s, 0, 0, 1, 0, 0, -s, 0, c, 0];
  return [c, -s, 0, 0, s, c, 0, 0, 0, 0, 1, 0];
}

/** Applies the maps from right to left, as they are written in mathematics. */
export function chain(...maps: readonly Affine[]): Affine {
  return maps.reduce((outer, inner) => compose(outer, inner), IDENTITY);
}

/** The rigid map that carries the segment from the origin along z onto the one from a to b. */
export function alongSegment(a: Vector, b: Vector): Affine {
  const length = Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]) || 1;
  const w: Vector = [(b[0] - a[0]) / length, (b[1] - a[1]) / length, (b[2] - a[2]) / length];
  const helper: Vector = Math.abs(w[0]) < 0.8 ? [1, 0, 0] : [0, 1, 0];
  const ux = helper[1] * w[2] - helper[2] * w[1];
  const uy = helper[2] * w[0] - helper[0] * w[2];
  const uz = helper[0] * w[1] - helper[1] * w[0];
  const norm = Math.hypot(ux, uy, uz);
  const u: Vector = [ux / norm, uy / norm, uz / norm];
  const v: Vector = [
    w[1] * u[2] - w[2] * u[1],
    w[2] * u[0] - w[0] * u[2],
    w[0] * u[1] - w[1] * u[0],
  ];
  return [u[0], v[0], w[0], a[0], u[1], v[1], w[1], a[1], u[2], v[2], w[2], a[2]];
}
