import { expect, test } from 'vitest';
import { alarmRateWords } from '../../src-renderer/supervisor/alarm-rate-words';
import {
  chartScale,
  intervalAt,
  observedAt,
  percentWords,
} from '../../src-renderer/supervisor/threshold-figures';
import { calibrate } from '../../src-shared/screening/calibration';

/** 400 bags that score 1 to 400: the 40th highest is Beta(40, 361). */
const scale = calibrate(
  Array.from({ length: 400 }, (_, i) => i + 1),
  { scannerKinds: ['rgb-export'], pixelKinds: ['rgb'], benignSet: 'test' },
);
const calibration = {
  benignBags: 400,
  observed: [],
  intervals: scale.intervals,
  rarestSupported: { oneIn: 400, beyondSample: false },
};

test('a φ is said as the rate that it implies, with its interval', () => {
  expect(alarmRateWords(0.2, calibration)).toBe(
    'about 1 benign bag in 10 alarms, between 1 in 8 and 1 in 14',
  );
  expect(alarmRateWords(0.4, calibration)).toMatch(
    /^about 1 benign bag in 100 alarms, between 1 in \d\d and 1 in [\d,]+$/,
  );
});

test('where nothing holds from below, the upper end alone is said', () => {
  expect(alarmRateWords(0.5, calibration)).toMatch(
    /^about 1 benign bag in 320 alarms, at most 1 in \d+$/,
  );
  expect(alarmRateWords(0.6, calibration)).toMatch(/^at most 1 benign bag in \d+ alarms$/);
});

test('without intervals the rate stands alone', () => {
  const old = { ...calibration, intervals: [] };
  expect(intervalAt(old, 0.2)).toBeNull();
  expect(intervalAt(null, 0.2)).toBeNull();
  expect(alarmRateWords(0.2, old)).toBe('about 1 benign bag in 10 alarms');
  expect(alarmRateWords(0.6, old)).toBe('fewer than 1 benign bag in 400 alarms');
  expect(alarmRateWords(0, calibration)).toBe('nearly every benign bag alarms');
});

test('the interval of a φ is that of the share it implies', () => {
  const interval = intervalAt(calibration, 0.2);
  expect(interval?.low).toBeCloseTo(0.0726, 3);
  expect(interval?.high).toBeCloseTo(0.1311, 3);
});

test('what was seen is read at the highest φ not above the one asked for', () => {
  const observed = [
    { threshold: 0.1, share: 0.3 },
    { threshold: 0.2, share: 0.1 },
    { threshold: 0.3, share: 0.03 },
  ];
  expect(observedAt(observed, 0.25)?.share).toBe(0.1);
  expect(observedAt(observed, 0.2)?.share).toBe(0.1);
  expect(observedAt(observed, 0.05)).toBeNull();
});

test('shares are said in percent with two figures', () => {
  expect([1, 0.316, 0.098, 0.0123, 0.0005, 0.0001, 0].map(percentWords)).toEqual([
    '100 %',
    '32 %',
    '9.8 %',
    '1.2 %',
    '0.05 %',
    '0.01 %',
    '0 %',
  ]);
});

test('the chart is a straight fall by decades, and reaches further where φ does', () => {
  const plot = { left: 50, top: 10, width: 800, height: 400 };
  const scale = chartScale(plot, [0.2, 0.26]);
  expect(scale.toX(0.4)).toBe(450);
  expect(scale.toY(1)).toBe(10);
  expect(scale.toY(0.1)).toBeCloseTo(110, 9);
  expect(scale.toY(0)).toBeCloseTo(410, 9);
  expect(chartScale(plot, [0.2, 0.9]).highestThreshold).toBe(1);
});
