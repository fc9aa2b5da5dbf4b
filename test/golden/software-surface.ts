import type { Box } from '../../src-shared/domain/screening-outcome';
import type { DrawingSurface } from '../../src-renderer/viewer/drawing-surface';
import type { Raster } from '../../src-renderer/viewer/raster';

/**
 * A drawing surface of plain arithmetic, so that a frame's pixels are the same on every machine.
 * Rasters are sampled at pixel centres (bilinear when smooth, nearest otherwise), strokes and fills
 * cover whole pixels, words are blocks of the width that they are measured with.
 */
export class SoftwareSurface implements DrawingSurface {
  readonly rgb: Uint8Array;
  #clip: Box;

  constructor(
    readonly widthPx: number,
    readonly heightPx: number,
  ) {
    this.rgb = new Uint8Array(widthPx * heightPx * 3);
    this.#clip = { x: 0, y: 0, width: widthPx, height: heightPx };
  }

  fill(box: Box, colour: string): void {
    this.#each(box, () => [...hexColour(colour), 1]);
  }

  stroke(box: Box, colour: string, lineWidthPx: number, dashPx?: readonly [number, number]): void {
    const half = lineWidthPx / 2;
    const outer = {
      x: box.x - half,
      y: box.y - half,
      width: box.width + lineWidthPx,
      height: box.height + lineWidthPx,
    };
    const ink = [...hexColour(colour), 1] as const;
    this.#each(outer, (x, y) => {
      const across = Math.min(x - outer.x, outer.x + outer.width - x);
      const down = Math.min(y - outer.y, outer.y + outer.height - y);
      if (across > lineWidthPx && down > lineWidthPx) return null;
      if (dashPx === undefined) return ink;
      const along = down <= lineWidthPx ? x - outer.x : y - outer.y;
      return along % (dashPx[0] + dashPx[1]) < dashPx[0] ? ink : null;
    });
  }

  drawRaster(raster: Raster, place: Box, how: { smooth: boolean; opacity: number }): void {
    this.#each(place, (x, y) => {
      const column = ((x - place.x) / place.width) * raster.widthPx;
      const row = ((y - place.y) / place.height) * raster.heightPx;
      const [red, green, blue, alpha] = how.smooth
        ? bilinear(raster, column - 0.5, row - 0.5)
        : texel(raster, Math.floor(column), Math.floor(row));
      return [red, green, blue, alpha * how.opacity];
    });
  }

  write(words: string, x: number, y: number, colour: string, sizePx: number): void {
    const box = {
      x,
      y: y - sizePx * 0.35,
      width: this.measure(words, sizePx),
      height: sizePx * 0.7,
    };
    this.fill(box, colour);
  }

  measure(words: string, sizePx: number): number {
    return words.length * sizePx * 0.6;
  }

  within(box: Box, paint: () => void): void {
    const before = this.#clip;
    const x = Math.max(before.x, box.x);
    const y = Math.max(before.y, box.y);
    this.#clip = {
      x,
      y,
      width: Math.min(before.x + before.width, box.x + box.width) - x,
      height: Math.min(before.y + before.height, box.y + box.height) - y,
    };
    paint();
    this.#clip = before;
  }

  /** Blends a colour over every pixel whose centre lies in the box and in the clip. */
  #each(box: Box, colourAt: (x: number, y: number) => Colour | null): void {
    const clip = this.#clip;
    const first = (from: number, other: number) =>
      Math.max(0, Math.ceil(Math.max(from, other) - 0.5));
    const last = (end: number, other: number, most: number) =>
      Math.min(most - 1, Math.ceil(Math.min(end, other) - 0.5) - 1);
    const right = last(box.x + box.width, clip.x + clip.width, this.widthPx);
    const bottom = last(box.y + box.height, clip.y + clip.height, this.heightPx);
    for (let y = first(box.y, clip.y); y <= bottom; y += 1) {
      for (let x = first(box.x, clip.x); x <= right; x += 1) {
        const colour = colourAt(x + 0.5, y + 0.5);
        if (colour === null) continue;
        const at = (y * this.widthPx + x) * 3;
        for (const channel of [0, 1, 2] as const) {
          const under = this.rgb[at + channel] ?? 0;
          this.rgb[at + channel] = Math.round(under + (colour[channel] - under) * colour[3]);
        }
      }
    }
  }
}

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

function hexColour(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function texel(raster: Raster, column: number, row: number): Colour {
  const x = Math.min(raster.widthPx - 1, Math.max(0, column));
  const y = Math.min(raster.heightPx - 1, Math.max(0, row));
  const at = (y * raster.widthPx + x) * 4;
  const part = (channel: number) => raster.rgba[at + channel] ?? 0;
  return [part(0), part(1), part(2), part(3) / 255];
}

/** Blends premultiplied colours, as canvases do: a transparent neighbour lends no colour. */
function bilinear(raster: Raster, column: number, row: number): Colour {
  const left = Math.floor(column);
  const top = Math.floor(row);
  const sum: [number, number, number, number] = [0, 0, 0, 0];
  for (const [dx, dy] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const) {
    const [red, green, blue, alpha] = texel(raster, left + dx, top + dy);
    const weight =
      (dx === 0 ? 1 - (column - left) : column - left) * (dy === 0 ? 1 - (row - top) : row - top);
    sum[0] += red * alpha * weight;
    sum[1] += green * alpha * weight;
    sum[2] += blue * alpha * weight;
    sum[3] += alpha * weight;
  }
  const alpha = sum[3];
  return alpha === 0 ? [0, 0, 0, 0] : [sum[0] / alpha, sum[1] / alpha, sum[2] / alpha, alpha];
}
