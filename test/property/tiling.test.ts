import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  extractTiles,
  materialShares,
  tileBox,
  tileGrid,
  tileOrigin,
  viewTiling,
} from '../../src-shared/screening/tiling';

const shapes = fc.integer({ min: 1, max: 20 }).chain((tileSizePx) =>
  fc.record({
    tileSizePx: fc.constant(tileSizePx),
    stridePx: fc.integer({ min: 1, max: tileSizePx }),
  }),
);
const sizes = fc.record({
  widthPx: fc.integer({ min: 1, max: 60 }),
  heightPx: fc.integer({ min: 1, max: 60 }),
});

function pictureOf(widthPx: number, heightPx: number, seed: number) {
  let state = seed >>> 0;
  const rgb = Uint8Array.from({ length: widthPx * heightPx * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  return { widthPx, heightPx, rgb };
}

test('tiles cover every pixel and stay inside the picture', () => {
  fc.assert(
    fc.property(sizes, shapes, ({ widthPx, heightPx }, shape) => {
      const grid = tileGrid(widthPx, heightPx, shape);
      const covered = new Uint8Array(widthPx * heightPx);
      for (let index = 0; index < grid.count; index += 1) {
        const { x, y } = tileOrigin(grid, index);
        if (widthPx >= shape.tileSizePx) expect(x + shape.tileSizePx).toBeLessThanOrEqual(widthPx);
        if (heightPx >= shape.tileSizePx) {
          expect(y + shape.tileSizePx).toBeLessThanOrEqual(heightPx);
        }
        for (let row = y; row < Math.min(heightPx, y + shape.tileSizePx); row += 1) {
          covered.fill(
            1,
            row * widthPx + x,
            row * widthPx + Math.min(widthPx, x + shape.tileSizePx),
          );
        }
      }
      expect(covered.every((value) => value === 1)).toBe(true);
      expect(grid.padded).toBe(widthPx < shape.tileSizePx || heightPx < shape.tileSizePx);
    }),
  );
});

test('putting the cut tiles back gives the picture again', () => {
  fc.assert(
    fc.property(sizes, shapes, fc.nat(), ({ widthPx, heightPx }, shape, seed) => {
      const picture = pictureOf(widthPx, heightPx, seed);
      const grid = tileGrid(widthPx, heightPx, shape);
      const indices = Array.from({ length: grid.count }, (_, index) => index);
      const side = shape.tileSizePx;
      const buffer = new Float32Array(grid.count * side * side * 3);
      const tiles = extractTiles(picture, grid, indices, buffer);
      const stitched = new Uint8Array(picture.rgb.length);
      for (const index of indices) {
        const { x, y } = tileOrigin(grid, index);
        for (let row = 0; row < side; row += 1) {
          for (let column = 0; column < side; column += 1) {
            const at = ((index * side + row) * side + column) * 3;
            const inside = x + column < widthPx && y + row < heightPx;
            for (let channel = 0; channel < 3; channel += 1) {
              const value = tiles[at + channel] ?? Number.NaN;
              if (inside) {
                const byte = Math.round((value + 1) * 127.5);
                stitched[((y + row) * widthPx + x + column) * 3 + channel] = byte;
              } else expect(value).toBe(1);
            }
          }
        }
      }
      expect(stitched).toEqual(picture.rgb);
    }),
  );
});

test('a tile is the same whichever tiles are cut out beside it', () => {
  fc.assert(
    fc.property(sizes, shapes, fc.nat(), fc.nat(), ({ widthPx, heightPx }, shape, seed, pick) => {
      const picture = pictureOf(widthPx, heightPx, seed);
      const grid = tileGrid(widthPx, heightPx, shape);
      const chosen = pick % grid.count;
      const length = shape.tileSizePx ** 2 * 3;
      const alone = extractTiles(picture, grid, [chosen], new Float32Array(length));
      const others = [0, chosen, grid.count - 1];
      const among = extractTiles(picture, grid, others, new Float32Array(3 * length).fill(7));
      expect(among.subarray(length, 2 * length)).toEqual(alone);
    }),
  );
});

test('the material share of a tile is its counted share of dark pixels', () => {
  fc.assert(
    fc.property(
      sizes,
      shapes,
      fc.nat(),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      ({ widthPx, heightPx }, shape, seed, below) => {
        const brightness = pictureOf(widthPx, heightPx, seed).rgb.subarray(0, widthPx * heightPx);
        const grid = tileGrid(widthPx, heightPx, shape);
        const shares = materialShares(brightness, grid, below);
        for (let index = 0; index < grid.count; index += 1) {
          const { x, y } = tileOrigin(grid, index);
          let material = 0;
          for (let row = y; row < Math.min(heightPx, y + shape.tileSizePx); row += 1) {
            for (let column = x; column < Math.min(widthPx, x + shape.tileSizePx); column += 1) {
              if ((brightness[row * widthPx + column] ?? 255) < below * 255) material += 1;
            }
          }
          expect(shares[index]).toBeCloseTo(material / shape.tileSizePx ** 2, 6);
        }
      },
    ),
  );
});

test('tile boxes cover the view in its own pixels at any scale', () => {
  fc.assert(
    fc.property(
      sizes,
      shapes,
      fc.double({ min: 0.1, max: 4, noNaN: true }),
      ({ widthPx, heightPx }, shape, factor) => {
        const view = { widthPx, heightPx, pixelPitchMm: null };
        const tiling = viewTiling(view, { ...shape, scale: { unit: 'factor', factor } });
        const covered = new Uint8Array(widthPx * heightPx);
        for (let index = 0; index < tiling.grid.count; index += 1) {
          const box = tileBox(tiling, index);
          expect(box.x + box.width).toBeLessThanOrEqual(widthPx);
          expect(box.y + box.height).toBeLessThanOrEqual(heightPx);
          for (let row = box.y; row < box.y + box.height; row += 1) {
            covered.fill(1, row * widthPx + box.x, row * widthPx + box.x + box.width);
          }
        }
        expect(covered.every((value) => value === 1)).toBe(true);
      },
    ),
  );
});
