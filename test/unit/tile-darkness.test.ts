import { expect, test } from 'vitest';
import { tileDarkness } from '../../src-lab/evaluation/tile-darkness';
import { tileGrid } from '../../src-shared/screening/tiling';

const shape = { tileSizePx: 10, stridePx: 10 };

function picture(widthPx: number, heightPx: number, dark: readonly (readonly [number, number])[]) {
  const rgb = new Uint8Array(widthPx * heightPx * 3).fill(240);
  for (const [x, y] of dark) rgb.set([10, 30, 50], (y * widthPx + x) * 3);
  return { widthPx, heightPx, rgb };
}

test('darkness is 255 less the 5th percentile of the mean of red, green and blue', () => {
  // Six dark pixels of a hundred in the left tile, four in the right one.
  const dark = [0, 1, 2, 3, 4, 5].map((y) => [0, y] as const);
  const both = picture(20, 10, [...dark, ...dark.slice(0, 4).map(([, y]) => [12, y] as const)]);
  expect([...tileDarkness(both, tileGrid(20, 10, shape), [0, 1])]).toEqual([225, 15]);
  expect([...tileDarkness(both, tileGrid(20, 10, shape), [1])]).toEqual([15]);
});

test('what lies outside the picture is open beam', () => {
  const small = picture(2, 3, [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
  ]);
  // Five dark pixels of a hundred are not more than a twentieth.
  expect([...tileDarkness(small, tileGrid(2, 3, shape), [0])]).toEqual([15]);
});
