import { expect, test } from 'vitest';
import type { ReportOptions } from '../../src-lab/evaluation/detection-report';
import { detectionReport } from '../../src-lab/evaluation/detection-report';
import type { MeasuredBag } from '../../src-lab/evaluation/measured-bag';
import { gatherEvidence } from '../../src-lab/evaluation/method-evidence';
import { rowBag, threatAt } from '../fixtures/row-bag';

const benign = Array.from({ length: 20 }, (_, i) => rowBag([i, 0, 0, 0], null));
function reportOn(
  benignBags: readonly MeasuredBag[],
  threatBags: readonly MeasuredBag[],
  asked: ReportOptions,
) {
  const evidence = gatherEvidence(benignBags, threatBags, asked.seed);
  return detectionReport(benignBags, threatBags, evidence, asked);
}

const options = { calibration: null, phi: 0.2, bootstrapRounds: 50, seed: 1 };

test('the darkness baseline stands beside the model, with the paired interval of their difference', async () => {
  const threat = [0, 1, 2].map((i) => rowBag([9, 9, 9, 9], [threatAt(2, 'gun')], [i, 40, i, i]));
  const report = await reportOn(benign, threat, options);
  expect(report.baseline.bag.auroc).toBe(1);
  expect(report.bag.auroc).toBeCloseTo(9.5 / 20, 12);
  expect(report.baseline.withinBag.hitAt1).toBe(0);
  expect(report.differences['bag.auroc']).toBeCloseTo(9.5 / 20 - 1, 12);
  expect(report.intervals['difference.bag.auroc']?.high).toBeLessThan(0);
  expect(report.alarmRateAtPhi).toBeNull();
  expect(report.rows.map(({ name }) => name)).toEqual(['model', 'darkness', 'size']);
  expect(report.n).toEqual({
    benignBags: 20,
    threatBags: 3,
    labelledBags: 3,
    boxes: 3,
    patches: 92,
  });
});

test('on the same draws two equal methods never differ, whatever their own spread', async () => {
  const threat = [4, 9, 15].map((i) => rowBag([i, 1, 1, 1], [threatAt(0, 'gun')]));
  const { intervals } = await reportOn(benign, threat, options);
  expect(intervals['difference.bag.auroc']).toEqual({ low: 0, high: 0 });
  const own = intervals['bag.auroc'];
  expect((own?.high ?? 0) - (own?.low ?? 0)).toBeGreaterThan(0.1);
});

test('blocks say nothing about fewer than forty bags', async () => {
  const threat = [rowBag([9], [threatAt(0, 'gun')])];
  const { intervals, intervalsByBlocks } = await reportOn(benign, threat, options);
  expect(intervals['bag.auroc']).not.toBeNull();
  expect(intervalsByBlocks['bag.auroc']).toBeNull();
});

test('a scale that is frozen tells how many bags alarm at φ', async () => {
  const bagMaxima = Array.from({ length: 20 }, (_, i) => i);
  const calibration = {
    method: 'empirical-gpd-1' as const,
    bagMaxima,
    tail: { threshold: 18, exceedanceShare: 0.1, shape: 0, scale: 1 },
    scannerKinds: ['rgb-export'],
    pixelKinds: ['rgb' as const],
    benignSet: 'none',
  };
  const threat = [rowBag([100], null), rowBag([0], null)];
  const report = await reportOn(benign, threat, {
    ...options,
    calibration,
    bootstrapRounds: 0,
  });
  expect(report.alarmRateAtPhi?.threat).toBe(0.5);
  expect(report.alarmRateAtPhi?.benign).toBeLessThanOrEqual(0.15);
  expect(report.intervals).toEqual({});
});
