import type { ScoreMap } from '../../../src-shared/domain/screening-outcome';
import type { Point } from '../viewpoint';
import type { Path } from './overlay-description';

/**
 * Lines of equal score on the drawn map, closed, in view pixels (marching squares between cell
 * centres, Lorensen and Cline 1987 in two dimensions; a saddle is joined by its mean). Where a cell
 * was not scored the line runs along the scored cell's edge.
 */
export function contourLines(map: ScoreMap, level: number): readonly Path[] {
  return joined(segmentsOf(map, level)).map((crossings) => crossings.map((name) => name.point));
}

/** Where a line crosses the stretch between two neighbouring cell centres; named so that lines join. */
interface Crossing {
  readonly name: number;
  readonly point: Point;
}

const TABLE: readonly (readonly (readonly [Side, Side])[])[] = [
  [],
  [['left', 'top']],
  [['top', 'right']],
  [['left', 'right']],
  [['right', 'bottom']],
  [],
  [['top', 'bottom']],
  [['left', 'bottom']],
  [['bottom', 'left']],
  [['bottom', 'top']],
  [],
  [['bottom', 'right']],
  [['right', 'left']],
  [['right', 'top']],
  [['top', 'left']],
  [],
];
type Side = 'left' | 'top' | 'right' | 'bottom';
/** Both ways to join a saddle: its high corners apart, or through its middle. */
const SADDLES: Readonly<Record<number, readonly [apart: Pair, through: Pair]>> = {
  5: [
    [
      ['left', 'top'],
      ['right', 'bottom'],
    ],
    [
      ['top', 'right'],
      ['left', 'bottom'],
    ],
  ],
  10: [
    [
      ['top', 'right'],
      ['left', 'bottom'],
    ],
    [
      ['left', 'top'],
      ['right', 'bottom'],
    ],
  ],
};
type Pair = readonly (readonly [Side, Side])[];

function segmentsOf(map: ScoreMap, level: number): (readonly [Crossing, Crossing])[] {
  const { columns, rows, cellPx } = map;
  const score = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= columns || row >= rows
      ? Number.NaN
      : (map.displayScores[row * columns + column] ?? Number.NaN);
  const crossing = (column: number, row: number, down: 0 | 1): Crossing => {
    const from = score(column, row);
    const to = score(column + 1 - down, row + down);
    const share = Number.isNaN(from) || Number.isNaN(to) ? 0.5 : (level - from) / (to - from);
    return {
      name: ((row + 1) * (columns + 2) + column + 1) * 2 + down,
      point: {
        x: (column + 0.5 + (down === 0 ? share : 0)) * cellPx,
        y: (row + 0.5 + (down === 1 ? share : 0)) * cellPx,
      },
    };
  };
  const segments: (readonly [Crossing, Crossing])[] = [];
  for (let row = -1; row < rows; row += 1) {
    for (let column = -1; column < columns; column += 1) {
      const corners = [
        score(column, row),
        score(column + 1, row),
        score(column + 1, row + 1),
        score(column, row + 1),
      ];
      // Not scored is not above: NaN compares false.
      const shape = corners.reduce((sum, value, bit) => sum + (value > level ? 1 << bit : 0), 0);
      if (shape === 0 || shape === 15) continue;
      const sides: Record<Side, () => Crossing> = {
        top: () => crossing(column, row, 0),
        bottom: () => crossing(column, row + 1, 0),
        left: () => crossing(column, row, 1),
        right: () => crossing(column + 1, row, 1),
      };
      for (const [from, to] of pairsOf(shape, corners, level)) {
        segments.push([sides[from](), sides[to]()]);
      }
    }
  }
  return segments;
}

function pairsOf(shape: number, corners: readonly number[], level: number): Pair {
  const saddle = SADDLES[shape];
  if (saddle === undefined) return TABLE[shape] ?? [];
  const mean = corners.reduce((sum, value) => sum + value, 0) / corners.length;
  return mean > level ? saddle[1] : saddle[0];
}

/** Joins segments end to end; every crossing belongs to exactly two, so every line closes. */
function joined(segments: readonly (readonly [Crossing, Crossing])[]): Crossing[][] {
  const touching = new Map<number, number[]>();
  segments.forEach((segment, index) => {
    for (const { name } of segment) {
      const known = touching.get(name);
      if (known === undefined) touching.set(name, [index]);
      else known.push(index);
    }
  });
  const used = new Uint8Array(segments.length);
  const lines: Crossing[][] = [];
  segments.forEach((first, start) => {
    if (used[start] === 1) return;
    used[start] = 1;
    const line = [first[0], first[1]];
    for (let end = first[1]; ;) {
      const next: number | undefined = touching.get(end.name)?.find((index) => used[index] === 0);
      const segment = next === undefined ? undefined : segments[next];
      if (next === undefined || segment === undefined) break;
      used[next] = 1;
      end = segment[0].name === end.name ? segment[1] : segment[0];
      line.push(end);
    }
    lines.push(line);
  });
  return lines;
}
