import { describe, expect, it } from 'vitest';
import { MaterialSquares } from '../../src-shared/screening/material-squares';
import { tileGrid } from '../../src-shared/screening/tiling';

const SIDE = 32;
/** Two tiles side by side that overlap by half. */
const grid = tileGrid(48, SIDE, { tileSizePx: SIDE, stridePx: 16 });

function openBeam(tiles: number): Float32Array {
  return new Float32Array(tiles * SIDE * SIDE * 2).fill(-1);
}

describe('squares with material', () => {
  it('are those that hold at least one pixel of it', () => {
    const squares = new MaterialSquares(grid);
    const planes = openBeam(2);
    // Row 20, column 18 of the second tile: pixel (34, 20) of the picture.
    planes[2 * (SIDE * SIDE + 20 * SIDE + 18)] = 0.2;
    squares.add([0, 1], planes);
    const found = [0, 16, 32].flatMap((x) => [0, 16].map((y) => ({ x, y })));
    expect(found.filter((place) => squares.isIn(place))).toEqual([{ x: 32, y: 16 }]);
  });

  it('are none over open beam, nor for the metal plane alone', () => {
    const squares = new MaterialSquares(grid);
    const planes = openBeam(2);
    planes[1] = 0.5;
    squares.add([0, 1], planes);
    expect(squares.isIn({ x: 0, y: 0 })).toBe(false);
  });
});
