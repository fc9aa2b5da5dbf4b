import { labelTiles, TILE } from './tile-labels';
import type { ScreenedBag } from './screen-bag';
import { auroc } from './ranking-metrics';

/** What is compared: the model's anomalyScore, and darkness, the baseline on the same tiles. */
export const METHODS = ['model', 'darkness'] as const;
export type Method = (typeof METHODS)[number];

/** What one method says of one threat. */
export interface ThreatEvidence {
  readonly class: string;
  /** The highest value of a tile that overlaps the threat's box; −Infinity where none was scored. */
  readonly highest: number;
  /** Tiles on this threat against the bag's tiles beside every threat; NaN where one side is empty. */
  readonly auroc: number;
}

/** What one method says of one bag: all that the figures need, without the tiles' places. */
export interface MethodEvidence {
  /** The bag's highest tile. */
  readonly highest: number;
  /** Values of the tiles on a threat; empty where no threat is known. */
  readonly onThreat: Float64Array;
  /** Values of the other tiles; those that only touch a box are left out. */
  readonly besides: Float64Array;
  readonly threats: readonly ThreatEvidence[];
  /** Tiles on a threat against the others of the bag; NaN where a side is empty. */
  readonly withinBagAuroc: number;
  /** Whether the highest tile overlaps a threat: a share where several tiles are equally high. */
  readonly hit: number;
}

export interface BagEvidence {
  readonly name: string;
  /** Places of the bag's threats are known. */
  readonly labelled: boolean;
  readonly classes: readonly string[];
  /** Share of the tiles that overlap a threat: the chance of a hit by a tile drawn at random. */
  readonly hitChance: number;
  readonly tiles: number;
  readonly byMethod: Readonly<Record<Method, MethodEvidence>>;
}

/** Draws the evidence from a scored bag, so that its tiles can be let go. */
export function bagEvidence(screened: Extract<ScreenedBag, { state: 'scored' }>): BagEvidence {
  const { bag, views } = screened;
  const threats = bag.threats ?? [];
  const labelsOfView = views.map(({ scored }, view) => {
    const boxes = threats.filter((threat) => threat.view === view).map(({ box }) => box);
    return labelTiles(scored.tileScores, boxes);
  });
  const labels = labelsOfView.flatMap((view) => [...view.labels]);
  const overlapping = new Set<number>();
  const tilesOfThreat: { class: string; overlapping: number[]; on: number[] }[] = [];
  let offset = 0;
  views.forEach(({ scored }, view) => {
    const found = labelsOfView[view];
    const ofView = threats.filter((threat) => threat.view === view);
    ofView.forEach((threat, index) => {
      const tiles = (found?.tilesOnBox[index] ?? []).map((tile) => tile + offset);
      for (const tile of tiles) overlapping.add(tile);
      const on = tiles.filter((tile) => labels[tile] === TILE.onThreat);
      tilesOfThreat.push({ class: threat.class, overlapping: tiles, on });
    });
    offset += scored.tileScores.length;
  });
  const evidenceOf = (values: Float64Array): MethodEvidence => {
    const besides = values.filter((_, tile) => labels[tile] === TILE.besides);
    const onThreat = values.filter((_, tile) => labels[tile] === TILE.onThreat);
    const highest = highestOf(values);
    const tops = [...values.keys()].filter((tile) => values[tile] === highest);
    return {
      highest,
      onThreat,
      besides,
      threats: tilesOfThreat.map((threat) => ({
        class: threat.class,
        highest: highestOf(Float64Array.from(threat.overlapping, (tile) => values[tile] ?? 0)),
        auroc: auroc(
          besides,
          Float64Array.from(threat.on, (tile) => values[tile] ?? 0),
        ),
      })),
      withinBagAuroc: auroc(besides, onThreat),
      hit: tops.filter((tile) => overlapping.has(tile)).length / tops.length,
    };
  };
  return {
    name: bag.name,
    labelled: threats.length > 0,
    classes: [...new Set(threats.map((threat) => threat.class))],
    hitChance: overlapping.size / labels.length,
    tiles: labels.length,
    byMethod: {
      model: evidenceOf(
        Float64Array.from(
          views.flatMap(({ scored }) => scored.tileScores),
          (tile) => tile.anomalyScore,
        ),
      ),
      darkness: evidenceOf(Float64Array.from(views.flatMap(({ darkness }) => [...darkness]))),
    },
  };
}

function highestOf(values: Float64Array): number {
  return values.reduce((highest, value) => Math.max(highest, value), Number.NEGATIVE_INFINITY);
}
