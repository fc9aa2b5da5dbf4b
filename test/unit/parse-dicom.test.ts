import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ParsedScan } from '../../src-main/scan-io/parsed-scan';
import { parseScan } from '../../src-main/scan-io/read-scan';
import { writeDicosDx } from '../../src-main/scan-io/dicom/write-dicos-dx';
import {
  formulaGrey16,
  formulaGrey8,
  formulaRgb8,
  HEIGHT_PX,
  smoothRgb8,
  WIDTH_PX,
} from '../fixtures/scans/formula-picture';
import { thrownCode } from '../fixtures/scans/parse-outcome';

const GREY = formulaGrey16();
const INVERTED = GREY.map((count) => 65_535 - count);
const GREY_OF_8_BITS = Uint16Array.from(formulaGrey8(), (value) => value * 257);

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/scans/${name}`, import.meta.url));
}

function parse(name: string): ParsedScan {
  return parseScan(fixture(name), name);
}

function greyOf(name: string): Uint16Array {
  const { views } = parse(name);
  const pixels = views[0]?.pixels;
  if (views.length !== 1 || pixels?.kind !== 'single-energy') {
    throw new Error(`${name} is not one grey view`);
  }
  return pixels.grey;
}

function rgbOf(name: string): Uint8Array {
  const pixels = parse(name).views[0]?.pixels;
  if (pixels?.kind !== 'rgb') throw new Error(`${name} is not in colour`);
  return pixels.rgb;
}

function greatestDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let greatest = 0;
  for (let index = 0; index < a.length; index++) {
    greatest = Math.max(greatest, Math.abs((a[index] ?? 0) - (b[index] ?? 0)));
  }
  return greatest;
}

const SYNTAXES = ['', '-implicit', '-big-endian', '-deflated', '-rle'];

describe('parseScan on DICOM', () => {
  it.each(SYNTAXES)('reads 8-bit grey exactly (grey8%s)', (syntax) => {
    expect(greyOf(`grey8${syntax}.dcm`)).toEqual(GREY_OF_8_BITS);
  });

  it.each(SYNTAXES)('reads RGB exactly (rgb%s)', (syntax) => {
    expect(rgbOf(`rgb${syntax}.dcm`)).toEqual(formulaRgb8());
  });

  it.each(SYNTAXES)('reads three frames as three views (three-frames%s)', (syntax) => {
    const { views, format } = parse(`three-frames${syntax}.dcm`);
    expect(format).toBe('dicom');
    expect(views.map(({ pixels }) => pixels)).toEqual([
      { kind: 'single-energy', grey: GREY },
      { kind: 'single-energy', grey: GREY.map((count) => count >> 1) },
      { kind: 'single-energy', grey: INVERTED },
    ]);
  });

  it.each(SYNTAXES)('reads a dual-energy DICOS object as one view (%s)', (syntax) => {
    const { views, format } = parse(`dual-energy${syntax === '' ? '.dcs' : `${syntax}.dcm`}`);
    expect(format).toBe('dicos');
    expect(views).toEqual([
      {
        widthPx: WIDTH_PX,
        heightPx: HEIGHT_PX,
        pixelPitchMm: 1.25,
        pixels: { kind: 'dual-energy', low: GREY, high: INVERTED },
      },
    ]);
  });

  it('takes the detector’s spacing where the bag’s is not given', () => {
    expect(parse('grey16.dcm').views[0]?.pixelPitchMm).toBe(0.8);
    expect(parse('grey8.dcm').views[0]?.pixelPitchMm).toBeNull();
  });

  it('turns MONOCHROME1 and inverse presentation round', () => {
    expect(greyOf('grey16.dcm')).toEqual(GREY);
    expect(greyOf('grey16-monochrome1.dcm')).toEqual(INVERTED);
    expect(greyOf('grey16-inverse.dcm')).toEqual(INVERTED);
  });

  it('scales the bits in use to 16, wherever they stand in the word', () => {
    const expected = GREY.map((count) => Math.round(((count >> 4) * 65_535) / 4095));
    expect(greyOf('grey12.dcm')).toEqual(expected);
    expect(greyOf('grey12-high.dcm')).toEqual(expected);
  });

  it('applies sign and rescale', () => {
    expect(greyOf('signed.dcm')).toEqual(
      GREY.map((count) => Math.round(((count >> 1) * 65_535) / 32_767)),
    );
    expect(greyOf('signed-offset.dcm')).toEqual(GREY);
    expect(greyOf('rescaled.dcm')).toEqual(INVERTED);
  });

  it('refuses values under zero instead of guessing what they mean', () => {
    expect(thrownCode(() => parse('signed-negative.dcm'))).toBe('format-unsupported');
  });

  it('reads colour planes and luma with chroma', () => {
    expect(rgbOf('rgb-planar.dcm')).toEqual(formulaRgb8());
    expect(greatestDistance(rgbOf('ybr-full.dcm'), smoothRgb8())).toBeLessThanOrEqual(2);
  });

  it('reads baseline JPEG frames, whichever way they hold colour', () => {
    expect(greatestDistance(rgbOf('rgb-smooth-jpeg-rgb.dcm'), smoothRgb8())).toBeLessThanOrEqual(
      12,
    );
    expect(greatestDistance(rgbOf('rgb-smooth-jpeg.dcm'), smoothRgb8())).toBeLessThanOrEqual(24);
    const grey = greyOf('grey8-jpeg.dcm');
    let sum = 0;
    grey.forEach((count, pixel) => (sum += Math.abs(count - (GREY_OF_8_BITS[pixel] ?? 0)) / 257));
    expect(sum / grey.length).toBeLessThan(12);
  });

  it('names what it does not read', () => {
    expect(thrownCode(() => parse('grey16-jpeg-lossless.dcm'))).toBe('format-unsupported');
    expect(thrownCode(() => parse('report.dcs'))).toBe('format-unsupported');
  });

  it.each(['dual-energy.dcs', 'dual-energy-rle.dcm', 'rgb-smooth-jpeg.dcm', 'grey8-deflated.dcm'])(
    'calls every shorter beginning of %s cut short or damaged, never a scan',
    (name) => {
      const bytes = fixture(name);
      const codes = new Set<string>();
      for (let length = 132; length < bytes.length; length++) {
        codes.add(thrownCode(() => parseScan(bytes.subarray(0, length), name)));
      }
      expect(codes).not.toContain('none');
      // Cut at an element's edge before anything says what the file is, it can only be called odd.
      const known = ['file-truncated', 'file-corrupt', 'format-unsupported'];
      expect([...codes].filter((code) => !known.includes(code))).toEqual([]);
      const half = bytes.subarray(0, Math.floor(bytes.length * 0.7));
      expect(thrownCode(() => parseScan(half, name))).toBe('file-truncated');
    },
  );

  it('refuses a huge header before it allocates', () => {
    const bytes = fixture('grey16.dcm');
    const rows = bytes.indexOf(Buffer.from([0x28, 0, 0x10, 0, 0x55, 0x53])) + 8;
    const columns = bytes.indexOf(Buffer.from([0x28, 0, 0x11, 0, 0x55, 0x53])) + 8;
    bytes.writeUInt16LE(20_000, rows);
    bytes.writeUInt16LE(20_000, columns);
    expect(thrownCode(() => parseScan(bytes, 'huge.dcm'))).toBe('picture-too-large');
    bytes.writeUInt16LE(5_000, rows);
    bytes.writeUInt16LE(5_000, columns);
    expect(thrownCode(() => parseScan(bytes, 'huge.dcm'))).toBe('file-truncated');
  });
});

describe('writeDicosDx', () => {
  const size = { widthPx: WIDTH_PX, heightPx: HEIGHT_PX, pixelPitchMm: 1.1 };

  it('writes several dual-energy views that are read back exactly', () => {
    const first = { ...size, pixels: { kind: 'dual-energy', low: GREY, high: INVERTED } } as const;
    const second = { ...size, pixels: { kind: 'dual-energy', low: INVERTED, high: GREY } } as const;
    const bytes = writeDicosDx([first, second]);
    expect(parseScan(bytes, 'x.dcs')).toEqual({ format: 'dicos', views: [first, second] });
  });

  it('writes a single-energy view', () => {
    const view = {
      ...size,
      pixelPitchMm: null,
      pixels: { kind: 'single-energy', grey: GREY },
    } as const;
    expect(parseScan(writeDicosDx([view]), 'x.dcs')).toEqual({ format: 'dicos', views: [view] });
  });

  it('gives equal bytes for equal views', () => {
    const view = { ...size, pixels: { kind: 'dual-energy', low: GREY, high: INVERTED } } as const;
    expect(writeDicosDx([view])).toEqual(writeDicosDx([view]));
  });

  it('refuses colours and mixed sizes', () => {
    const rgb = { ...size, pixels: { kind: 'rgb', rgb: formulaRgb8() } } as const;
    expect(() => writeDicosDx([rgb])).toThrow(RangeError);
    expect(() => writeDicosDx([])).toThrow(RangeError);
    const view = { ...size, pixels: { kind: 'single-energy', grey: GREY } } as const;
    expect(() => writeDicosDx([view, { ...view, widthPx: HEIGHT_PX, heightPx: WIDTH_PX }])).toThrow(
      RangeError,
    );
  });
});
