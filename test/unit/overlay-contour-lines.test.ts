import { describe, expect, test } from 'vitest';
import { contourLines } from '../../src-renderer/viewer/overlay/contour-lines';

function mapOf(rows: readonly (readonly number[])[], cellPx = 10) {
  return {
    columns: rows[0]?.length ?? 0,
    rows: rows.length,
    cellPx,
    displayScores: Float32Array.from(rows.flat()),
  };
}

describe('lines of equal score', () => {
  test('lie where the score between two cell centres is the level', () => {
    const [line] = contourLines(
      mapOf([
        [0, 0, 0],
        [0, 0.8, 0],
        [0, 0, 0],
      ]),
      0.2,
    );
    // Three quarters of the way from the peak at (15, 15) to each neighbour, 10 px away.
    const points = (line ?? []).map(({ x, y }) =>
      [x, y].map((value) => Math.round(value * 10) / 10),
    );
    expect(points).toContainEqual([15, 7.5]);
    expect(points).toContainEqual([22.5, 15]);
    expect(points).toContainEqual([15, 22.5]);
    expect(points).toContainEqual([7.5, 15]);
    expect(points).toHaveLength(5);
  });

  test('close, also at the border of the view and round what was not scored', () => {
    const scores = Array.from({ length: 12 }, (_, row) =>
      Array.from({ length: 17 }, (__, column) => {
        if (row > 3 && row < 7 && column < 5) return Number.NaN;
        return Math.abs(Math.sin(row * 1.7 + column * 0.9));
      }),
    );
    for (const level of [0.1, 0.35, 0.5, 0.8]) {
      const lines = contourLines(mapOf(scores), level);
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        expect(line.length).toBeGreaterThan(3);
        expect(line.at(-1)).toEqual(line[0]);
      }
    }
  });

  test('round a scored cell among cells that were not run along its edge', () => {
    const none = Number.NaN;
    const [line] = contourLines(
      mapOf([
        [none, none, none],
        [none, 0.9, none],
        [none, none, none],
      ]),
      0.4,
    );
    for (const { x, y } of line ?? []) {
      expect(Math.abs(x - 15) + Math.abs(y - 15)).toBeCloseTo(5, 6);
    }
    expect(line).toHaveLength(5);
  });

  test('part every cell above the level from every one that is not', () => {
    const scores = Array.from({ length: 9 }, (_, row) =>
      Array.from({ length: 11 }, (__, column) => ((row * 7 + column * 13) % 10) / 10),
    );
    const level = 0.45;
    const lines = contourLines(mapOf(scores), level);
    scores.forEach((line, row) =>
      line.forEach((score, column) => {
        const centre = { x: (column + 0.5) * 10, y: (row + 0.5) * 10 };
        expect(inside(lines, centre), `${row},${column}`).toBe(score > level);
      }),
    );
  });

  test('are none where no score reaches the level', () => {
    expect(contourLines(mapOf([[0.1, 0.2]]), 0.5)).toEqual([]);
  });
});

/** Even–odd rule over all lines, by a ray to the right that meets no corner. */
function inside(
  lines: readonly (readonly { x: number; y: number }[])[],
  { x, y }: { x: number; y: number },
): boolean {
  const rayY = y + 1e-4;
  let crossings = 0;
  for (const line of lines) {
    line.forEach((to, index) => {
      const from = line[index - 1];
      if (from === undefined || from.y > rayY === to.y > rayY) return;
      const at = from.x + ((rayY - from.y) / (to.y - from.y)) * (to.x - from.x);
      if (at > x) crossings += 1;
    });
  }
  return crossings % 2 === 1;
}
