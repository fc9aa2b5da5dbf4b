import type { ScoreMap } from '../../src-shared/domain/screening-outcome';
import { heatColour } from '../../src-shared/imaging/heat-colour';
import { interpolatedScore } from '../../src-shared/screening/interpolated-score';
import type { Raster } from './raster';

/** Longest side of the heat's raster; the surface scales it up smoothly from there. */
const LONGEST_SIDE_PX = 1024;
const MOST_SAMPLES_A_CELL = 8;

/**
 * The score map as a picture of heat: scores are interpolated between cell centres, then coloured
 * (colouring first would blend colours of scores that lie nowhere between). A cell in which nothing
 * was scored stays transparent and lends nothing to its neighbours.
 */
export function heatRaster(map: ScoreMap): Raster {
  const samples = Math.max(
    1,
    Math.min(MOST_SAMPLES_A_CELL, Math.floor(LONGEST_SIDE_PX / Math.max(map.columns, map.rows))),
  );
  const widthPx = map.columns * samples;
  const heightPx = map.rows * samples;
  const rgba = new Uint8ClampedArray(widthPx * heightPx * 4);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const score = interpolatedScore(map, (x + 0.5) / samples, (y + 0.5) / samples);
      const [red, green, blue, alpha] = heatColour(score);
      const to = (y * widthPx + x) * 4;
      rgba[to] = red;
      rgba[to + 1] = green;
      rgba[to + 2] = blue;
      rgba[to + 3] = alpha * 255;
    }
  }
  return { widthPx, heightPx, rgba };
}
