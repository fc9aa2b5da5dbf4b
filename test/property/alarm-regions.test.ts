import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Box, ScanOutcome, TileScore } from '../../src-shared/domain/screening-outcome';
import { bagAlarm, unionAreaPx, viewAlarm } from '../../src-shared/screening/alarm-regions';

const side = 40;
const tiles: fc.Arbitrary<TileScore[]> = fc.array(
  fc.record({
    x: fc.integer({ min: 0, max: side - 8 }),
    y: fc.integer({ min: 0, max: side - 8 }),
    width: fc.integer({ min: 1, max: 8 }),
    height: fc.integer({ min: 1, max: 8 }),
    anomalyScore: fc.double({ min: 0, max: 9, noNaN: true }),
    displayScore: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 30 },
);
const threshold = fc.double({ min: 0, max: 1, noNaN: true });

function pixelsUnder(boxes: readonly Box[]): Uint8Array {
  const covered = new Uint8Array(side * side);
  for (const box of boxes) {
    for (let row = box.y; row < box.y + box.height; row += 1) {
      covered.fill(1, row * side + box.x, row * side + box.x + box.width);
    }
  }
  return covered;
}

const countOf = (pixels: Uint8Array) => pixels.reduce((sum, pixel) => sum + pixel, 0);

/** Tile groups by repeated merging: the plain statement of what a region is. */
function groupsOf(alarming: readonly TileScore[]): TileScore[][] {
  const touches = (a: Box, b: Box) => {
    const acrossX = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
    const acrossY = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
    return (acrossX > 0 && acrossY >= 0) || (acrossX >= 0 && acrossY > 0);
  };
  let groups: TileScore[][] = [];
  for (const tile of alarming) {
    const near = groups.filter((group) => group.some((other) => touches(tile, other)));
    groups = [...groups.filter((group) => !near.includes(group)), [tile, ...near.flat()]];
  }
  return groups;
}

test('raising φ never makes a pixel or a view alarm', () => {
  fc.assert(
    fc.property(tiles, threshold, threshold, (tileScores, a, b) => {
      const pixelsAt = (phi: number) =>
        pixelsUnder(tileScores.filter((tile) => tile.displayScore > phi));
      const lower = viewAlarm({ viewIndex: 0, tileScores }, Math.min(a, b));
      const higher = viewAlarm({ viewIndex: 0, tileScores }, Math.max(a, b));
      if (higher.alarm) expect(lower.alarm).toBe(true);
      // The regions' areas are those of exactly these pixels, and the higher set lies in the lower.
      const areaOf = (alarm: typeof lower) =>
        alarm.regions.reduce((sum, region) => sum + region.areaPx, 0);
      const pixelsLow = pixelsAt(Math.min(a, b));
      const pixelsHigh = pixelsAt(Math.max(a, b));
      expect(areaOf(lower)).toBe(countOf(pixelsLow));
      expect(areaOf(higher)).toBe(countOf(pixelsHigh));
      expect(pixelsHigh.every((pixel, index) => pixel <= (pixelsLow[index] ?? 0))).toBe(true);
      for (const region of higher.regions) {
        expect(
          lower.regions.some(
            (outer) =>
              outer.x <= region.x &&
              outer.y <= region.y &&
              outer.x + outer.width >= region.x + region.width &&
              outer.y + outer.height >= region.y + region.height,
          ),
        ).toBe(true);
      }
    }),
  );
});

test('regions are exactly the connected unions of the alarming tiles', () => {
  fc.assert(
    fc.property(tiles, threshold, (tileScores, phi) => {
      const { regions, alarm } = viewAlarm({ viewIndex: 0, tileScores }, phi);
      const expected = groupsOf(tileScores.filter((tile) => tile.displayScore > phi)).map(
        (group) => ({
          x: Math.min(...group.map((tile) => tile.x)),
          y: Math.min(...group.map((tile) => tile.y)),
          right: Math.max(...group.map((tile) => tile.x + tile.width)),
          bottom: Math.max(...group.map((tile) => tile.y + tile.height)),
          displayScore: Math.max(...group.map((tile) => tile.displayScore)),
          areaPx: countOf(pixelsUnder(group)),
        }),
      );
      const found = regions.map((region) => ({
        x: region.x,
        y: region.y,
        right: region.x + region.width,
        bottom: region.y + region.height,
        displayScore: region.displayScore,
        areaPx: region.areaPx,
      }));
      const byText = (list: object[]) => list.map((entry) => JSON.stringify(entry)).sort();
      expect(byText(found)).toEqual(byText(expected));
      expect(alarm).toBe(expected.length > 0);
      for (const region of regions) {
        const holders = tileScores.filter(
          (tile) => tile.x === region.peak.x && tile.y === region.peak.y,
        );
        expect(holders.some((tile) => tile.displayScore === region.displayScore)).toBe(true);
      }
    }),
  );
});

test('the union area is the number of covered pixels', () => {
  fc.assert(
    fc.property(tiles, (boxes) => {
      expect(unionAreaPx(boxes)).toBe(countOf(pixelsUnder(boxes)));
    }),
  );
});

test('raising φ never makes a bag alarm, and an unscored view keeps it unscored', () => {
  fc.assert(
    fc.property(
      fc.array(tiles, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      threshold,
      threshold,
      (views, oneUnscored, a, b) => {
        const outcome = screened(views, oneUnscored);
        const lower = bagAlarm(outcome, Math.min(a, b));
        const higher = bagAlarm(outcome, Math.max(a, b));
        if (oneUnscored) {
          expect(lower.state).toBe('unscored');
          expect(higher.state).toBe('unscored');
        } else {
          if (higher.state === 'alarm') expect(lower.state).toBe('alarm');
          expect(lower.state).not.toBe('unscored');
        }
        expect(lower.views).toHaveLength(views.length);
      },
    ),
  );
});

function screened(views: readonly TileScore[][], oneUnscored: boolean): ScanOutcome {
  const facts = {
    widthPx: side,
    heightPx: side,
    pixelKind: 'rgb',
    pixelPitchMm: null,
  } as const;
  return {
    state: 'screened',
    sha256: '',
    format: 'png',
    timesMs: { read: 0, tile: 0, score: 0, map: 0 },
    views: [
      ...views.map((tileScores, viewIndex) => ({
        ...facts,
        viewIndex,
        state: 'scored' as const,
        tiles: { count: tileScores.length, skipped: 0, strideX: 8, strideY: 8 },
        tileScores,
        scoreMap: { columns: 0, rows: 0, cellPx: 1, displayScores: new Float32Array() },
        anomalyScoreMax: Math.max(0, ...tileScores.map((tile) => tile.anomalyScore)),
        displayScoreMax: Math.max(0, ...tileScores.map((tile) => tile.displayScore)),
        opaque: [],
      })),
      ...(oneUnscored
        ? [
            {
              ...facts,
              viewIndex: views.length,
              state: 'unscored' as const,
              error: { code: 'no-open-beam' as const, message: '' },
            },
          ]
        : []),
    ],
  };
}
