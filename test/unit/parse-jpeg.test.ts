import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseJpeg } from '../../src-main/scan-io/raster/parse-jpeg';
import { DEFAULT_READ_LIMITS } from '../../src-main/scan-io/read-limits';
import { HEIGHT_PX, smoothRgb8, WIDTH_PX } from '../fixtures/scans/formula-picture';
import { thrownCode } from '../fixtures/scans/parse-outcome';

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/scans/${name}`, import.meta.url));
}

function parse(bytes: Uint8Array): ReturnType<typeof parseJpeg> {
  return parseJpeg(bytes, DEFAULT_READ_LIMITS);
}

/** Greatest and mean distance between samples. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): { max: number; mean: number } {
  let [max, sum] = [0, 0];
  for (let index = 0; index < a.length; index++) {
    const apart = Math.abs((a[index] ?? 0) - (b[index] ?? 0));
    max = Math.max(max, apart);
    sum += apart;
  }
  return { max, mean: sum / a.length };
}

/** Where a start-of-frame marker of the given kind stands. */
function frameAt(bytes: Buffer, marker: number): number {
  return bytes.indexOf(Buffer.from([0xff, marker, 0x00]));
}

describe('parseJpeg', () => {
  it.each([
    ['baseline-444.jpg', 8, 1.5],
    ['rgb-adobe.jpg', 8, 1.5],
    ['restart-markers.jpg', 8, 1.5],
    // Halved colours are repeated over two pixels, so ramps are a step off.
    ['progressive-420.jpg', 20, 4],
  ])('reads %s in colour', (name, maxApart, meanApart) => {
    const raster = parse(fixture(name));
    expect(raster).toMatchObject({ widthPx: WIDTH_PX, heightPx: HEIGHT_PX, channels: 3 });
    const apart = distance(raster.samples, smoothRgb8());
    expect(apart.max).toBeLessThanOrEqual(maxApart);
    expect(apart.mean).toBeLessThanOrEqual(meanApart);
  });

  it.each(['grey.jpg', 'grey-progressive.jpg'])('reads %s in grey', (name) => {
    const raster = parse(fixture(name));
    expect(raster).toMatchObject({ widthPx: WIDTH_PX, heightPx: HEIGHT_PX, channels: 1 });
    const reds = smoothRgb8().filter((_, index) => index % 3 === 0);
    expect(distance(raster.samples, reds).max).toBeLessThanOrEqual(6);
  });

  it('refuses four colour components', () => {
    expect(thrownCode(() => parse(fixture('cmyk.jpg')))).toBe('format-unsupported');
  });

  it.each(['baseline-444.jpg', 'progressive-420.jpg', 'restart-markers.jpg'])(
    'calls every shorter beginning of %s cut short',
    (name) => {
      const bytes = fixture(name);
      const codes = new Set<string>();
      for (let length = 3; length < bytes.length; length++) {
        codes.add(thrownCode(() => parse(bytes.subarray(0, length))));
      }
      expect([...codes]).toEqual(['file-truncated']);
    },
  );

  it('refuses a huge header before decoding', () => {
    const bytes = fixture('baseline-444.jpg');
    const at = frameAt(bytes, 0xc0);
    bytes.writeUInt16BE(20_000, at + 5);
    bytes.writeUInt16BE(20_000, at + 7);
    expect(thrownCode(() => parse(bytes))).toBe('picture-too-large');
    bytes.writeUInt16BE(5_000, at + 5);
    bytes.writeUInt16BE(5_000, at + 7);
    expect(thrownCode(() => parse(bytes))).toBe('file-truncated');
  });

  it('refuses lossless and 12-bit pictures by name', () => {
    const lossless = fixture('baseline-444.jpg');
    lossless[frameAt(lossless, 0xc0) + 1] = 0xc3;
    expect(thrownCode(() => parse(lossless))).toBe('format-unsupported');
    const deep = fixture('baseline-444.jpg');
    deep[frameAt(deep, 0xc0) + 4] = 12;
    expect(thrownCode(() => parse(deep))).toBe('format-unsupported');
  });
});
