import { describe, expect, it } from 'vitest';
import { measureAreaSlope } from '../../src-lab/put-in/area-slope';
import { RandomStream } from '../../src-lab/simulator/random-stream';
import { areaCorrection } from '../../src-shared/screening/area-correction';
import { tileGrid } from '../../src-shared/screening/tiling';

/** Bags of squares whose scores have an exponential tail of the given scale. */
function bags(count: number, tailScale: number, seed: number) {
  return Array.from({ length: count }, (_, bag) => {
    const random = new RandomStream(['area', seed, bag]);
    const side = 16 * random.integer(12, 30);
    const grid = tileGrid(side, side, { tileSizePx: 16, stridePx: 16 });
    const anomalyScores = Array.from(
      { length: grid.count },
      () => -tailScale * Math.log(1 - random.next()),
    );
    return { grid, tileIndices: anomalyScores.map((_, index) => index), anomalyScores };
  });
}

describe('the growth of the highest score with area', () => {
  it.each([0.5, 2])('is the scale of an exponential tail, %d', (tailScale) => {
    const { slope } = measureAreaSlope(bags(400, tailScale, 1), 1);
    expect(slope / tailScale).toBeGreaterThan(0.8);
    expect(slope / tailScale).toBeLessThan(1.2);
  });

  it('takes nothing off at the median area, and makes small and large bags alarm alike', () => {
    const views = bags(4000, 1, 2);
    const area = measureAreaSlope(views.slice(0, 400), 1);
    const mapScore = { meanRadius: 0, turns: 1 as const, area };
    expect(areaCorrection(mapScore, area.squares)).toBe(0);
    const highest = views.map(({ anomalyScores }) => ({
      squares: anomalyScores.length,
      plain: Math.max(...anomalyScores),
      corrected: Math.max(...anomalyScores) - areaCorrection(mapScore, anomalyScores.length),
    }));
    const small = highest.filter(({ squares }) => squares < 200);
    const large = highest.filter(({ squares }) => squares > 700);
    const rate = (of: typeof highest, score: 'plain' | 'corrected'): number => {
      const level = highest.map((bag) => bag[score]).sort((a, b) => b - a)[400] ?? NaN;
      return of.filter((bag) => bag[score] > level).length / of.length;
    };
    expect(rate(large, 'plain') / rate(small, 'plain')).toBeGreaterThan(3);
    const corrected = rate(large, 'corrected') / rate(small, 'corrected');
    expect(corrected).toBeGreaterThan(0.6);
    expect(corrected).toBeLessThan(1.7);
  });

  it('is the same from the same seed, and none where the scores do not grow', () => {
    const views = bags(30, 1, 3);
    expect(measureAreaSlope(views, 7)).toEqual(measureAreaSlope(views, 7));
    const flat = views.map((view) => ({ ...view, anomalyScores: view.anomalyScores.map(() => 2) }));
    expect(measureAreaSlope(flat, 7).slope).toBe(0);
  });
});
