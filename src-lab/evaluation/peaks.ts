import type { TileSet } from './tile-set';
import { boxesOf } from './tile-set';

/**
 * The places at which a method would point on a view, by their values: tiles higher than every
 * tile that overlaps or touches them (of equally high neighbours the first alone), so that a
 * smeared peak counts once and lowering the level only ever adds marks.
 */
export function peaks(tiles: TileSet): Float64Array {
  const { values } = tiles;
  const boxes = boxesOf(tiles);
  const byLeft = [...boxes.keys()].sort((a, b) => (boxes[a]?.x ?? 0) - (boxes[b]?.x ?? 0));
  const isTopped = new Uint8Array(boxes.length);
  byLeft.forEach((tile, position) => {
    const box = boxes[tile];
    if (box === undefined) return;
    for (let next = position + 1; next < byLeft.length; next += 1) {
      const other = byLeft[next] ?? 0;
      const place = boxes[other];
      // Sorted by left edges: nothing further right can touch this tile either.
      if (place === undefined || place.x > box.x + box.width) break;
      if (place.y > box.y + box.height || box.y > place.y + place.height) continue;
      const [first, second] = tile < other ? [tile, other] : [other, tile];
      const lower = (values[first] ?? 0) >= (values[second] ?? 0) ? second : first;
      isTopped[lower] = 1;
    }
  });
  return values.filter((_, tile) => isTopped[tile] === 0);
}
