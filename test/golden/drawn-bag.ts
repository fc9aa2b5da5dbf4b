import type { ViewPicture } from '../../src-renderer/viewer/raster';

/** A bag of plain shapes in the trade's colours: organic block, green bar, blue metal ring, open beam. */
export function drawnBag(widthPx: number, heightPx: number): ViewPicture {
  const rgb = new Uint8Array(widthPx * heightPx * 3).fill(255);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const u = x / widthPx;
      const v = y / heightPx;
      const fromRing = Math.hypot(u - 0.7, v - 0.4);
      let colour: readonly number[] = [255, 255, 255];
      if (u > 0.1 && u < 0.55 && v > 0.2 && v < 0.85) colour = [240, 160, 70];
      if (v > 0.6 && v < 0.75 && u > 0.05 && u < 0.95) colour = [70, 150, 60];
      if (fromRing > 0.12 && fromRing < 0.18) colour = [30, 70, 160];
      rgb.set(colour, (y * widthPx + x) * 3);
    }
  }
  return { widthPx, heightPx, rgb };
}
