import { expect, test } from 'vitest';
import {
  extractTiles,
  materialShares,
  tileBox,
  tileGrid,
  tilesWithMaterial,
  viewTiling,
} from '../../src-shared/screening/tiling';

const shape = { tileSizePx: 64, stridePx: 32 };

test('the last column and row are snapped to the edge', () => {
  const grid = tileGrid(150, 64, shape);
  expect(grid.columnStartsPx).toEqual([0, 32, 64, 86]);
  expect(grid.rowStartsPx).toEqual([0]);
  expect(grid.count).toBe(4);
});

test('an exact fit has no doubled last column', () => {
  expect(tileGrid(128, 96, shape).columnStartsPx).toEqual([0, 32, 64]);
  expect(tileGrid(128, 96, shape).rowStartsPx).toEqual([0, 32]);
});

test('a full scan of 2580×850 has the known number of tiles', () => {
  expect(tileGrid(2580, 850, shape).count).toBe(80 * 26);
});

test('a stride that would leave pixels uncovered is refused', () => {
  expect(() => tileGrid(500, 500, { tileSizePx: 64, stridePx: 65 })).toThrow(
    expect.objectContaining({ code: 'bundle-manifest-invalid' }),
  );
});

test('a picture of one pixel becomes one tile of open beam around it', () => {
  const grid = tileGrid(1, 1, { tileSizePx: 2, stridePx: 1 });
  const picture = { widthPx: 1, heightPx: 1, rgb: Uint8Array.of(0, 51, 255) };
  const tile = extractTiles(picture, grid, [0], new Float32Array(12));
  expect(grid.padded).toBe(true);
  expect(Array.from(tile.subarray(0, 3), (value) => value.toFixed(3))).toEqual([
    '-1.000',
    '-0.600',
    '1.000',
  ]);
  expect(Array.from(tile.subarray(3))).toEqual(new Array(9).fill(1));
});

test('tiles under the stated material share are not kept', () => {
  // Left half material (100 < 0.9 × 255), right half open beam.
  const brightness = Uint8Array.from({ length: 128 * 64 }, (_, i) => (i % 128 < 64 ? 100 : 250));
  const shares = materialShares(brightness, tileGrid(128, 64, shape), 0.9);
  expect(Array.from(shares)).toEqual([1, 0.5, 0]);
  expect(tilesWithMaterial(shares, 0.5)).toEqual([0, 1]);
  expect(tilesWithMaterial(shares, 0.51)).toEqual([0]);
});

test('a scale in millimetres follows the pixel pitch and refuses an unknown one', () => {
  const scale = { ...shape, scale: { unit: 'mm', mmPerPixel: 2 } } as const;
  const tiling = viewTiling({ widthPx: 400, heightPx: 300, pixelPitchMm: 1 }, scale);
  expect([tiling.grid.widthPx, tiling.grid.heightPx]).toEqual([200, 150]);
  expect(tileBox(tiling, 0)).toEqual({ x: 0, y: 0, width: 128, height: 128 });
  expect(() => viewTiling({ widthPx: 400, heightPx: 300, pixelPitchMm: null }, scale)).toThrow(
    expect.objectContaining({ code: 'pixel-pitch-unknown' }),
  );
});
