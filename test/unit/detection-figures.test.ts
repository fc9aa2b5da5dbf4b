import { expect, test } from 'vitest';
import { bagEvidence, sizeEvidence } from '../../src-lab/evaluation/bag-evidence';
import { flatFigures, MethodFigures } from '../../src-lab/evaluation/detection-figures';
import type { MeasuredBag } from '../../src-lab/evaluation/measured-bag';
import type { Threat } from '../../src-lab/evaluation/threat-boxes';
import { rowBag as bag, threatAt } from '../fixtures/row-bag';

const benign = Array.from({ length: 20 }, (_, i) => bag([i, 0, 0, 0], null));
const threat = [
  bag([1, 2, 30, 3], [threatAt(2, 'gun')]),
  bag([25, 2, 18.5, 3], [threatAt(2, 'knife')]),
  bag([4, 1, 2, 9], null),
];

function figuresOf(benignBags: readonly MeasuredBag[], threatBags: readonly MeasuredBag[]) {
  const evidence = (bags: readonly MeasuredBag[]) => bags.map((one) => bagEvidence(one, 'model'));
  const weights = new Float64Array(benignBags.length + threatBags.length).fill(1);
  return new MethodFigures(evidence(benignBags), evidence(threatBags)).figures(weights);
}

test('bags are ranked by their highest tile', () => {
  const { bag: figures } = figuresOf(benign, threat);
  // Benign maxima 0–19; 30 and 25 beat all twenty, 9 beats nine and ties with one.
  expect(figures.auroc).toBeCloseTo((20 + 20 + 9.5) / 60, 12);
  // At 10 % two benign bags (18, 19) may exceed: the level is 17.
  expect(figures.tprAtFar['0.10']).toBeCloseTo(2 / 3, 12);
});

test('a threat is found where a tile over it exceeds the level, not anywhere in the bag', () => {
  // Level at 5 %: 18; 18.5 and 30 exceed it. At none allowed it would be 19.
  expect(figuresOf(benign, threat).threat.foundAtFar['0.05']).toBe(1);
  const harder = [bag([25, 2, 16, 3], [threatAt(2, 'knife')])];
  expect(figuresOf(benign, harder).threat.foundAtFar['0.05']).toBe(0);
  expect(figuresOf(benign, harder).bag.tprAtFar['0.05']).toBe(1);
});

test('a bag is found by any of its threats, a threat by its own tiles alone', () => {
  const both = [bag([30, 2, 3, 4], [threatAt(0, 'gun'), threatAt(2, 'knife')])];
  const { threat: figures, classes } = figuresOf(benign, both);
  expect(figures.foundAtFar['0.10']).toBe(0.5);
  expect(figures.bagsFoundAtFar['0.10']).toBe(1);
  expect(classes['knife']?.bagsFoundAtFar['0.10']).toBe(0);
  expect(classes['gun']?.bagsFoundAtFar['0.10']).toBe(1);
});

test('within a bag the threat is ranked among the same bag’s tiles', () => {
  const { withinBag } = figuresOf(benign, threat);
  // First bag 1, second bag 18.5 beats 2 and 3, not 25: 2/3. The bag without boxes says nothing.
  expect(withinBag.auroc).toBeCloseTo((1 + 2 / 3) / 2, 12);
  expect(withinBag.hitAt1).toBe(0.5);
  expect(withinBag.hitAt1Chance).toBe(0.25);
});

test('equally high tiles share a hit', () => {
  const tied = [bag([7, 1, 7, 2], [threatAt(2, 'gun')])];
  expect(figuresOf(benign, tied).withinBag.hitAt1).toBe(0.5);
});

test('classes are measured on their own threats', () => {
  const { classes } = figuresOf(benign, threat);
  expect(Object.keys(classes)).toEqual(['gun', 'knife']);
  expect(classes['gun']).toMatchObject({ threats: 1, bags: 1, withinBagAuroc: 1 });
  expect(classes['knife']?.withinBagAuroc).toBeCloseTo(2 / 3, 12);
});

