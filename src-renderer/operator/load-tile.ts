import { pixelAddress } from '../../src-shared/contract/pixel-address';
import type { ScoreParts } from '../../src-shared/domain/score-parts';
import type { Box } from '../../src-shared/domain/screening-outcome';
import { heatColour } from '../../src-shared/imaging/heat-colour';
import type { ViewPicture } from '../viewer/raster';

/** A region's strongest tile as the model sees it: squares of one size, and its score taken apart. */
export interface InspectedTile {
  readonly scan: ViewPicture;
  readonly rebuilt: ViewPicture;
  readonly difference: ViewPicture;
  /** Where in the tile the score lies, as heat over the scan; null where the score has no map. */
  readonly where: ViewPicture | null;
  readonly parts: ScoreParts;
}

/** A tile's pictures and the parts of its score, or null when the host can't give them. */
export async function loadTile(
  presentationId: string,
  viewIndex: number,
  tile: Box,
  signal: AbortSignal,
): Promise<InspectedTile | null> {
  const response = await fetch(pixelAddress.tile(presentationId, viewIndex, tile), { signal });
  if (!response.ok) return null;
  const side = Number(response.headers.get('x-tile-size-px'));
  const parts = response.headers.get('x-score-parts');
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!(side > 0) || parts === null || bytes.length < side * side * 9) return null;
  const square = (index: number): ViewPicture => ({
    widthPx: side,
    heightPx: side,
    rgb: bytes.subarray(index * side * side * 3, (index + 1) * side * side * 3),
  });
  const scan = square(0);
  return {
    scan,
    rebuilt: square(1),
    difference: square(2),
    where: heatOver(scan, bytes.subarray(side * side * 9)),
    parts: JSON.parse(parts) as ScoreParts,
  };
}

/** @param map displayScore times 255, half as many cells a side as the picture has pixels, or empty */
export function heatOver(
  { widthPx, heightPx, rgb }: ViewPicture,
  map: Uint8Array,
): ViewPicture | null {
  if (map.length === 0) return null;
  const cells = Math.sqrt(map.length);
  const heated = Uint8Array.from(rgb, (value, at) => {
    const pixel = Math.floor(at / 3);
    const column = Math.floor(((pixel % widthPx) * cells) / widthPx);
    const row = Math.floor((Math.floor(pixel / widthPx) * cells) / heightPx);
    const heat = heatColour((map[row * cells + column] ?? 0) / 255);
    const part = [heat[0], heat[1], heat[2]][at % 3] ?? 0;
    return Math.round(value + (part - value) * heat[3]);
  });
  return { widthPx, heightPx, rgb: heated };
}
