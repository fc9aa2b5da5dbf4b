import { expect, test } from 'vitest';
import {
  chartScale,
  observedAt,
  percentWords,
  wilsonInterval,
} from '../../src-renderer/supervisor/threshold-figures';

test('Wilson’s interval has its published values', () => {
  // Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263 and 15 of 148, method 3; 0 of 20.
  const [a, b, c] = [
    wilsonInterval(81 / 263, 263),
    wilsonInterval(15 / 148, 148),
    wilsonInterval(0, 20),
  ];
  expect([a.low, a.high]).toEqual([expect.closeTo(0.2553, 4), expect.closeTo(0.3662, 4)]);
  expect([b.low, b.high]).toEqual([expect.closeTo(0.0624, 4), expect.closeTo(0.1605, 4)]);
  expect([c.low, c.high]).toEqual([0, expect.closeTo(0.1611, 4)]);
});

test('no bags support no share', () => {
  expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
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
