import { darknessTiles } from './darkness-tiles';
import type { ScoredBag } from './screen-bag';
import type { Threat } from './threat-boxes';
import type { ThreatRegion } from './threat-masks';
import { readThreatRegions } from './threat-masks';
import type { TileSet } from './tile-set';
import { anomalyTiles } from './tile-set';

/** Sides of a view, in its pixels. */
export interface ViewSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What the methods say of a bag, each on tiles of its own, without the bag's pixels. */
export interface MeasuredBag {
  readonly name: string;
  /** Null where nothing is known about where threats lie. */
  readonly threats: readonly Threat[] | null;
  readonly views: readonly ViewSize[];
  /** By the method's name a set of tiles for each view. */
  readonly tiles: ReadonlyMap<string, readonly TileSet[]>;
  /** The threats' pixels in each view; null where no mask tells them. */
  readonly regions: readonly (readonly ThreatRegion[])[] | null;
}

/** The methods that are always there: the model, and how dark a tile is. */
export const MODEL = 'model';
export const DARKNESS = 'darkness';

/**
 * Keeps of a scored bag what the figures need, and reads its masks.
 * @param others the same bag as other models scored it, by the method's name
 * @throws PhiscanError with a code under "reading scans" where a mask cannot be read
 */
export async function measureBag(
  { bag, views }: ScoredBag,
  others: Readonly<Record<string, ScoredBag>> = {},
): Promise<MeasuredBag> {
  const tiles = new Map<string, readonly TileSet[]>();
  tiles.set(MODEL, modelTiles(views));
  tiles.set(
    DARKNESS,
    views.map(({ decoded }) => darknessTiles(decoded)),
  );
  for (const [name, other] of Object.entries(others)) tiles.set(name, modelTiles(other.views));
  const sizes = views.map(({ scored: { widthPx, heightPx } }) => ({ widthPx, heightPx }));
  const [first] = sizes;
  const masked =
    bag.masks === null || first === undefined ? null : await readThreatRegions(bag.masks, first);
  return {
    name: bag.name,
    threats: bag.threats,
    views: sizes,
    tiles,
    regions: masked === null ? null : sizes.map((_, view) => (view === 0 ? masked : [])),
  };
}

/** A method's tiles of a bag, view by view. */
export function tilesOf(bag: MeasuredBag, method: string): readonly TileSet[] {
  const tiles = bag.tiles.get(method);
  if (tiles === undefined) throw new RangeError(`${bag.name} was not scored by ${method}.`);
  return tiles;
}

/** Area of all views together, in pixels. */
export function bagAreaPx(views: readonly ViewSize[]): number {
  return views.reduce((sum, { widthPx, heightPx }) => sum + widthPx * heightPx, 0);
}

function modelTiles(views: ScoredBag['views']): TileSet[] {
  return views.map(({ scored }) => anomalyTiles(scored.tileScores));
}
