import { readFileSync } from 'node:fs';
import { decode } from 'tiff';
import { describe, expect, it } from 'vitest';
import { toViewPixels } from '../../src-main/scan-io/decoded-raster';
import { parseTiff } from '../../src-main/scan-io/raster/parse-tiff';
import { DEFAULT_READ_LIMITS } from '../../src-main/scan-io/read-limits';
import {
  formulaGrey16,
  formulaGrey8,
  formulaRgb8,
  HEIGHT_PX,
  WIDTH_PX,
} from '../fixtures/scans/formula-picture';
import { thrownCode } from '../fixtures/scans/parse-outcome';

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/scans/${name}`, import.meta.url));
}

function parse(bytes: Uint8Array): ReturnType<typeof parseTiff> {
  return parseTiff(bytes, DEFAULT_READ_LIMITS);
}

/** Where the value of a directory entry stands, in a little-endian file of one page. */
function valueAt(bytes: Buffer, tag: number): number {
  const directory = bytes.readUInt32LE(4);
  for (let index = 0; index < bytes.readUInt16LE(directory); index++) {
    const entry = directory + 2 + 12 * index;
    if (bytes.readUInt16LE(entry) === tag) return entry + 8;
  }
  throw new RangeError(`no tag ${String(tag)}`);
}

describe('parseTiff', () => {
  const compressions = ['none', 'lzw', 'deflate', 'packbits'];
  it.each(compressions)('reads 8-bit grey, 16-bit grey and RGB exactly (%s)', (compression) => {
    const [grey8] = parse(fixture(`grey8-${compression}.tif`));
    expect(grey8).toMatchObject({ widthPx: WIDTH_PX, heightPx: HEIGHT_PX, channels: 1 });
    expect(grey8?.samples).toEqual(formulaGrey8());
    expect(parse(fixture(`grey16-${compression}.tif`))[0]?.samples).toEqual(formulaGrey16());
    const [rgb] = parse(fixture(`rgb8-${compression}.tif`));
    expect(rgb).toMatchObject({ channels: 3, samples: formulaRgb8() });
  });

  it('reads LZW rows that fill the code table', () => {
    const [raster] = parse(fixture('large-lzw.tif'));
    const grey = formulaGrey8();
    const expected = Uint8Array.from({ length: WIDTH_PX * 4 * HEIGHT_PX * 12 }, (_, pixel) => {
      const x = pixel % (WIDTH_PX * 4);
      const y = Math.floor(pixel / (WIDTH_PX * 4));
      return grey[(y % HEIGHT_PX) * WIDTH_PX + (x % WIDTH_PX)] ?? 0;
    });
    expect(raster?.samples).toEqual(expected);
  });

  it('agrees with another decoder', () => {
    for (const name of ['grey16-lzw.tif', 'rgb8-deflate.tif', 'large-lzw.tif']) {
      const [page] = decode(fixture(name));
      expect(Array.from(parse(fixture(name))[0]?.samples ?? [])).toEqual(
        Array.from(page?.data ?? []),
      );
    }
  });

  it('undoes the predictor and reads big-endian words', () => {
    const [raster] = parse(fixture('grey16-big-endian-predictor.tif'));
    expect(raster?.samples).toEqual(formulaGrey16());
  });

  it('reads planes and tiles', () => {
    const rgb16 = Uint16Array.from(formulaRgb8(), (value) => value * 257);
    expect(parse(fixture('rgb16-planar.tif'))[0]).toMatchObject({ channels: 3, samples: rgb16 });
    expect(parse(fixture('rgb8-tiled.tif'))[0]).toMatchObject({
      channels: 3,
      samples: formulaRgb8(),
    });
  });

  it('turns white-is-zero round', () => {
    expect(parse(fixture('grey8-white-is-zero.tif'))[0]?.samples).toEqual(formulaGrey8());
  });

  it('looks up palettes', () => {
    const [raster] = parse(fixture('palette8.tif'));
    expect(raster?.channels).toBe(3);
    // 200 colours stand in for the picture's own: near it, not equal.
    const pixels = raster === undefined ? null : toViewPixels(raster);
    const rgb = pixels?.kind === 'rgb' ? pixels.rgb : new Uint8Array();
    const apart = formulaRgb8().map((value, index) => Math.abs(value - (rgb[index] ?? 255)));
    expect(apart.reduce((sum, value) => sum + value, 0) / apart.length).toBeLessThan(12);
  });

  it('reads pages as views', () => {
    const rasters = parse(fixture('two-pages.tif'));
    expect(rasters).toHaveLength(2);
    expect(rasters[0]?.samples).toEqual(formulaGrey16());
    expect(rasters[1]?.samples).toEqual(formulaGrey16().map((count) => 65_535 - count));
  });

  it('refuses floating-point samples by name', () => {
    expect(thrownCode(() => parse(fixture('grey32-float.tif')))).toBe('format-unsupported');
  });

  it('refuses rows beyond the end of the file', () => {
    const bytes = fixture('grey16-none.tif');
    bytes.writeUInt32LE(bytes.length - 100, valueAt(bytes, 273));
    expect(thrownCode(() => parse(bytes))).toBe('file-truncated');
  });

  it('refuses a huge header before it allocates', () => {
    const bytes = fixture('grey16-none.tif');
    bytes.writeUInt32LE(20_000, valueAt(bytes, 256));
    bytes.writeUInt32LE(20_000, valueAt(bytes, 257));
    expect(thrownCode(() => parse(bytes))).toBe('picture-too-large');
    bytes.writeUInt32LE(5_000, valueAt(bytes, 256));
    bytes.writeUInt32LE(5_000, valueAt(bytes, 257));
    expect(thrownCode(() => parse(bytes))).toBe('file-truncated');
  });

  it('refuses pages that lead in a circle', () => {
    const bytes = fixture('grey16-none.tif');
    const directory = bytes.readUInt32LE(4);
    bytes.writeUInt32LE(directory, directory + 2 + 12 * bytes.readUInt16LE(directory));
    expect(thrownCode(() => parse(bytes))).toBe('file-corrupt');
  });
});
