import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resample, type ByteRaster } from '../../src-shared/imaging/resample';

function plane(widthPx: number, heightPx: number, values: ArrayLike<number>): ByteRaster {
  return { widthPx, heightPx, channels: 1, values: Uint8Array.from(values) };
}

describe('resample', () => {
  it('averages the area that a new pixel covers', () => {
    const halved = resample(plane(4, 2, [0, 10, 20, 30, 40, 50, 60, 70]), 0.5);
    expect(halved).toEqual({ widthPx: 2, heightPx: 1, channels: 1, values: Uint8Array.of(25, 45) });
  });

  it('shares a pixel that two new ones cover', () => {
    // 3 → 2: each new pixel covers one and a half old ones.
    expect([...resample(plane(3, 1, [0, 90, 180]), 2 / 3).values]).toEqual([30, 150]);
  });

  it('interpolates between centres when enlarging', () => {
    const doubled = resample(plane(2, 1, [0, 100]), 2);
    expect(doubled.widthPx).toBe(4);
    expect([...doubled.values.subarray(0, 4)]).toEqual([0, 25, 75, 100]);
  });

  it('keeps colours apart', () => {
    const rgb = Uint8Array.of(0, 100, 200, 10, 110, 210, 0, 100, 200, 10, 110, 210);
    const one = resample({ widthPx: 2, heightPx: 2, channels: 3, values: rgb }, 0.5);
    expect([...one.values]).toEqual([5, 105, 205]);
  });

  it('gives the same raster back for factor 1, and refuses factor 0', () => {
    const source = plane(5, 5, new Uint8Array(25));
    expect(resample(source, 1)).toBe(source);
    expect(() => resample(source, 0)).toThrow(RangeError);
  });

  it('keeps a flat picture flat, and every value within what was there', () => {
    const sides = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(
        sides,
        sides,
        fc.double({ min: 0.05, max: 4, noNaN: true }),
        fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
        fc.integer({ min: 0, max: 255 }),
        (width, height, factor, stream, level) => {
          const values = Array.from({ length: width * height }, () => Number(stream.next().value));
          const scaled = resample(plane(width, height, values), factor).values;
          expect(Math.min(...scaled)).toBeGreaterThanOrEqual(Math.min(...values));
          expect(Math.max(...scaled)).toBeLessThanOrEqual(Math.max(...values));
          const flat = resample(
            plane(
              width,
              height,
              values.map(() => level),
            ),
            factor,
          ).values;
          expect(flat.every((value) => value === level)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('keeps the mean when the sides divide evenly', () => {
    const values = Array.from({ length: 64 }, (_, index) => (index * 37) % 256);
    const mean = (list: ArrayLike<number>): number =>
      Array.from(list).reduce((sum, value) => sum + value, 0) / list.length;
    const halved = resample(plane(8, 8, values), 0.5);
    expect(Math.abs(mean(halved.values) - mean(values))).toBeLessThan(0.6);
  });
});
