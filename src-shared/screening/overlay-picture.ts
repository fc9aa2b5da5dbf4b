import type { AlarmRegion, Box, ScoreMap } from '../domain/screening-outcome';

type Rgb = readonly [number, number, number];

/** The machine's colour, its dark casing, and the colour of "look here yourself". */
const MAGENTA: Rgb = [255, 77, 196];
const NEAR_WHITE: Rgb = [255, 236, 250];
const CASING: Rgb = [12, 15, 20];
const AMBER: Rgb = [242, 184, 75];

/** Heat is clear up to this displayScore, and strongest at 1. */
const HEAT_FROM = 0.05;
const MAX_HEAT_OPACITY = 0.7;

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
 * A view as a person sees it with the machine's findings: heat from clear through magenta to near
 * white over the picture, alarm regions framed in magenta and opaque areas in amber, both with a
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
      const score = scoreBetweenCells(map, (x + 0.5) / map.cellPx, (y + 0.5) / map.cellPx);
      // NaN, where no tile was scored, is not above the limit either.
      if (!(score > HEAT_FROM)) continue;
      const strength = Math.min(1, (score - HEAT_FROM) / (1 - HEAT_FROM));
      const opacity = MAX_HEAT_OPACITY * Math.sqrt(strength);
      const at = (y * widthPx + x) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        const from = MAGENTA[channel] ?? 0;
        const heat = from + ((NEAR_WHITE[channel] ?? 0) - from) * strength * strength;
        rgb[at + channel] = Math.round((rgb[at + channel] ?? 0) * (1 - opacity) + heat * opacity);
      }
    }
  }
}

/** Bilinear between the centres of the cells that have a score; NaN where none of the four has. */
function scoreBetweenCells(map: ScoreMap, x: number, y: number): number {
  const left = Math.floor(x - 0.5);
  const top = Math.floor(y - 0.5);
  const wayX = x - 0.5 - left;
  const wayY = y - 0.5 - top;
  let sum = 0;
  let weights = 0;
  for (let corner = 0; corner < 4; corner += 1) {
    const right = corner & 1;
    const below = corner >> 1;
    const column = Math.min(map.columns - 1, Math.max(0, left + right));
    const row = Math.min(map.rows - 1, Math.max(0, top + below));
    const score = map.displayScores[row * map.columns + column] ?? Number.NaN;
    if (Number.isNaN(score)) continue;
    const weight = (right === 1 ? wayX : 1 - wayX) * (below === 1 ? wayY : 1 - wayY);
    sum += weight * score;
    weights += weight;
  }
  return weights > 0 ? sum / weights : Number.NaN;
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
