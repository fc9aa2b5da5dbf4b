import { describe, expect, test } from 'vitest';
import { benignSquares, squareAround, threatSquares } from '../../src-lab/experiments/ffob-squares';
import { extractPatch } from '../../src-lab/experiments/extract-patch';
import { simulatePicture } from '../../src-lab/experiments/simulated-picture';
import { cropSquare } from '../../src-lab/experiments/square';
import { SIMULATION_SEEDS } from '../../src-lab/experiments/test-scans';
import { RandomStream } from '../../src-lab/simulator/random-stream';

describe('FFOB squares', () => {
  test('are squares about the object, a tenth larger than its longer side', () => {
    expect(squareAround({ x: 100, y: 50, width: 200, height: 80 })).toEqual({
      left: 90,
      top: -20,
      sidePx: 220,
    });
  });

  test('show open beam beyond the picture', () => {
    const picture = { widthPx: 2, heightPx: 1, rgb: Uint8Array.of(1, 2, 3, 4, 5, 6) };
    const white = [255, 255, 255];
    expect([...extractPatch(picture, -1, 0, 2)]).toEqual([...white, 1, 2, 3, ...white, ...white]);
    expect([...extractPatch(picture, 5, 5, 1)]).toEqual(white);
  });

  test('are one of a bag with a gun, about the gun, and many of the bag without it', () => {
    const withGun = simulatePicture(7, 0, 'gun');
    const without = simulatePicture(7, 0, 'none');
    const [gun, ...others] = threatSquares(withGun);
    expect(others).toEqual([]);
    expect(threatSquares(without)).toEqual([]);
    if (gun === undefined) throw new Error('no gun');
    expect(cropSquare(withGun.picture, gun)).toHaveLength(64 * 64 * 3);
    expect(cropSquare(withGun.picture, gun)).not.toEqual(cropSquare(without.picture, gun));
    const { threatMask, picture } = withGun;
    const inside = threatMask.filter((threat, pixel) => {
      const x = pixel % picture.widthPx;
      const y = Math.floor(pixel / picture.widthPx);
      const isInside =
        x >= gun.left && x < gun.left + gun.sidePx && y >= gun.top && y < gun.top + gun.sidePx;
      return threat === 1 && isInside;
    });
    expect(inside.length).toBe(threatMask.reduce((sum, threat) => sum + threat, 0));
    const benign = benignSquares(without, new RandomStream([1]));
    expect(benign.length).toBeGreaterThan(3);
    expect(benign.every(({ sidePx }) => sidePx >= 132 && sidePx <= 308)).toBe(true);
  });
});

describe('the seeds of simulated scans', () => {
  test('are each their own, and none that a shipped model was made, chosen or measured on', () => {
    const { ubaTrain, ubaTest, ffobTrain, ffobTest } = SIMULATION_SEEDS;
    const seeds = [ubaTrain, ...Object.values(ubaTest), ffobTrain, ffobTest];
    expect(new Set(seeds).size).toBe(seeds.length);
    for (const seed of seeds) {
      expect(seed >= 101 && seed <= 106).toBe(false);
      expect(seed >= 9001 && seed <= 9004).toBe(false);
    }
  });
});
