import { describe, expect, test } from 'vitest';
import { squareScore } from '../../src-lab/experiments/square-score';
import type { TileScore } from '../../src-shared/domain/screening-outcome';

const SQUARE = { left: 64, top: 64, sidePx: 64 };

function tile(x: number, y: number, side: number, anomalyScore: number): TileScore {
  return { x, y, width: side, height: side, anomalyScore, displayScore: 0 };
}

describe('the score of a square of a screened scan', () => {
  test('is that of the tile that lies on it, not of neighbours that overlap by half', () => {
    const tiles = [tile(64, 64, 64, 1), tile(32, 64, 64, 9), tile(64, 96, 64, 8)];
    expect(squareScore(SQUARE, tiles)).toBe(1);
  });

  test('is the highest of the small cells inside it', () => {
    const tiles = [tile(64, 64, 16, 1), tile(112, 112, 16, 5), tile(128, 112, 16, 9)];
    expect(squareScore(SQUARE, tiles)).toBe(5);
  });

  test('is the highest of the large tiles that cover most of it', () => {
    const tiles = [tile(0, 0, 256, 3), tile(64, 0, 256, 4), tile(110, 0, 256, 9)];
    expect(squareScore(SQUARE, tiles)).toBe(4);
  });

  test('is that of the largest overlap where none is over half, whatever the order', () => {
    const tiles = [tile(96, 64, 64, 2), tile(112, 64, 64, 7)];
    expect(squareScore(SQUARE, tiles)).toBe(2);
    expect(squareScore(SQUARE, tiles.reverse())).toBe(2);
  });

  test('is lowest where no scored tile touches it', () => {
    expect(squareScore(SQUARE, [tile(0, 0, 64, 5)])).toBe(Number.NEGATIVE_INFINITY);
  });
});
