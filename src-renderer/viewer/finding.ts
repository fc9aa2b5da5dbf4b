import type { PresentedView } from '../../src-shared/domain/review';
import type { Box, TileScore } from '../../src-shared/domain/screening-outcome';

export type ScoredPresentedView = Extract<PresentedView, { state: 'scored' }>;
export type PresentedRegion = ScoredPresentedView['regions'][number];

/** An alarm region with its number in the bag: 1 is the highest score of all views. */
export interface NumberedRegion {
  readonly number: number;
  readonly viewIndex: number;
  readonly region: PresentedRegion;
}

/** All alarm regions of a bag in order of score. */
export function numberRegions(views: readonly PresentedView[]): readonly NumberedRegion[] {
  return views
    .flatMap((view) =>
      view.state === 'scored'
        ? view.regions.map((region) => ({ viewIndex: view.viewIndex, region }))
        : [],
    )
    .sort((a, b) => b.region.displayScore - a.region.displayScore)
    .map((entry, index) => ({ ...entry, number: index + 1 }));
}

const covers = (box: Box, x: number, y: number) =>
  x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;

/** The highest scoring of the tiles that cover a view pixel, or null where none was scored. */
export function tileAt(tiles: readonly TileScore[], x: number, y: number): TileScore | null {
  let highest: TileScore | null = null;
  for (const tile of tiles) {
    if (!covers(tile, x, y)) continue;
    if (highest === null || tile.displayScore > highest.displayScore) highest = tile;
  }
  return highest;
}
