import { writePngRgb8 } from '../../../src-main/scan-io/raster/write-png';
import type { Box, TileScore } from '../../../src-shared/domain/screening-outcome';
import { resample } from '../../../src-shared/imaging/resample';
import { viewAlarm } from '../../../src-shared/screening/alarm-regions';
import { overlayPicture } from '../../../src-shared/screening/overlay-picture';
import { scoreMap } from '../../../src-shared/screening/score-map';
import type { BagView, ScoredBag } from '../screen-bag';
import type { WorstBag } from '../worst-bags';

/** Longer side of a picture on a sheet. */
const PICTURE_PX = 320;

/** A bag on a sheet: what is said under it, and its picture. */
export interface SheetPicture {
  readonly bag: WorstBag;
  readonly png: Uint8Array;
}

/** What the scores of a sheet are measured against. */
export interface SheetScale {
  /** Highest tiles of the benign bags. */
  readonly benignHighest: readonly number[];
  /** What is above it is framed as an alarm. */
  readonly level: number;
}

/**
 * Draws a bag as an operator would see it, small: heat by how many of these benign bags reach a
 * score (on the console's scale, −log10 of the share over 5), alarms at the level framed in
 * magenta, known threats in amber. Of several views the one with a threat is drawn, else the one
 * with the highest tile.
 */
export function sheetPicture(scored: ScoredBag, { benignHighest, level }: SheetScale): Uint8Array {
  const view = drawnView(scored);
  const { widthPx, heightPx, rgb } = view.decoded.picture;
  const factor = Math.min(1, PICTURE_PX / Math.max(widthPx, heightPx));
  const small = resample({ widthPx, heightPx, channels: 3, values: rgb }, factor);
  const { tileScores, scoreMap: drawnMap, viewIndex } = view.scored;
  const heat = scoreMap(view.scored, withScale(tileScores, benignHighest), drawnMap.cellPx);
  const raw = tileScores.map((tile) => ({ ...tile, displayScore: tile.anomalyScore }));
  const { regions } = viewAlarm({ viewIndex, tileScores: raw }, level);
  const threats = (scored.bag.threats ?? []).filter((threat) => threat.view === viewIndex);
  const drawn = overlayPicture({
    widthPx: small.widthPx,
    heightPx: small.heightPx,
    rgb: small.values,
    scoreMap: { ...heat, cellPx: heat.cellPx * factor },
    regions: regions.map((region) => ({ ...region, ...scaledBox(region, factor) })),
    opaque: threats.map(({ box }) => scaledBox(box, factor)),
  });
  return writePngRgb8(small.widthPx, small.heightPx, drawn);
}

function drawnView({ bag, views }: ScoredBag): BagView {
  const [first] = views;
  if (first === undefined) throw new RangeError(`${bag.name} has no view to draw.`);
  const threatView = bag.threats?.[0]?.view;
  return (
    (threatView === undefined ? undefined : views[threatView]) ??
    views.reduce((a, b) => (b.scored.anomalyScoreMax > a.scored.anomalyScoreMax ? b : a), first)
  );
}

/** Tiles with the displayScore that these benign bags alone would give them. */
function withScale(tiles: readonly TileScore[], benignHighest: readonly number[]): TileScore[] {
  return tiles.map((tile) => {
    const reached = benignHighest.filter((highest) => highest >= tile.anomalyScore).length;
    const share = (reached + 1) / (benignHighest.length + 1);
    return { ...tile, displayScore: Math.min(1, -Math.log10(share) / 5) };
  });
}

/** Whole pixels, as frames are drawn on. */
function scaledBox({ x, y, width, height }: Box, factor: number): Box {
  const left = Math.round(x * factor);
  const top = Math.round(y * factor);
  return {
    x: left,
    y: top,
    width: Math.round((x + width) * factor) - left,
    height: Math.round((y + height) * factor) - top,
  };
}
