import { describe, expect, test } from 'vitest';
import {
  rarityWords,
  raritySaid,
  roundedCount,
  thresholdWords,
} from '../../src-renderer/ui/rarity-words';

const limit = { oneIn: 260, beyondSample: true };

describe('a score', () => {
  test('is said with the rarity that its scale means', () => {
    expect(rarityWords(0.2, limit)).toBe('about 1 benign bag in 10');
    expect(rarityWords(0.34, limit)).toBe('about 1 benign bag in 50');
  });

  test('is never said to be rarer than what was measured', () => {
    expect(rarityWords(0.62, limit)).toBe('rarer than 1 in 260');
    expect(rarityWords(1, limit)).toBe('rarer than 1 in 260');
    expect(raritySaid({ oneIn: 1260, beyondSample: true })).toBe('rarer than 1 in 1,260');
  });

  test('claims nothing without a calibration', () => {
    expect(rarityWords(0.62, null)).toBe('rarity not known here');
  });

  test('that most benign bags reach is called so', () => {
    expect(rarityWords(0.01, limit)).toBe('as in most benign bags');
  });
});

describe('φ', () => {
  test('is said with what it means for benign bags', () => {
    expect(thresholdWords(0.2, limit)).toBe('about 1 benign bag in 10 alarms');
    expect(thresholdWords(0.26, limit)).toBe('about 1 benign bag in 20 alarms');
    expect(thresholdWords(0, limit)).toBe('nearly every benign bag alarms');
  });

  test('beyond the sample promises no more than the sample shows', () => {
    expect(thresholdWords(0.6, limit)).toBe('fewer than 1 benign bag in 260 alarms');
  });
});

test('counts carry two significant figures', () => {
  expect([1.6, 9.6, 12.3, 501, 1234, 99_999].map(roundedCount)).toEqual([
    '2',
    '10',
    '12',
    '500',
    '1,200',
    '100,000',
  ]);
});
