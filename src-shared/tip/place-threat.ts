import type { BagCells } from './bag-cells';
import type { ThreatPose, ThreatProjection } from './threat-projection';
import { poseMatrix, THREAT_ATTENUATION } from './threat-projection';

/** A view that a threat is to lie in. */
export interface PlacedView {
  readonly cells: BagCells;
  readonly pixelPitchMm: number;
  /** The threat as this view sees it. */
  readonly threat: ThreatProjection;
}

/** Places that are tried before a bag is said to have no room. */
const TRIES = 400;
/** Places across the belt that are tried in each further view, once the first view's is known. */
const ACROSS_TRIES = 24;
/** Share of the threat that must lie well inside the bag. */
const INSIDE_SHARE = 0.995;
/** Under more than this mean attenuation nobody could see the threat, and missing it says nothing. */
const MOST_ATTENUATION = 3;
/** Points of the threat that stand for all of it. */
const MOST_POINTS = 400;

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Chooses how a threat lies in a bag: well inside one bag of the view, not in a place too dense to
 * be seen in. A bag of one view takes it at any angle. Views of one bag share the belt, which is
 * the picture's horizontal: there the threat keeps the attitude of its projections, mirrored or
 * turned by half at most, and lies at the same place along the belt in each.
 * @param uniform gives numbers in [0, 1); the same numbers give the same place
 * @returns one pose a view, or null where there is no room
 */
export function placeThreat(
  views: readonly PlacedView[],
  uniform: () => number,
): readonly ThreatPose[] | null {
  const [first, ...others] = views;
  if (first === undefined) return null;
  const points = views.map(({ threat }) => threatPoints(threat));
  const inside = insideCells(first.cells);
  if (inside.length === 0) return null;
  const canTurn = others.length === 0;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const turn = canTurn ? 2 * Math.PI * uniform() : Math.PI * Math.floor(2 * uniform());
    const attitude = { angle: turn, mirrored: uniform() < 0.5 };
    const cell = inside[Math.floor(uniform() * inside.length)] ?? 0;
    const pose = poseAt(first.cells, cell, attitude, uniform);
    if (!fits(first, points[0] ?? [], pose)) continue;
    const poses = placeOthers({ views, points, first: pose }, uniform);
    if (poses !== null) return poses;
  }
  return null;
}

function placeOthers(
  {
    views,
    points,
    first,
  }: {
    readonly views: readonly PlacedView[];
    readonly points: readonly (readonly Point[])[];
    readonly first: ThreatPose;
  },
  uniform: () => number,
): readonly ThreatPose[] | null {
  const poses = [first];
  const beltMm = first.centreX * (views[0]?.pixelPitchMm ?? 1);
  for (let index = 1; index < views.length; index++) {
    const view = views[index];
    if (view === undefined) return null;
    const centreX = beltMm / view.pixelPitchMm;
    let found: ThreatPose | null = null;
    for (let attempt = 0; attempt < ACROSS_TRIES && found === null; attempt++) {
      const centreY = uniform() * view.cells.rows * view.cells.cellPx;
      const pose = { ...first, centreX, centreY };
      if (fits(view, points[index] ?? [], pose)) found = pose;
    }
    if (found === null) return null;
    poses.push(found);
  }
  return poses;
}

function insideCells({ bag }: BagCells): readonly number[] {
  const cells: number[] = [];
  bag.forEach((number, cell) => {
    if (number > 0) cells.push(cell);
  });
  return cells;
}

function poseAt(
  { columns, cellPx }: BagCells,
  cell: number,
  attitude: Pick<ThreatPose, 'angle' | 'mirrored'>,
  uniform: () => number,
): ThreatPose {
  const column = cell % columns;
  const row = (cell - column) / columns;
  return {
    ...attitude,
    centreX: (column + uniform()) * cellPx,
    centreY: (row + uniform()) * cellPx,
  };
}

/** Points of the threat in millimetres from its middle, evenly spread over what attenuates. */
function threatPoints({
  widthPx,
  heightPx,
  pixelPitchMm,
  low,
}: ThreatProjection): readonly Point[] {
  const taken: Point[] = [];
  for (let pixel = 0; pixel < low.length; pixel++) {
    if ((low[pixel] ?? 0) < THREAT_ATTENUATION) continue;
    const column = pixel % widthPx;
    const row = (pixel - column) / widthPx;
    taken.push({
      x: (column - (widthPx - 1) / 2) * pixelPitchMm,
      y: (row - (heightPx - 1) / 2) * pixelPitchMm,
    });
  }
  const every = Math.max(1, Math.floor(taken.length / MOST_POINTS));
  return taken.filter((_, index) => index % every === 0);
}

function fits(
  { cells, pixelPitchMm }: PlacedView,
  points: readonly Point[],
  pose: ThreatPose,
): boolean {
  if (points.length === 0) return false;
  const { columns, rows, cellPx, bag, attenuation } = cells;
  const [a, b, c, d] = poseMatrix(pose);
  const allowed = points.length * (1 - INSIDE_SHARE);
  let outside = 0;
  let sum = 0;
  let number = 0;
  for (const { x, y } of points) {
    const column = Math.floor((pose.centreX + (a * x + b * y) / pixelPitchMm) / cellPx);
    const row = Math.floor((pose.centreY + (c * x + d * y) / pixelPitchMm) / cellPx);
    const isOnView = column >= 0 && row >= 0 && column < columns && row < rows;
    const cell = row * columns + column;
    const found = isOnView ? (bag[cell] ?? 0) : 0;
    if (number === 0) number = found;
    if (found === 0 || found !== number) outside++;
    else sum += attenuation[cell] ?? 0;
    if (outside > allowed) return false;
  }
  return sum / points.length <= MOST_ATTENUATION;
}
