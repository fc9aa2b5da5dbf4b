import fc from 'fast-check';
import { expect, it } from 'vitest';
import { turnTiles } from '../../src-shared/screening/turn-tiles';

const tiles = fc
  .record({
    count: fc.integer({ min: 1, max: 3 }),
    side: fc.integer({ min: 1, max: 6 }),
    channels: fc.integer({ min: 1, max: 3 }),
  })
  .map((shape) => ({
    ...shape,
    values: Float32Array.from(
      { length: shape.count * shape.side ** 2 * shape.channels },
      (_, i) => i,
    ),
  }));

it('turns a tile clockwise by hand', () => {
  const tile = Float32Array.of(1, 2, 3, 4);
  expect([...turnTiles(tile, 2, 1, 1)]).toEqual([3, 1, 4, 2]);
  expect([...turnTiles(tile, 2, 1, 2)]).toEqual([4, 3, 2, 1]);
  expect([...turnTiles(tile, 2, 1, 3)]).toEqual([2, 4, 1, 3]);
});

it('turns back by four less the quarters', () => {
  fc.assert(
    fc.property(tiles, fc.integer({ min: 0, max: 3 }), ({ values, side, channels }, quarters) => {
      const turned = turnTiles(values, side, channels, quarters);
      expect([...turnTiles(turned, side, channels, (4 - quarters) % 4)]).toEqual([...values]);
    }),
  );
});

it('adds up, and four quarters are none', () => {
  fc.assert(
    fc.property(tiles, ({ values, side, channels }) => {
      let turned: Float32Array = values;
      for (const quarters of [1, 2, 3]) {
        turned = turnTiles(turned, side, channels, 1);
        expect([...turnTiles(values, side, channels, quarters)]).toEqual([...turned]);
      }
      expect([...turnTiles(turned, side, channels, 1)]).toEqual([...values]);
    }),
  );
});

it('moves whole pixels, each inside its own tile', () => {
  fc.assert(
    fc.property(tiles, fc.integer({ min: 1, max: 3 }), (given, quarters) => {
      const { values, side, channels } = given;
      const turned = [...turnTiles(values, side, channels, quarters)];
      const area = side * side;
      const pixels = turned.flatMap((value, i) => (i % channels === 0 ? [value / channels] : []));
      expect(turned).toEqual(
        pixels.flatMap((pixel) => Array.from({ length: channels }, (_, c) => pixel * channels + c)),
      );
      const tileOf = (index: number) => Math.floor(index / area);
      expect(pixels.map(tileOf)).toEqual(pixels.map((_, index) => tileOf(index)));
      expect(new Set(pixels).size).toBe(pixels.length);
    }),
  );
});
