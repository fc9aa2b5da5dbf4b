import { applyToPoint, compose, invert, type Affine } from './geometry/affine';
import type { RayRow } from './geometry/shape';
import { SoftSheet } from './geometry/soft-sheet';
import type { Part, SolidModel } from './geometry/solid-model';
import { attenuationPerCm, MATERIAL_NAMES, type MaterialName } from './physics/materials';

/**
 * Where a pixel's ray goes. World coordinates in mm: x along the belt, y across it, z up from it.
 * The ray of (column, row) starts at (x of the column, sourceY, −sourceToBeltMm) and passes the
 * belt plane at y of the row: the fan magnifies y by sourceToBelt / (sourceToBelt + z), never x.
 */
export interface PictureGeometry {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pixelPitchMm: number;
  /** World x of the middle of column 0, and its change from column to column. */
  readonly firstX: number;
  readonly stepX: number;
  /** World y of the middle of row 0 at the belt. */
  readonly firstY: number;
  readonly sourceY: number;
  readonly sourceToBeltMm: number;
}

/** −ln of the transmission in each energy bin, bins of a pixel side by side. */
export interface AttenuationPlanes {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bins: number;
  readonly values: Float32Array;
}

/** Pixels of an object: 1 where it attenuates, in a box of the picture. */
export interface ObjectMask {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly bitmap: Uint8Array;
}

interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** An object is in a pixel where it takes more than this from −ln of the first bin. */
const MASK_ATTENUATION = 2e-4;

/** Adds objects to attenuation planes, one after the other; log transmissions add. */
export class Projector {
  readonly planes: AttenuationPlanes;
  private readonly perMm: ReadonlyMap<MaterialName, Float64Array>;

  constructor(
    private readonly geometry: PictureGeometry,
    binsKev: readonly number[],
  ) {
    const { widthPx, heightPx } = geometry;
    const values = new Float32Array(widthPx * heightPx * binsKev.length);
    this.planes = { widthPx, heightPx, bins: binsKev.length, values };
    this.perMm = new Map(
      MATERIAL_NAMES.map((name) => [
        name,
        Float64Array.from(binsKev, (energy) => attenuationPerCm(name, energy) / 10),
      ]),
    );
  }

  /** Projects a model and returns where it attenuates; null where that is nowhere. */
  project(model: SolidModel, pose: Affine): ObjectMask | null {
    const boxes = model.parts.map((part) => pixelBox(this.geometry, part, pose));
    const box = boxes.reduce(union, null);
    if (box === null) return null;
    const width = box.right - box.left;
    const height = box.bottom - box.top;
    const own = new Float32Array(width * height);
    // A hollow is sampled like the solid before it that it cuts: else their edges would not agree.
    const samplesOfSolid = new Map<MaterialName, number>();
    model.parts.forEach((part, at) => {
      const partBox = boxes[at];
      if (!partBox) return;
      const cut = part.fill < 0 ? samplesOfSolid.get(part.material) : undefined;
      const samples = cut ?? samplesPerSide(part, compose(pose, part.pose), this.geometry, partBox);
      if (part.fill > 0) samplesOfSolid.set(part.material, samples);
      this.projectPart(part, pose, partBox, samples, own, box);
    });
    const bitmap = new Uint8Array(width * height);
    for (let at = 0; at < own.length; at++) bitmap[at] = (own[at] ?? 0) > MASK_ATTENUATION ? 1 : 0;
    return { x: box.left, y: box.top, width, height, bitmap };
  }

  private projectPart(
    part: Part,
    pose: Affine,
    box: PixelBox,
    samples: number,
    own: Float32Array,
    modelBox: PixelBox,
  ): void {
    const perMm = this.perMm.get(part.material);
    if (perMm === undefined) return;
    const { geometry, planes } = this;
    const toLocal = invert(compose(pose, part.pose));
    const count = box.right - box.left;
    const paths = new Float64Array(count * samples);
    const summed = samples === 1 ? paths : new Float64Array(count);
    const strides = { x: geometry.stepX / samples, y: geometry.pixelPitchMm / samples };
    const inset = (samples - 1) / 2;
    const rays = newRayRow(count * samples);
    const ownWidth = modelBox.right - modelBox.left;
    const { bins, values } = planes;
    for (let row = box.top; row < box.bottom; row++) {
      if (samples > 1) summed.fill(0);
      const rowY = geometry.firstY + row * geometry.pixelPitchMm;
      const x = geometry.firstX + box.left * geometry.stepX - inset * strides.x;
      let mmPerT = 0;
      for (let sample = 0; sample < samples; sample++) {
        const y = rowY + (sample - inset) * strides.y;
        mmPerT = aimRow(rays, toLocal, geometry, x, y, strides.x);
        part.shape.writePaths(rays, paths);
        if (samples > 1) gather(paths, samples, summed);
      }
      const scale = (mmPerT * part.fill) / (samples * samples);
      let at = (row * planes.widthPx + box.left) * bins;
      let ownAt = (row - modelBox.top) * ownWidth + box.left - modelBox.left;
      for (let column = 0; column < count; column++, at += bins, ownAt++) {
        const path = summed[column] ?? 0;
        if (path === 0) continue;
        const mm = path * scale;
        for (let bin = 0; bin < bins; bin++) {
          values[at + bin] = (values[at + bin] ?? 0) + mm * (perMm[bin] ?? 0);
        }
        own[ownAt] = (own[ownAt] ?? 0) + mm * (perMm[0] ?? 0);
      }
    }
  }
}

