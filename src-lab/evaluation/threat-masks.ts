import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { parseScan } from '../../src-main/scan-io/read-scan';
import { readFileBytes } from '../../src-main/scan-io/read-file-bytes';
import { DEFAULT_READ_LIMITS } from '../../src-main/scan-io/read-limits';
import type { ViewSize } from './measured-bag';

/** The pixels of a threat, as indices into a view, row by row. */
export type ThreatRegion = Uint32Array;

/** `P00060.png` and `P00060_mask.png` both belong to the scan `P00060.jpg`. */
const MASK_NAME = /^(.+?)(?:_mask)?\.png$/i;

/**
 * The masks of a folder, by the name of the scan that each belongs to, without its ending.
 * @throws PhiscanError `arguments-invalid` where the folder cannot be read or holds no PNG
 */
export async function findMasks(directory: string): Promise<Map<string, string>> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (cause) {
    throw new PhiscanError(
      'arguments-invalid',
      `The masks folder ${directory} cannot be read. Name a folder of PNG masks.`,
      { cause },
    );
  }
  const masks = new Map<string, string>();
  for (const name of names.sort()) {
    const scan = MASK_NAME.exec(name)?.[1];
    if (scan !== undefined) masks.set(scan, path.join(directory, name));
  }
  if (masks.size > 0) return masks;
  throw new PhiscanError(
    'arguments-invalid',
    `PNG masks named as their scans were expected in ${directory}; none was found.`,
  );
}

/**
 * Reads masks of a view: every pixel that is not 0 is on a threat, and pixels of one value that
 * touch, corners included, make a region. A mask of another size is stretched to the view, each
 * pixel taking the nearest one of the mask.
 * @returns the regions of all the masks
 * @throws PhiscanError with a code under "reading scans" where a mask cannot be read
 */
export async function readThreatRegions(
  files: readonly string[],
  view: ViewSize,
): Promise<ThreatRegion[]> {
  const regions: ThreatRegion[] = [];
  for (const file of files) {
    const { bytes } = await readFileBytes(file, DEFAULT_READ_LIMITS, 0);
    const [found] = parseScan(bytes, file).views;
    if (found === undefined) continue;
    const { pixels } = found;
    const levels =
      pixels.kind === 'single-energy'
        ? pixels.grey
        : pixels.kind === 'rgb'
          ? pixels.rgb.filter((_, at) => at % 3 === 0)
          : pixels.high;
    regions.push(...connectedRegions(stretch(levels, found, view), view));
  }
  return regions;
}

/** Nearest neighbours, so that a mask's values stay what they are. */
function stretch(
  levels: ArrayLike<number>,
  from: ViewSize,
  { widthPx, heightPx }: ViewSize,
): Uint16Array {
  const stretched = new Uint16Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y += 1) {
    const row = Math.floor(((y + 0.5) * from.heightPx) / heightPx) * from.widthPx;
    for (let x = 0; x < widthPx; x += 1) {
      const column = Math.floor(((x + 0.5) * from.widthPx) / widthPx);
      stretched[y * widthPx + x] = levels[row + column] ?? 0;
    }
  }
  return stretched;
}

/** Regions of equal values over 0 that hang together by sides or corners. */
export function connectedRegions(
  levels: Uint16Array,
  { widthPx, heightPx }: ViewSize,
): ThreatRegion[] {
  const seen = new Uint8Array(levels.length);
  const regions: ThreatRegion[] = [];
  for (let first = 0; first < levels.length; first += 1) {
    const level = levels[first];
    if (level === 0 || seen[first] === 1) continue;
    seen[first] = 1;
    const region = [first];
    for (let next = 0; next < region.length; next += 1) {
      const pixel = region[next] ?? 0;
      const x = pixel % widthPx;
      const y = Math.floor(pixel / widthPx);
      for (let row = Math.max(0, y - 1); row <= Math.min(heightPx - 1, y + 1); row += 1) {
        for (let column = Math.max(0, x - 1); column <= Math.min(widthPx - 1, x + 1); column += 1) {
          const neighbour = row * widthPx + column;
          if (seen[neighbour] === 1 || levels[neighbour] !== level) continue;
          seen[neighbour] = 1;
          region.push(neighbour);
        }
      }
    }
    regions.push(Uint32Array.from(region));
  }
  return regions;
}
