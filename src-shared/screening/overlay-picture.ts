import type { AlarmRegion, Box, ScoreMap } from '../domain/screening-outcome';
import { heatColour } from '../imaging/heat-colour';
import { interpolatedScore } from './interpolated-score';

type Rgb = readonly [number, number, number];

/** The machine's colour, its dark casing, and the colour of "look here yourself". */
const MAGENTA: Rgb = [255, 77, 196];
const CASING: Rgb = [12, 15, 20];
const AMBER: Rgb = [242, 184, 75];

export interface OverlayRequest {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The canonical picture, interleaved 8-bit RGB; it is not altered. */
  readonly rgb: Uint8Array;
  readonly scoreMap: ScoreMap;
  readonly regions: readonly AlarmRegion[];
  readonly opaque: readonly Box[];
}

/**
 * A view as a person sees it with the machine's findings: heat in ever denser magenta over the
 * picture, alarm regions framed in magenta and opaque areas in amber, both with a
 * dark casing so that they show on black and on white.
 * @returns interleaved 8-bit RGB of the same size
 */
export function overlayPicture(request: OverlayRequest): Uint8Array {
  const { widthPx, heightPx, scoreMap, regions, opaque } = request;
  const rgb = Uint8Array.from(request.rgb);
  const picture = { widthPx, heightPx, rgb };
  drawHeat(picture, scoreMap);
  const linePx = Math.max(2, Math.round(Math.min(widthPx, heightPx) / 300));
  for (const box of opaque) drawFrame(picture, box, linePx, AMBER);
  for (const region of regions) drawFrame(picture, region, linePx, MAGENTA);
  return rgb;
}

interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgb: Uint8Array;
}

function drawHeat({ widthPx, heightPx, rgb }: Picture, map: ScoreMap): void {
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const score = interpolatedScore(map, (x + 0.5) / map.cellPx, (y + 0.5) / map.cellPx);
      const [red, green, blue, opacity] = heatColour(score);
      if (opacity === 0) continue;
      const at = (y * widthPx + x) * 3;
      for (const [channel, heat] of [red, green, blue].entries()) {
        rgb[at + channel] = Math.round((rgb[at + channel] ?? 0) * (1 - opacity) + heat * opacity);
      }
    }
  }
}

/** A coloured line along the inside of a box, between two dark lines of half its width. */
function drawFrame(picture: Picture, box: Box, linePx: number, colour: Rgb): void {
  const casingPx = Math.max(1, Math.round(linePx / 2));
  drawRing(picture, box, 0, casingPx, CASING);
  drawRing(picture, box, casingPx, linePx, colour);
  drawRing(picture, box, casingPx + linePx, casingPx, CASING);
}

function drawRing(
  { widthPx, heightPx, rgb }: Picture,
  box: Box,
  insetPx: number,
  thicknessPx: number,
  colour: Rgb,
): void {
  const left = Math.max(0, box.x);
  const top = Math.max(0, box.y);
  const right = Math.min(widthPx, box.x + box.width);
  const bottom = Math.min(heightPx, box.y + box.height);
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      const depth = Math.min(x - left, y - top, right - 1 - x, bottom - 1 - y);
      if (depth < insetPx) continue;
      if (depth < insetPx + thicknessPx) rgb.set(colour, (y * widthPx + x) * 3);
      // Inside the ring of this row there is nothing to draw: go on at its other side.
      else x = right - 1 - (insetPx + thicknessPx);
    }
  }
}
