import { expect, test } from 'vitest';
import type { BagEvidence } from '../../src-lab/evaluation/bag-evidence';
import { bagEvidence } from '../../src-lab/evaluation/bag-evidence';
import { detectionFigures, figuresByClass } from '../../src-lab/evaluation/detection-figures';
import { detectionReport } from '../../src-lab/evaluation/detection-report';
import type { Threat } from '../../src-lab/evaluation/threat-boxes';

/** A bag of four tiles of 10 px side by side. */
function bag(
  scores: readonly number[],
  threats: readonly Threat[] | null,
  darkness = scores,
): BagEvidence {
  const tileScores = scores.map((anomalyScore, index) => ({
    x: index * 10,
    y: 0,
    width: 10,
    height: 10,
    anomalyScore,
    displayScore: 0,
  }));
  return bagEvidence({
    state: 'scored',
    bag: { name: 'bag', source: { kind: 'file', path: 'bag' }, threats },
    sha256: '',
    pixelKinds: ['rgb'],
    anomalyScoreMax: Math.max(...scores),
    views: [
      {
        darkness: Float64Array.from(darkness),
        scored: {
          state: 'scored',
          viewIndex: 0,
          widthPx: 40,
          heightPx: 10,
          pixelKind: 'rgb',
          pixelPitchMm: null,
          tiles: { count: scores.length, skipped: 0, strideX: 10, strideY: 10 },
          tileScores,
          scoreMap: { columns: 0, rows: 0, cellPx: 1, displayScores: new Float32Array() },
          anomalyScoreMax: Math.max(...scores),
          displayScoreMax: 0,
          opaque: [],
        },
      },
    ],
  });
}

const threatAt = (tile: number, name: string): Threat => ({
  class: name,
  view: 0,
  box: { x: tile * 10, y: 0, width: 10, height: 10 },
});

const benign = Array.from({ length: 20 }, (_, i) => bag([i, 0, 0, 0], null));
const threat = [
  bag([1, 2, 30, 3], [threatAt(2, 'gun')]),
  bag([25, 2, 18.5, 3], [threatAt(2, 'knife')]),
  bag([4, 1, 2, 9], null),
];

test('bags are ranked by their highest tile', () => {
  const { bag: figures } = detectionFigures(benign, threat, 'model');
  // Benign maxima 0–19; 30 and 25 beat all twenty, 9 beats nine and ties with one.
  expect(figures.auroc).toBeCloseTo((20 + 20 + 9.5) / 60, 12);
  // At 10 % two benign bags (18, 19) may exceed: the level is 17.
  expect(figures.tprAtFar['0.10']).toBeCloseTo(2 / 3, 12);
});

test('a threat is found where a tile over it exceeds the level, not anywhere in the bag', () => {
  const { threat: figures } = detectionFigures(benign, threat, 'model');
  // Level at 5 %: 18; 18.5 and 30 exceed it. At none allowed it would be 19.
  expect(figures.foundAtFar['0.05']).toBe(1);
  const harder = [bag([25, 2, 16, 3], [threatAt(2, 'knife')])];
  expect(detectionFigures(benign, harder, 'model').threat.foundAtFar['0.05']).toBe(0);
  expect(detectionFigures(benign, harder, 'model').bag.tprAtFar['0.05']).toBe(1);
});

test('within a bag the threat is ranked among the same bag’s tiles', () => {
  const { withinBag } = detectionFigures(benign, threat, 'model');
  // First bag 1, second bag 18.5 beats 2 and 3, not 25: 2/3. The bag without boxes says nothing.
  expect(withinBag.auroc).toBeCloseTo((1 + 2 / 3) / 2, 12);
  expect(withinBag.hitAt1).toBe(0.5);
  expect(withinBag.hitAt1Chance).toBe(0.25);
});

test('equally high tiles share a hit', () => {
  const tied = [bag([7, 1, 7, 2], [threatAt(2, 'gun')])];
  expect(detectionFigures(benign, tied, 'model').withinBag.hitAt1).toBe(0.5);
});

test('classes are measured on their own threats', () => {
  const classes = figuresByClass(benign, threat, 'model');
  expect(Object.keys(classes)).toEqual(['gun', 'knife']);
  expect(classes['gun']).toMatchObject({ threats: 1, bags: 1, withinBagAuroc: 1 });
  expect(classes['knife']?.withinBagAuroc).toBeCloseTo(2 / 3, 12);
});

test('the darkness baseline stands beside the model, with the interval of their difference', () => {
  const dark = threat.map((_, i) => bag([9, 9, 9, 9], [threatAt(2, 'gun')], [i, 40, i, i]));
  const report = detectionReport(benign, dark, {
    calibration: null,
    phi: 0.2,
    bootstrapRounds: 50,
    seed: 1,
  });
  expect(report.baseline.bag.auroc).toBe(1);
  expect(report.bag.auroc).toBeCloseTo(9.5 / 20, 12);
  expect(report.baseline.withinBag.hitAt1).toBe(0);
  expect(report.intervals['difference.bag.auroc']?.high).toBeLessThan(0);
  expect(report.alarmRateAtPhi).toBeNull();
  expect(report.n).toEqual({
    benignBags: 20,
    threatBags: 3,
    labelledBags: 3,
    boxes: 3,
    patches: 92,
  });
});

test('without boxes the figures inside bags are undefined, not zero', () => {
  const { withinBag, threat: found, patch } = detectionFigures(benign, [bag([1], null)], 'model');
  expect(withinBag.auroc).toBeNaN();
  expect(found.foundAtFar['0.10']).toBeNaN();
  expect(patch.auroc).toBeNaN();
});
