import { describe, expect, test } from 'vitest';
import { benignCrops, squareAround, threatCrops } from '../../src-lab/experiments/ffob-crops';
import { extractPatch } from '../../src-lab/experiments/extract-patch';
import { simulatePicture } from '../../src-lab/experiments/simulated-picture';
import { SIMULATION_SEEDS } from '../../src-lab/experiments/simulated-sets';
import { RandomStream } from '../../src-lab/simulator/random-stream';

const CROP_BYTES = 64 * 64 * 3;

describe('FFOB crops', () => {
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

  test('are one of a bag with a gun, of the gun, and many of the bag without it', () => {
    const withGun = simulatePicture(7, 0, 'gun');
    const without = simulatePicture(7, 0, 'none');
    const [gun, ...others] = threatCrops(withGun);
    expect(others).toEqual([]);
    expect(gun).toHaveLength(CROP_BYTES);
    expect(threatCrops(without)).toEqual([]);
    const benign = benignCrops(without, new RandomStream([1]));
    expect(benign.length).toBeGreaterThan(3);
    expect(benign.every(({ length }) => length === CROP_BYTES)).toBe(true);
    expect(benign).not.toContainEqual(gun);
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
