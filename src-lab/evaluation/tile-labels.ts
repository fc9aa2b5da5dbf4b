import type { Box } from '../../src-shared/domain/screening-outcome';
import { overlaps } from './tile-set';

/** What a tile is to a set of threat boxes. */
export const TILE = { besides: 0, onThreat: 1, leftOut: 2 } as const;

export interface TileLabels {
  /**
   * A tile is on a threat when its centre lies in a box, or when it overlaps a box that holds no
   * tile's centre; other tiles that overlap a box are neither, and left out.
   */
  readonly labels: Uint8Array;
  /** For each box the tiles that overlap it. */
  readonly tilesOnBox: readonly (readonly number[])[];
}

export function labelTiles(tiles: readonly Box[], boxes: readonly Box[]): TileLabels {
  const labels = new Uint8Array(tiles.length);
  const tilesOnBox = boxes.map((box) => {
    const overlapping: number[] = [];
    const centred: number[] = [];
    tiles.forEach((tile, index) => {
      if (!overlaps(tile, box)) return;
      overlapping.push(index);
      if (holdsCentre(box, tile)) centred.push(index);
    });
    const onThreat = new Set(centred.length > 0 ? centred : overlapping);
    for (const index of overlapping) {
      if (onThreat.has(index)) labels[index] = TILE.onThreat;
      else if (labels[index] === TILE.besides) labels[index] = TILE.leftOut;
    }
    return overlapping;
  });
  return { labels, tilesOnBox };
}

function holdsCentre(box: Box, tile: Box): boolean {
  const x = tile.x + tile.width / 2;
  const y = tile.y + tile.height / 2;
  return x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
}
