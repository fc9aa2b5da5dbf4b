import type {
  AlarmRegion,
  Box,
  MachineState,
  ScanOutcome,
  ScoredView,
  TileScore,
  ViewAlarm,
} from '../domain/screening-outcome';

/**
 * The machine's word on a scored view at φ: it alarms exactly when a tile's displayScore is above
 * φ, and its regions are the connected unions of those tiles. Two tiles connect when they overlap
 * or share part of an edge; a shared corner alone does not connect.
 */
export function viewAlarm(
  view: Pick<ScoredView, 'viewIndex' | 'tileScores'>,
  threshold: number,
): ViewAlarm {
  const alarming = view.tileScores.filter((tile) => tile.displayScore > threshold);
  const regions = connectedGroups(alarming).map(regionOf);
  regions.sort(
    (a, b) =>
      b.displayScore - a.displayScore || b.anomalyScore - a.anomalyScore || a.y - b.y || a.x - b.x,
  );
  return { viewIndex: view.viewIndex, alarm: regions.length > 0, regions };
}

/** The machine's word on a bag at one φ: its state, and the alarms of the views that were scored. */
export interface BagAlarm {
  readonly state: MachineState;
  readonly views: readonly ViewAlarm[];
}

/**
 * Applies φ to a screened scan. Any unscored view makes the bag unscored, with the alarms of the
 * others still listed; so does a view whose scores have no calibrated scale (displayScore NaN),
 * because a scale that is missing must not read as clear.
 */
export function bagAlarm(outcome: ScanOutcome, threshold: number): BagAlarm {
  if (outcome.state === 'unscored') return { state: 'unscored', views: [] };
  const views: ViewAlarm[] = [];
  let unscored = outcome.views.length === 0;
  for (const view of outcome.views) {
    if (view.state === 'unscored') unscored = true;
    else {
      if (Number.isNaN(view.displayScoreMax)) unscored = true;
      views.push(viewAlarm(view, threshold));
    }
  }
  if (unscored) return { state: 'unscored', views };
  return { state: views.some((view) => view.alarm) ? 'alarm' : 'no-alarm', views };
}

function connects(a: Box, b: Box): boolean {
  const overlapX = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const overlapY = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return overlapX >= 0 && overlapY >= 0 && overlapX + overlapY > 0;
}

/** Groups of tiles that hang together through `connects`. */
function connectedGroups(tiles: readonly TileScore[]): TileScore[][] {
  const sorted = [...tiles].sort((a, b) => a.y - b.y || a.x - b.x);
  const parent = sorted.map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parent[root] !== undefined && parent[root] !== root) root = parent[root] ?? root;
    parent[index] = root;
    return root;
  };
  sorted.forEach((tile, index) => {
    for (let other = index + 1; other < sorted.length; other += 1) {
      const candidate = sorted[other];
      // Sorted by upper edge: nothing further down can touch this tile either.
      if (candidate === undefined || candidate.y > tile.y + tile.height) break;
      if (connects(tile, candidate)) parent[rootOf(other)] = rootOf(index);
    }
  });
  const groups = new Map<number, TileScore[]>();
  sorted.forEach((tile, index) => {
    const root = rootOf(index);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [tile]);
    else group.push(tile);
  });
  return [...groups.values()];
}

function regionOf(tiles: readonly TileScore[]): AlarmRegion {
  const peak = tiles.reduce((best, tile) =>
    tile.displayScore > best.displayScore ||
    (tile.displayScore === best.displayScore && tile.anomalyScore > best.anomalyScore)
      ? tile
      : best,
  );
  const left = Math.min(...tiles.map((tile) => tile.x));
  const top = Math.min(...tiles.map((tile) => tile.y));
  return {
    x: left,
    y: top,
    width: Math.max(...tiles.map((tile) => tile.x + tile.width)) - left,
    height: Math.max(...tiles.map((tile) => tile.y + tile.height)) - top,
    displayScore: peak.displayScore,
    anomalyScore: peak.anomalyScore,
    areaPx: unionAreaPx(tiles),
    peak: { x: peak.x, y: peak.y, width: peak.width, height: peak.height },
  };
}

/** Exact area of a union of boxes, band by band between their horizontal edges. */
export function unionAreaPx(boxes: readonly Box[]): number {
  const edges = [...new Set(boxes.flatMap((box) => [box.y, box.y + box.height]))].sort(
    (a, b) => a - b,
  );
  const byLeft = [...boxes].sort((a, b) => a.x - b.x);
  let area = 0;
  edges.forEach((top, index) => {
    const bottom = edges[index + 1];
    if (bottom === undefined) return;
    let covered = 0;
    let reached = Number.NEGATIVE_INFINITY;
    for (const box of byLeft) {
      if (box.y > top || box.y + box.height < bottom) continue;
      const from = Math.max(box.x, reached);
      const to = box.x + box.width;
      if (to > from) covered += to - from;
      reached = Math.max(reached, to);
    }
    area += covered * (bottom - top);
  });
  return area;
}
