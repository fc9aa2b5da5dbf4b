import type { Box } from '../../src-shared/domain/screening-outcome';
import type { MeasuredBag } from './measured-bag';
import { bagAreaPx, tilesOf } from './measured-bag';
import { peaks } from './peaks';
import type { PixelEvidence } from './pixel-evidence';
import { pixelEvidence } from './pixel-evidence';
import { auroc } from './ranking-metrics';
import type { SizeWindow } from './size-windows';
import { labelTiles, TILE } from './tile-labels';
import type { TileSet } from './tile-set';
import { boxesOf, highestOf, liesInside, overlaps, widened } from './tile-set';

/** How far beyond its drawn box a threat may still show; the control leaves that out too. */
export const CONTROL_MARGIN_PX = 15;

/** What one method says of one threat. */
export interface ThreatEvidence {
  readonly class: string;
  /** The highest value of a tile that overlaps the threat's box; −Infinity where none was scored. */
  readonly highest: number;
  /** Tiles on this threat against the bag's tiles beside every threat; NaN where one side is empty. */
  readonly auroc: number;
}

/** The highest tile in a window; −Infinity where no tile lies inside. */
export interface WindowEvidence {
  readonly highest: number;
  readonly amount: number;
}

/** What one method says of one bag: all that the figures need, without the tiles' places. */
export interface BagEvidence {
  /** The bag's highest tile. */
  readonly highest: number;
  /** Of the windows of a threat bag's size. */
  readonly windows: readonly WindowEvidence[];
  /** Values of the tiles on a threat; empty where no threat is known. */
  readonly onThreat: Float64Array;
  /** Values of the tiles that touch no threat. */
  readonly besides: Float64Array;
  /** Null where nothing is known about where threats lie, or where the method names no place. */
  readonly inside: InsideEvidence | null;
  /** Values of the places at which the method would point. */
  readonly peaks: Float64Array;
  /** Null where nothing is known of the bag's pixels, or where nothing is asked of them. */
  readonly pixels: PixelEvidence | null;
}

/** What the places of a bag's known threats add. */
export interface InsideEvidence {
  readonly threats: readonly ThreatEvidence[];
  /** Tiles on a threat against the others of the bag; NaN where a side is empty. */
  readonly auroc: number;
  /** Whether the highest tile overlaps a threat: a share where several tiles are equally high. */
  readonly hit: number;
  /** Share of the tiles that overlap a threat: the chance of a hit by a tile drawn at random. */
  readonly hitChance: number;
  /** The highest tile that keeps clear of every threat's box widened by `CONTROL_MARGIN_PX`. */
  readonly highestOutside: number;
}

/** What is asked of a bag beyond its own places. */
export interface EvidenceRequest {
  /** Windows that a benign bag is cut to. */
  readonly windows?: readonly SizeWindow[];
  /** What its pixels are: on a threat where its masks say so, all benign, or not known. */
  readonly pixels?: 'masked' | 'benign';
}

/** Draws a method's evidence from a bag's tiles. */
export function bagEvidence(
  bag: MeasuredBag,
  method: string,
  { windows = [], pixels }: EvidenceRequest = {},
): BagEvidence {
  const tiles = tilesOf(bag, method);
  const views = tiles.map((ofView, view) => labelledView(bag, view, ofView));
  const values = views.flatMap((view) => [...view.values]);
  const labels = views.flatMap((view) => [...view.labels]);
  const highest = highestOf(values);
  const onThreat = valuesWhere(values, (tile) => labels[tile] === TILE.onThreat);
  const besides = valuesWhere(values, (tile) => labels[tile] === TILE.besides);
  return {
    highest,
    windows: windows.map(({ boxes, amount }) => ({
      highest: highestOf(views.map((view, at) => highestInside(view, boxes[at]))),
      amount,
    })),
    onThreat,
    besides,
    inside:
      bag.threats === null || bag.threats.length === 0
        ? null
        : insideEvidence(views, { highest, onThreat, besides }),
    peaks: Float64Array.from(tiles.flatMap((ofView) => [...peaks(ofView)])),
    pixels:
      pixels === undefined || (pixels === 'masked' && bag.regions === null)
        ? null
        : pixelEvidence(bag.views, tiles, bag.regions),
  };
}

/** The evidence of the scan's area alone, which names no place in the bag. */
export function sizeEvidence(
  { views }: MeasuredBag,
  { windows = [] }: EvidenceRequest = {},
): BagEvidence {
  return {
    highest: bagAreaPx(views),
    windows: windows.map(({ boxes, amount }) => ({
      highest: boxes.reduce((sum, { width, height }) => sum + width * height, 0),
      amount,
    })),
    onThreat: new Float64Array(),
    besides: new Float64Array(),
    inside: null,
    peaks: new Float64Array(),
    pixels: null,
  };
}

interface LabelledView {
  readonly boxes: readonly Box[];
  readonly values: Float64Array;
  readonly labels: Uint8Array;
  readonly threats: readonly {
    readonly class: string;
    readonly box: Box;
    readonly tiles: readonly number[];
  }[];
}

function labelledView(bag: MeasuredBag, view: number, tiles: TileSet): LabelledView {
  const boxes = boxesOf(tiles);
  const threats = (bag.threats ?? []).filter((threat) => threat.view === view);
  const { labels, tilesOnBox } = labelTiles(
    boxes,
    threats.map(({ box }) => box),
  );
  return {
    boxes,
    values: tiles.values,
    labels,
    threats: threats.map((threat, at) => ({
      class: threat.class,
      box: threat.box,
      tiles: tilesOnBox[at] ?? [],
    })),
  };
}

function insideEvidence(
  views: readonly LabelledView[],
  bag: Pick<BagEvidence, 'highest' | 'onThreat' | 'besides'>,
): InsideEvidence {
  let tiles = 0;
  let overlapping = 0;
  let tops = 0;
  let hits = 0;
  for (const { values, threats } of views) {
    const onAny = new Set(threats.flatMap((threat) => threat.tiles));
    tiles += values.length;
    overlapping += onAny.size;
    values.forEach((value, tile) => {
      if (value !== bag.highest) return;
      tops += 1;
      if (onAny.has(tile)) hits += 1;
    });
  }
  return {
    threats: views.flatMap(({ values, labels, threats }) =>
      threats.map((threat) => {
        const on = threat.tiles.filter((tile) => labels[tile] === TILE.onThreat);
        return {
          class: threat.class,
          highest: highestOf(threat.tiles.map((tile) => values[tile] ?? Number.NaN)),
          auroc: auroc(
            bag.besides,
            on.map((tile) => values[tile] ?? Number.NaN),
          ),
        };
      }),
    ),
    auroc: auroc(bag.besides, bag.onThreat),
    hit: hits / tops,
    hitChance: overlapping / tiles,
    highestOutside: highestOf(views.map(highestOutside)),
  };
}

function highestOutside({ boxes, values, threats }: LabelledView): number {
  const cut = threats.map(({ box }) => widened(box, CONTROL_MARGIN_PX));
  return highestOf(
    values.filter((_, tile) => {
      const place = boxes[tile];
      return place !== undefined && !cut.some((box) => overlaps(place, box));
    }),
  );
}

function highestInside({ boxes, values }: LabelledView, window: Box | undefined): number {
  return highestOf(
    values.filter((_, tile) => {
      const place = boxes[tile];
      return place !== undefined && window !== undefined && liesInside(place, window);
    }),
  );
}

function valuesWhere(values: readonly number[], keep: (tile: number) => boolean): Float64Array {
  return Float64Array.from(values.filter((_, tile) => keep(tile)));
}
