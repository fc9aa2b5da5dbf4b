import type { Affine } from '../../src-renderer/viewer/overlay/affine';
import type { Path } from '../../src-renderer/viewer/overlay/overlay-description';
import type { LineStyle, OverlaySurface } from '../../src-renderer/viewer/overlay/overlay-surface';
import type { Raster } from '../../src-renderer/viewer/raster';
import type { Point } from '../../src-renderer/viewer/viewpoint';
import type { Box } from '../../src-shared/domain/screening-outcome';

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/**
 * An overlay's surface of plain arithmetic over a picture, so that its pixels are the same on every
 * machine: a pixel is inked when its centre lies in the shape, words are blocks of the width that
 * they are measured with.
 */
export class SoftwareOverlaySurface implements OverlaySurface {
  #clips: readonly (readonly Box[])[] = [];

  /** @param rgb what lies under the overlay, drawn into */
  constructor(
    readonly widthPx: number,
    readonly heightPx: number,
    readonly rgb: Uint8Array,
  ) {}

  fill(box: Box, colour: string): void {
    this.#each(box, () => ink(colour));
  }

  stroke(box: Box, style: LineStyle): void {
    const right = box.x + box.width;
    const bottom = box.y + box.height;
    const corners = [
      { x: box.x, y: box.y },
      { x: right, y: box.y },
      { x: right, y: bottom },
      { x: box.x, y: bottom },
      { x: box.x, y: box.y },
    ];
    this.lines([corners], style);
  }

  lines(paths: readonly Path[], { colour, widthPx, dashPx }: LineStyle): void {
    for (const path of paths) {
      let before = 0;
      path.forEach((to, index) => {
        const from = path[index - 1];
        if (from === undefined) return;
        const start = before;
        before += Math.hypot(to.x - from.x, to.y - from.y);
        this.#each(around(from, to, widthPx), (x, y) => {
          const near = nearest(from, to, { x, y });
          if (near.distance > widthPx / 2) return null;
          const along = start + near.along;
          if (dashPx !== undefined && along % (dashPx[0] + dashPx[1]) >= dashPx[0]) return null;
          return ink(colour);
        });
      });
    }
  }

  hatch(boxes: readonly Box[], spacingPx: number, { colour, widthPx }: LineStyle): void {
    // A rising line's width, measured along x, is √2 of it.
    const reach = (widthPx * Math.SQRT2) / 2;
    for (const box of boxes) {
      this.#each(box, (x, y) => {
        const past = (x + y) % spacingPx;
        return Math.min(past, spacingPx - past) <= reach ? ink(colour) : null;
      });
    }
  }

  drawRaster(raster: Raster, { a, b, c, d, e, f }: Affine, opacity: number): void {
    const determinant = a * d - b * c;
    this.#each({ x: 0, y: 0, width: this.widthPx, height: this.heightPx }, (x, y) => {
      const column = (d * (x - e) - c * (y - f)) / determinant;
      const row = (a * (y - f) - b * (x - e)) / determinant;
      if (column < 0 || row < 0 || column >= raster.widthPx || row >= raster.heightPx) return null;
      const at = (Math.floor(row) * raster.widthPx + Math.floor(column)) * 4;
      const part = (channel: number) => raster.rgba[at + channel] ?? 0;
      return [part(0), part(1), part(2), (part(3) / 255) * opacity];
    });
  }

  write(words: string, x: number, y: number, colour: string, sizePx: number): void {
    const width = this.measure(words, sizePx);
    this.fill({ x, y: y - sizePx * 0.35, width, height: sizePx * 0.7 }, colour);
  }

  measure(words: string, sizePx: number): number {
    return words.length * sizePx * 0.6;
  }

  within(box: Box, paint: () => void): void {
    const before = this.#clips;
    this.#clips = [...before, [box]];
    paint();
    this.#clips = before;
  }

  /** Blends a colour over every pixel whose centre lies in the box and in all clips. */
  #each(box: Box, colourAt: (x: number, y: number) => Colour | null): void {
    const right = Math.min(this.widthPx, Math.ceil(box.x + box.width));
    const bottom = Math.min(this.heightPx, Math.ceil(box.y + box.height));
    for (let row = Math.max(0, Math.floor(box.y)); row < bottom; row += 1) {
      for (let column = Math.max(0, Math.floor(box.x)); column < right; column += 1) {
        const x = column + 0.5;
        const y = row + 0.5;
        if (!covers(box, x, y)) continue;
        if (!this.#clips.every((boxes) => boxes.some((clip) => covers(clip, x, y)))) continue;
        const colour = colourAt(x, y);
        if (colour === null) continue;
        const at = (row * this.widthPx + column) * 3;
        for (const channel of [0, 1, 2] as const) {
          const under = this.rgb[at + channel] ?? 0;
          this.rgb[at + channel] = Math.round(under + (colour[channel] - under) * colour[3]);
        }
      }
    }
  }
}

function ink(hex: string): Colour {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255, 1];
}

const covers = (box: Box, x: number, y: number): boolean =>
  x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;

function around(from: Point, to: Point, widthPx: number): Box {
  const x = Math.min(from.x, to.x) - widthPx;
  const y = Math.min(from.y, to.y) - widthPx;
  return {
    x,
    y,
    width: Math.abs(to.x - from.x) + 2 * widthPx,
    height: Math.abs(to.y - from.y) + 2 * widthPx,
  };
}

/** How far a point lies from a stretch, and how far along it its nearest point is. */
function nearest(from: Point, to: Point, point: Point): { distance: number; along: number } {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const unit = length === 0 ? 0 : 1 / length;
  const toX = (to.x - from.x) * unit;
  const toY = (to.y - from.y) * unit;
  const dot = (point.x - from.x) * toX + (point.y - from.y) * toY;
  const along = Math.min(length, Math.max(0, dot));
  const distance = Math.hypot(point.x - from.x - toX * along, point.y - from.y - toY * along);
  return { distance, along };
}
