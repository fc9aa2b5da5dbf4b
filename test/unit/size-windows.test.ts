import { expect, test } from 'vitest';
import type { MeasuredBag } from '../../src-lab/evaluation/measured-bag';
import { sizeWindows } from '../../src-lab/evaluation/size-windows';
import { tileSet } from '../../src-lab/evaluation/tile-set';

/** A bag of one size with a single tile of material. */
function bagOf(widthPx: number, heightPx: number, material = { x: 0, y: 0 }): MeasuredBag {
  const tiles = [tileSet([{ ...material, width: 10, height: 10 }], [1])];
  return {
    name: 'bag',
    threats: null,
    views: [{ widthPx, heightPx }],
    tiles: new Map([['darkness', tiles]]),
    regions: null,
  };
}

test('windows have a threat bag’s size and lie where material is, inside the view', () => {
  const [middle = [], corner = []] = sizeWindows(
    [bagOf(200, 100, { x: 95, y: 45 }), bagOf(200, 100, { x: 190, y: 0 })],
    [bagOf(60, 40)],
    { perBag: 3, seed: 1 },
  );
  expect(middle).toHaveLength(3);
  // Centred on 100, 50; and as far into the corner as the view lets it.
  expect(middle[0]?.boxes).toEqual([{ x: 70, y: 30, width: 60, height: 40 }]);
  expect(corner[0]?.boxes).toEqual([{ x: 140, y: 0, width: 60, height: 40 }]);
});

test('the windows’ sizes are spread as the threat bags’, though small bags hold few of them', () => {
  const benign = [bagOf(50, 50), bagOf(50, 50), bagOf(50, 50), bagOf(100, 100)];
  const threat = [bagOf(90, 90), bagOf(40, 40)];
  const windows = sizeWindows(benign, threat, { perBag: 2000, seed: 1 }).flat();
  const amountOf = (width: number) =>
    windows
      .filter(({ boxes }) => boxes[0]?.width === width)
      .reduce((sum, { amount }) => sum + amount, 0);
  // Only one of four bags holds the larger one: half of all weight is still its.
  expect(amountOf(90)).toBeCloseTo(1, 1);
  expect(amountOf(40)).toBeCloseTo(1, 1);
});

test('a bag that holds no threat bag’s size has no windows', () => {
  const windows = sizeWindows([bagOf(30, 300), bagOf(64, 64)], [bagOf(60, 40)], { seed: 1 });
  expect(windows.map((ofBag) => ofBag.length)).toEqual([0, 8]);
});

test('the same seed cuts the same windows', () => {
  const material = Array.from({ length: 9 }, (_, i) => ({
    x: i * 20,
    y: 0,
    width: 10,
    height: 10,
  }));
  const bag: MeasuredBag = {
    ...bagOf(200, 100),
    tiles: new Map([['darkness', [tileSet(material, Array<number>(9).fill(1))]]]),
  };
  const cut = (seed: number) => sizeWindows([bag], [bagOf(60, 40), bagOf(70, 30)], { seed });
  expect(cut(1)).toEqual(cut(1));
  expect(cut(1)).not.toEqual(cut(2));
});
