import { expect, test } from 'vitest';
import { labelTiles, TILE } from '../../src-lab/evaluation/tile-labels';

const tile = (x: number, y: number) => ({ x, y, width: 64, height: 64 });

test('a tile whose centre lies in a box is on the threat; others that overlap are left out', () => {
  const tiles = [tile(0, 0), tile(32, 0), tile(64, 0), tile(200, 0)];
  // Centres at x = 32, 64, 96: the box holds the second alone and touches the first and third.
  const { labels, tilesOnBox } = labelTiles(tiles, [{ x: 40, y: 10, width: 50, height: 40 }]);
  expect([...labels]).toEqual([TILE.leftOut, TILE.onThreat, TILE.leftOut, TILE.besides]);
  expect(tilesOnBox).toEqual([[0, 1, 2]]);
});

test('a box that holds no centre has every tile over it', () => {
  const { labels } = labelTiles([tile(0, 0), tile(32, 0)], [{ x: 40, y: 2, width: 10, height: 5 }]);
  expect([...labels]).toEqual([TILE.onThreat, TILE.onThreat]);
});

test('a tile on one threat is not left out for touching another', () => {
  const boxes = [
    { x: 20, y: 20, width: 24, height: 24 },
    { x: 60, y: 0, width: 60, height: 64 },
  ];
  const { labels } = labelTiles([tile(0, 0), tile(60, 0)], boxes);
  expect([...labels]).toEqual([TILE.onThreat, TILE.onThreat]);
});

test('touching edges do not overlap', () => {
  const { labels } = labelTiles([tile(0, 0)], [{ x: 64, y: 0, width: 10, height: 10 }]);
  expect([...labels]).toEqual([TILE.besides]);
});