/** Box of pixels that a part may touch, cut to the picture; null where it lies outside. */
function pixelBox(geometry: PictureGeometry, part: Part, pose: Affine): PixelBox | null {
  const toWorld = compose(pose, part.pose);
  const [hx, hy, hz] = part.shape.halfExtents;
  let [minColumn, maxColumn, minRow, maxRow] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const sx = corner & 1 ? hx : -hx;
    const sy = corner & 2 ? hy : -hy;
    const sz = corner & 4 ? hz : -hz;
    const [x, y, z] = applyToPoint(toWorld, [sx, sy, sz]);
    const column = (x - geometry.firstX) / geometry.stepX;
    const row = (atBelt(geometry, y, z) - geometry.firstY) / geometry.pixelPitchMm;
    minColumn = Math.min(minColumn, column);
    maxColumn = Math.max(maxColumn, column);
    minRow = Math.min(minRow, row);
    maxRow = Math.max(maxRow, row);
  }
  const left = Math.max(0, Math.floor(minColumn));
  const top = Math.max(0, Math.floor(minRow));
  const right = Math.min(geometry.widthPx, Math.ceil(maxColumn) + 1);
  const bottom = Math.min(geometry.heightPx, Math.ceil(maxRow) + 1);
  return left < right && top < bottom ? { left, top, right, bottom } : null;
}

function union(a: PixelBox | null, b: PixelBox | null): PixelBox | null {
  if (a === null || b === null) return a ?? b;
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

function newRayRow(count: number): RayRow {
  const none = { originX: 0, originY: 0, originZ: 0, stepX: 0, stepY: 0, stepZ: 0 };
  return { count, ...none, directionX: 0, directionY: 0, directionZ: 0 };
}

/** Points a row of rays in local coordinates; returns the length in mm of one unit of t. */
function aimRow(
  rays: RayRow,
  toLocal: Affine,
  geometry: PictureGeometry,
  x: number,
  y: number,
  step: number,
): number {
  const [originX, originY, originZ] = applyToPoint(toLocal, [
    x,
    geometry.sourceY,
    -geometry.sourceToBeltMm,
  ]);
  const across = y - geometry.sourceY;
  const up = geometry.sourceToBeltMm;
  rays.originX = originX;
  rays.originY = originY;
  rays.originZ = originZ;
  rays.stepX = toLocal[0] * step;
  rays.stepY = toLocal[4] * step;
  rays.stepZ = toLocal[8] * step;
  rays.directionX = toLocal[1] * across + toLocal[2] * up;
  rays.directionY = toLocal[5] * across + toLocal[6] * up;
  rays.directionZ = toLocal[9] * across + toLocal[10] * up;
  return Math.hypot(across, up);
}

/** Where the ray through (y, z) passes the belt plane. */
export function atBelt(geometry: PictureGeometry, y: number, z: number): number {
  const { sourceY, sourceToBeltMm } = geometry;
  return sourceY + ((y - sourceY) * sourceToBeltMm) / (sourceToBeltMm + z);
}

/**
 * Rays a side of a pixel: a wire thinner than a few pixels would flicker between them. The mean
 * path stands for the mean transmission, which is close for what is so thin.
 */
function samplesPerSide(
  part: Part,
  toWorld: Affine,
  geometry: PictureGeometry,
  box: PixelBox,
): number {
  if (part.shape instanceof SoftSheet) return 1;
  const area = (box.right - box.left) * (box.bottom - box.top);
  if (area > 40_000) return 1;
  const [hx, hy, hz] = part.shape.halfExtents;
  const side = (half: number, at: 0 | 1 | 2): number =>
    2 * half * Math.hypot(toWorld[at], toWorld[at + 4] ?? 0, toWorld[at + 8] ?? 0);
  const thinnest = Math.min(side(hx, 0), side(hy, 1), side(hz, 2)) / geometry.pixelPitchMm;
  if (thinnest >= 8) return 1;
  return thinnest < 3 && area < 4_000 ? 3 : 2;
}

function gather(paths: Float64Array, samples: number, summed: Float64Array): void {
  for (let column = 0, at = 0; column < summed.length; column++) {
    let sum = 0;
    for (let sample = 0; sample < samples; sample++) sum += paths[at++] ?? 0;
    summed[column] = (summed[column] ?? 0) + sum;
  }
}
