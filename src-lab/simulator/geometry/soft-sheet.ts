import type { Vector } from './affine';
import { noiseTexture, TEXTURE_SIDE, type TextureName } from './noise-texture';
import type { RayRow, Shape } from './shape';

export interface SheetForm {
  readonly halfWidth: number;
  readonly halfDepth: number;
  /** Mean thickness in mm where the sheet is whole. */
  readonly thickness: number;
  /** How much the texture changes the thickness, relative. */
  readonly roughness: number;
  readonly texture: TextureName;
  /** Length in mm over which the texture repeats, across and down. */
  readonly textureLength: readonly [number, number];
  readonly textureOffset: readonly [number, number];
  /** Relative change of thickness by the weave or knit, and the length over which it repeats. */
  readonly grain: number;
  readonly grainLength: number;
  /** Width of the edge over which the sheet thins out, as a share of its half side. */
  readonly edgeSoftness: number;
  /** How much the texture eats into the outline, as a share of the half side. */
  readonly edgeRoughness: number;
}

/**
 * Something soft that lies about the xy plane: a garment, a towel, a cushion. Its thickness is a
 * field over the plane, read where the ray crosses it: exact for a slab, close for slow changes.
 * Seen from its edge (the ray within 12° of the plane) the path no longer grows.
 */
export class SoftSheet implements Shape {
  readonly halfExtents: Vector;

  constructor(private readonly form: SheetForm) {
    this.halfExtents = [form.halfWidth, form.halfDepth, form.thickness * 1.2];
  }

  writePaths(rays: RayRow, paths: Float64Array): void {
    const { form } = this;
    const { directionX: dx, directionY: dy, directionZ: dz } = rays;
    const length = Math.hypot(dx, dy, dz);
    const steepness = Math.max(Math.abs(dz), 0.2 * length);
    const signedDz = dz < 0 ? -steepness : steepness;
    const texture = noiseTexture(form.texture);
    const perMmX = TEXTURE_SIDE / form.textureLength[0];
    const perMmY = TEXTURE_SIDE / form.textureLength[1];
    const offsetX = form.textureOffset[0] * TEXTURE_SIDE + 4 * TEXTURE_SIDE;
    const offsetY = form.textureOffset[1] * TEXTURE_SIDE + 4 * TEXTURE_SIDE;
    const weave = noiseTexture('weave');
    const perMmGrain = TEXTURE_SIDE / form.grainLength;
    const scale = form.thickness / steepness;
    for (let ray = 0; ray < rays.count; ray++) {
      paths[ray] = 0;
      const t = -(rays.originZ + ray * rays.stepZ) / signedDz;
      const x = rays.originX + ray * rays.stepX + t * dx;
      const y = rays.originY + ray * rays.stepY + t * dy;
      const u = x / form.halfWidth;
      const v = y / form.halfDepth;
      const u4 = u * u * u * u;
      const v4 = v * v * v * v;
      if (u4 >= 1 || v4 >= 1) continue;
      const noise = sample(texture, x * perMmX + offsetX, y * perMmY + offsetY);
      const inside = 1 - u4 - v4 + form.edgeRoughness * (noise - 0.6);
      if (inside <= 0) continue;
      const edge = inside < form.edgeSoftness ? Math.sqrt(inside / form.edgeSoftness) : 1;
      const grain = nearest(weave, x * perMmGrain, y * perMmGrain);
      const thickness = 1 + form.roughness * noise + form.grain * grain;
      if (thickness > 0) paths[ray] = scale * edge * thickness;
    }
  }
}

function nearest(texture: Float32Array, x: number, y: number): number {
  const mask = TEXTURE_SIDE - 1;
  return texture[(Math.floor(y) & mask) * TEXTURE_SIDE + (Math.floor(x) & mask)] ?? 0;
}

/** Bilinear, repeated endlessly. Coordinates in texture cells, over −1,000 cells. */
function sample(texture: Float32Array, x: number, y: number): number {
  const shiftedX = x + 4 * TEXTURE_SIDE;
  const shiftedY = y + 4 * TEXTURE_SIDE;
  const column = Math.floor(shiftedX);
  const row = Math.floor(shiftedY);
  const u = shiftedX - column;
  const v = shiftedY - row;
  const mask = TEXTURE_SIDE - 1;
  const left = column & mask;
  const right = (column + 1) & mask;
  const top = (row & mask) * TEXTURE_SIDE;
  const bottom = ((row + 1) & mask) * TEXTURE_SIDE;
  const above = (texture[top + left] ?? 0) * (1 - u) + (texture[top + right] ?? 0) * u;
  const below = (texture[bottom + left] ?? 0) * (1 - u) + (texture[bottom + right] ?? 0) * u;
  return above * (1 - v) + below * v;
}