test('the control reads what is left of a threat bag when its widened boxes are cut out', () => {
  // Tiles at 0, 10, 20 … px; the box at 20–30 px and 15 px around it take the tiles 0 to 4 away.
  const seven = (scores: readonly number[]) => bag(scores, [threatAt(2, 'gun')]);
  const near = figuresOf(benign, [seven([30, 30, 30, 30, 30, 1, 2])]);
  expect(near.control.alarmRateOutsideBoxesAtFar['0.10']).toBe(0);
  expect(near.bag.tprAtFar['0.10']).toBe(1);
  const far = figuresOf(benign, [seven([1, 1, 30, 1, 1, 25, 2]), seven([1, 1, 30, 1, 1, 16, 2])]);
  expect(far.control.alarmRateOutsideBoxesAtFar['0.10']).toBe(0.5);
  // Nothing is left of a bag of four tiles, and nothing can alarm.
  expect(figuresOf(benign, threat).control.alarmRateOutsideBoxesAtFar['0.20']).toBe(0);
});

test('size-matched figures read benign bags through their windows', () => {
  const window = (left: number) => ({
    boxes: [{ x: left, y: 0, width: 20, height: 10 }],
    amount: 1,
  });
  // Whole bag 19; windows over tiles 0–1 and 2–3 see 19 and 5.
  const wide = bag([19, 4, 5, 3], null);
  const evidence = bagEvidence(wide, 'model', { windows: [window(0), window(20), window(5)] });
  // From 5 to 25 px only the tile at 10 px lies wholly inside.
  expect(evidence.windows.map(({ highest }) => highest)).toEqual([19, 5, 4]);
  const found = [bag([7, 1], [threatAt(0, 'gun')])].map((one) => bagEvidence(one, 'model'));
  const { bag: whole, sizeMatched } = new MethodFigures([evidence], found).figures(
    Float64Array.of(1, 1),
  );
  expect(whole.auroc).toBe(0);
  expect(sizeMatched.bag.auroc).toBeCloseTo(2 / 3, 12);
  expect(sizeMatched.threat.foundAtFar['0.20']).toBe(0);
});

test('the size of a scan names no place, and its windows have theirs', () => {
  const windows = [{ boxes: [{ x: 0, y: 0, width: 10, height: 10 }], amount: 1 }];
  const evidence = [sizeEvidence(bag([1, 2, 3], null), { windows })];
  const figures = new MethodFigures(evidence, [
    sizeEvidence(bag([5, 6], [threatAt(0, 'gun')])),
  ]).figures(Float64Array.of(1, 1));
  // 300 px² against 200 px²; cut to 100 px² the benign bag is the smaller one.
  expect(figures.bag.auroc).toBe(0);
  expect(figures.sizeMatched.bag.auroc).toBe(1);
  expect(figures.threat.foundAtFar['0.10']).toBeNaN();
  expect(figures.withinBag.hitAt1).toBeNaN();
});

test('a bag that is drawn twice counts twice', () => {
  const evidence = [bag([1], null), bag([5], null)].map((one) => bagEvidence(one, 'model'));
  const found = [bag([3], [threatAt(0, 'gun')])].map((one) => bagEvidence(one, 'model'));
  const figures = new MethodFigures(evidence, found);
  const aurocs = [
    [2, 0, 1],
    [1, 1, 1],
    [0, 2, 1],
  ].map((weights) => figures.figures(Float64Array.from(weights)).bag.auroc);
  expect(aurocs).toEqual([1, 0.5, 0]);
});

test('without boxes the figures inside bags are undefined, not zero', () => {
  const { withinBag, threat: found, patch, control } = figuresOf(benign, [bag([1], null)]);
  expect(withinBag.auroc).toBeNaN();
  expect(found.foundAtFar['0.10']).toBeNaN();
  expect(patch.auroc).toBeNaN();
  expect(control.alarmRateOutsideBoxesAtFar['0.10']).toBeNaN();
});

test('a threat over which no tile was scored is not found', () => {
  const outside: Threat = {
    class: 'knife',
    view: 0,
    box: { x: 500, y: 0, width: 9, height: 9 },
  };
  const { threat: found } = figuresOf(benign, [bag([30, 1], [outside])]);
  expect(found.foundAtFar['0.20']).toBe(0);
});

test('figures are named by their paths', () => {
  const flat = flatFigures(figuresOf(benign, threat));
  expect(flat['threat.foundAtFar.0.05']).toBe(1);
  expect(flat['sizeMatched.threat.bagsFoundAtFar.0.20']).toBeNaN();
  expect(flat['classes.gun.withinBagAuroc']).toBe(1);
  expect(Object.keys(flat).some((path) => path.endsWith('threats'))).toBe(false);
});
