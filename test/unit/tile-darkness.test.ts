import { expect, test } from 'vitest';
import { tileDarkness } from '../../src-lab/evaluation/tile-darkness';

test('darkness is 255 less the 5th percentile of brightness', () => {
  // 20 × 10 pixels; the left tile has six dark pixels of a hundred, the right one four.
  const brightness = new Uint8Array(200).fill(240);
  for (let i = 0; i < 6; i += 1) brightness[i * 20] = 30;
  for (let i = 0; i < 4; i += 1) brightness[i * 20 + 12] = 30;
  const tiles = [
    { x: 0, y: 0, width: 10, height: 10 },
    { x: 10, y: 0, width: 10, height: 10 },
  ];
  expect([...tileDarkness(brightness, 20, tiles)]).toEqual([225, 15]);
});
