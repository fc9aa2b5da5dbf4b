import { describe, expect, test } from 'vitest';
import { heatOver } from '../../src-renderer/operator/load-tile';
import { scorePartRows } from '../../src-renderer/operator/score-part-rows';
import { intervalWords } from '../../src-renderer/ui/rarity-words';

const common = { typicalScore: 0.15, rebuiltDifference: 0.0412 };

describe('the parts of a score, in words', () => {
  test('of a latent difference', () => {
    const rows = scorePartRows(
      {
        kind: 'latent',
        definition: 'reference',
        ...common,
        anomalyScore: 0.182,
        latentValues: 100,
        halfFrom: 12,
      },
      0.182,
    );
    expect(rows.map(({ name, words }) => `${name}: ${words}`)).toEqual([
      'A(x): 0.182',
      'A(x) of a typical bag: 0.15',
      'Half of it from: 12 of 100 values',
      'Rebuilt differs by: 4.1 %',
    ]);
  });

  const map = {
    kind: 'map' as const,
    ...common,
    typicalScore: null,
    anomalyScore: 2,
    sharpestScore: 2.5,
    meanSidePx: 20,
    turnScores: [1.8, 2.2, 2.1, 1.9],
  };

  test('of a map, with the turns that it was seen in', () => {
    expect(scorePartRows(map, 2).map(({ name, words }) => `${name}: ${words}`)).toEqual([
      'A(x): 2',
      'Highest point: 2.5 · mean of 20 px 2',
      'Seen turned 4 ways: 1.8 to 2.2',
      'Rebuilt differs by: 4.1 %',
    ]);
  });

  test('what is taken off for a large bag stands beside them', () => {
    const rows = scorePartRows(map, 1.75).map(({ name, words }) => `${name}: ${words}`);
    expect(rows).toContain('A(x): 1.75');
    expect(rows).toContain('For the size of the bag: −0.25');
  });

  test('one turn says nothing of turns', () => {
    const rows = scorePartRows({ ...map, turnScores: [2] }, 2);
    expect(rows.map(({ name }) => name)).not.toContain('Seen turned 1 ways');
    expect(rows).toHaveLength(3);
  });
});

test('a map is laid over the scan as heat, each cell over its own pixels', () => {
  const scan = { widthPx: 4, heightPx: 4, rgb: new Uint8Array(48).fill(255) };
  const heated = heatOver(scan, Uint8Array.of(0, 255, 0, 0));
  const pixel = (x: number, y: number) =>
    [...(heated?.rgb.subarray((y * 4 + x) * 3) ?? [])].slice(0, 3);
  expect(pixel(1, 1)).toEqual([255, 255, 255]);
  expect(pixel(2, 0)).toEqual([255, 138, 216]);
  expect(pixel(3, 1)).toEqual([255, 138, 216]);
  expect(pixel(2, 2)).toEqual([255, 255, 255]);
  expect(heatOver(scan, new Uint8Array())).toBeNull();
});

describe('how sure a rarity is', () => {
  test('is its interval, turned into bags', () => {
    expect(intervalWords({ low: 0.0019, high: 0.0061 })).toBe(
      '95 % sure: between 1 in 530 and 1 in 160',
    );
  });

  test('has no lower end where the sample shows none, and is not said without an interval', () => {
    expect(intervalWords({ low: 0, high: 0.01 })).toBe('95 % sure: no more than 1 in 100');
    expect(intervalWords(null)).toBeNull();
  });
});
