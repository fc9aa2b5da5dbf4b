import { expect, test } from 'vitest';
import type { MeasuredBag } from '../../src-lab/evaluation/measured-bag';
import { gatherEvidence } from '../../src-lab/evaluation/method-evidence';
import { worstBags } from '../../src-lab/evaluation/worst-bags';
import { rowBag, threatAt } from '../fixtures/row-bag';

const named = (name: string, bag: MeasuredBag): MeasuredBag => ({ ...bag, name });
const benign = [1, 7, 3, 9].map((score) => named(`benign-${score}`, rowBag([score, 0], null)));

function worst(threat: readonly MeasuredBag[], level: number) {
  const [model] = gatherEvidence(benign, threat, 1);
  if (model === undefined) throw new Error('There is no evidence.');
  return worstBags(model, benign, threat, level);
}

test('a miss is a bag whose threats stay under the level, whatever alarms elsewhere in it', () => {
  const threat = [
    named('beside', rowBag([20, 4], [threatAt(1, 'gun')])),
    named('found', rowBag([2, 8], [threatAt(1, 'gun')])),
    named('lower', rowBag([2, 1], [threatAt(0, 'knife'), threatAt(1, 'gun')])),
    named('unknown', rowBag([0, 0], null)),
  ];
  const { misses, falseAlarms } = worst(threat, 6);
  expect(misses).toEqual([
    { name: 'lower', anomalyScore: 2, benignShare: 0.75, classes: ['gun', 'knife'] },
    { name: 'beside', anomalyScore: 4, benignShare: 0.5, classes: ['gun'] },
  ]);
  expect(falseAlarms.map(({ name }) => name)).toEqual(['benign-9', 'benign-7']);
});

test('where no threat is known, a miss is a bag without any alarm', () => {
  const { misses } = worst([named('low', rowBag([5], null)), named('high', rowBag([8], null))], 6);
  expect(misses.map(({ name }) => name)).toEqual(['low']);
});
