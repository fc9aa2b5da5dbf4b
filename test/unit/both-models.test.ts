import { expect, it } from 'vitest';
import { BESIDE, BOTH, withBoth } from '../../src-lab/evaluation/both-models';
import type { MeasuredBag } from '../../src-lab/evaluation/measured-bag';
import { MODEL, tilesOf } from '../../src-lab/evaluation/measured-bag';
import { boxesOf, tileSet } from '../../src-lab/evaluation/tile-set';
import {
  anomalyScoreAt,
  calibrate,
  exceedanceProbability,
} from '../../src-shared/screening/calibration';

const ABOUT = { scannerKinds: ['rgb'], pixelKinds: ['rgb' as const], benignSet: 'drawn' };
/** Scores of 99 benign bags, evenly from 1 to 99, and the same a hundred times as large and moved. */
const SCORES = Array.from({ length: 99 }, (_, i) => i + 1);
const small = calibrate(SCORES, ABOUT);
const large = calibrate(
  SCORES.map((score) => 100 * score - 700),
  ABOUT,
);

function bagOf(ofModel: readonly number[], ofBeside: readonly number[]): MeasuredBag {
  const boxes = (values: readonly number[], sidePx: number) =>
    values.map((_, i) => ({ x: i * sidePx, y: 0, width: sidePx, height: sidePx }));
  return {
    name: 'bag',
    threats: null,
    views: [{ widthPx: 100, heightPx: 100 }],
    tiles: new Map([
      [MODEL, [tileSet(boxes(ofModel, 16), ofModel)]],
      [BESIDE, [tileSet(boxes(ofBeside, 64), ofBeside)]],
    ]),
    regions: null,
  };
}

const scales = { model: small, beside: large };

it('brings both scores to 0 at half of the benign bags and 1 at a tenth', () => {
  for (const calibration of [small, large]) {
    expect(exceedanceProbability(calibration, anomalyScoreAt(calibration, 0.2))).toBeCloseTo(0.1);
  }
  const tenth = anomalyScoreAt(small, 0.2);
  expect(tenth).toBeGreaterThan(80);
  const moved = (score: number) => 100 * score - 700;
  const ofModel = [50, tenth, 2 * tenth - 50];
  const bag = withBoth(bagOf(ofModel, [50, tenth, 100 - tenth].map(moved)), scales);
  const [both] = tilesOf(bag, BOTH);
  const expected = [0, 1, 2, 0, 1, -1];
  both?.values.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] ?? NaN, 6);
  });
  expect(both?.values).toHaveLength(6);
});

it('keeps every tile’s own place, and the rows of each model', () => {
  const before = bagOf([1, 2], [3]);
  const after = withBoth(before, scales);
  const places = (name: string) => tilesOf(after, name).flatMap((tiles) => boxesOf(tiles));
  expect(places(BOTH)).toEqual([...places(MODEL), ...places(BESIDE)]);
  expect(tilesOf(after, MODEL)).toBe(tilesOf(before, MODEL));
  expect(tilesOf(after, BESIDE)).toBe(tilesOf(before, BESIDE));
});
