import { expect, test } from 'vitest';
import { bagEvidence } from '../../src-lab/evaluation/bag-evidence';
import type { MeasuredBag } from '../../src-lab/evaluation/measured-bag';
import { pixelEvidence } from '../../src-lab/evaluation/pixel-evidence';
import { PixelRanks } from '../../src-lab/evaluation/pixel-figures';
import { connectedRegions } from '../../src-lab/evaluation/threat-masks';
import { tileSet } from '../../src-lab/evaluation/tile-set';

const box = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });
const none = Number.NEGATIVE_INFINITY;

test('a pixel has the highest value of the tiles over it, and none where none lies', () => {
  // 6 × 2 pixels: a tile on columns 0–3, a higher one on 2–4, nothing on column 5.
  const tiles = tileSet([box(0, 0, 4, 2), box(2, 0, 3, 2)], [1, 7]);
  const { beside, regions } = pixelEvidence([{ widthPx: 6, heightPx: 2 }], [tiles], null);
  expect(new Map(beside)).toEqual(
    new Map([
      [1, 4],
      [7, 6],
      [none, 2],
    ]),
  );
  expect(regions).toEqual([]);
});

test('pixels of overlapping threats are taken from the others once', () => {
  const view = { widthPx: 6, heightPx: 2 };
  const tiles = tileSet([box(0, 0, 4, 2)], [1]);
  const regions = [[Uint32Array.of(0, 1, 4), Uint32Array.of(1, 2)]];
  const found = pixelEvidence([view], [tiles], regions);
  expect(found.beside.get(1)).toBe(8 - 3);
  expect(found.beside.get(none)).toBe(4 - 1);
  expect(found.regions.map((counts) => [...counts])).toEqual([
    [
      [1, 2],
      [none, 1],
    ],
    [[1, 2]],
  ]);
});

test('AUROC counts pixels, AUPRO regions, however large', () => {
  // A view of 10 × 1: four tiles of values 4, 3, 2, 1 on columns 0–1, 2–5, 6–7, 8–9.
  const tiles = tileSet(
    [box(0, 0, 2, 1), box(2, 0, 4, 1), box(6, 0, 2, 1), box(8, 0, 2, 1)],
    [4, 3, 2, 1],
  );
  const bag: MeasuredBag = {
    name: 'bag',
    threats: null,
    views: [{ widthPx: 10, heightPx: 1 }],
    tiles: new Map([['model', [tiles]]]),
    // A large region on the second tile, a small one on the last.
    regions: [[Uint32Array.of(2, 3, 4, 5), Uint32Array.of(9)]],
  };
  const ranks = PixelRanks.of([], [bagEvidence(bag, 'model', { pixels: 'masked' })]);
  const { auroc, aupro } = ranks?.figures(Float64Array.of(1)) ?? { auroc: 0, aupro: 0 };
  // Others: two pixels of 4, two of 2, one of 1. The large region beats three of five, the small
  // one ties with one.
  expect(auroc).toBeCloseTo((4 * 3 + 0.5) / 25, 12);
  // Up to a false rate of 0.3 only the two pixels of 4 (0.4 of all) pass: no region is found.
  expect(aupro).toBe(0);
  const higher = PixelRanks.of(
    [],
    [
      bagEvidence({ ...bag, regions: [[Uint32Array.of(0, 1), Uint32Array.of(9)]] }, 'model', {
        pixels: 'masked',
      }),
    ],
  );
  // One of two regions lies above everything else.
  expect(higher?.figures(Float64Array.of(1)).aupro).toBeCloseTo(0.5, 12);
});

test('benign pixels count where any bag has masks, and nothing is said without masks', () => {
  const bag: MeasuredBag = {
    name: 'bag',
    threats: null,
    views: [{ widthPx: 2, heightPx: 1 }],
    tiles: new Map([['model', [tileSet([box(0, 0, 2, 1)], [5])]]]),
    regions: null,
  };
  const masked = { ...bag, regions: [[Uint32Array.of(0)]] };
  const benign = bagEvidence(bag, 'model', { pixels: 'benign' });
  const threat = bagEvidence(masked, 'model', { pixels: 'masked' });
  expect(PixelRanks.of([benign], [threat])?.figures(Float64Array.of(1, 1)).auroc).toBe(0.5);
  expect(PixelRanks.of([benign], [bagEvidence(bag, 'model', { pixels: 'masked' })])).toBeNull();
});

test('regions hang together by corners and differ by value', () => {
  const levels = Uint16Array.of(1, 0, 0, 2, 0, 1, 0, 2, 0, 0, 2, 0);
  const regions = connectedRegions(levels, { widthPx: 4, heightPx: 3 });
  expect(regions.map((region) => [...region])).toEqual([
    [0, 5],
    [3, 7, 10],
  ]);
});
