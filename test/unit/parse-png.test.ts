import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { toViewPixels } from '../../src-main/scan-io/decoded-raster';
import { parsePng } from '../../src-main/scan-io/raster/parse-png';
import { writePngGrey16, writePngRgb8 } from '../../src-main/scan-io/raster/write-png';
import { DEFAULT_READ_LIMITS } from '../../src-main/scan-io/read-limits';
import { encodePng, pngBlock, type PngToEncode } from '../fixtures/scans/encode-png';
import {
  formulaGrey16,
  formulaGrey8,
  formulaRgb8,
  HEIGHT_PX,
  WIDTH_PX,
} from '../fixtures/scans/formula-picture';
import { thrownCode } from '../fixtures/scans/parse-outcome';

const SIZE = { widthPx: WIDTH_PX, heightPx: HEIGHT_PX };
const PIXELS = WIDTH_PX * HEIGHT_PX;
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

function parse(bytes: Uint8Array): ReturnType<typeof parsePng> {
  return parsePng(bytes, DEFAULT_READ_LIMITS);
}

function sampled(colourType: PngToEncode['colourType'], depth: PngToEncode['depth']): number[] {
  const grey = formulaGrey16();
  return Array.from(
    { length: PIXELS * CHANNELS[colourType] },
    (_, index) => ((grey[index % PIXELS] ?? 0) + index * 977) % 2 ** depth,
  );
}

describe('parsePng', () => {
  const kinds = [
    [0, [1, 2, 4, 8, 16]],
    [2, [8, 16]],
    [4, [8, 16]],
    [6, [8, 16]],
  ] as const;
  for (const [colourType, depths] of kinds) {
    for (const depth of depths) {
      for (const interlaced of [false, true]) {
        const name = `colour type ${String(colourType)}, ${String(depth)} bits, ${interlaced ? 'interlaced' : 'plain'}`;
        it(`reads ${name} exactly`, () => {
          const samples = sampled(colourType, depth);
          const bytes = encodePng({ ...SIZE, depth, colourType, interlaced, samples });
          const raster = parse(bytes);
          const scale = depth < 8 ? 255 / (2 ** depth - 1) : 1;
          expect(raster).toMatchObject({ ...SIZE, channels: CHANNELS[colourType] });
          expect(Array.from(raster.samples)).toEqual(samples.map((value) => value * scale));
        });
      }
    }
  }

  it('agrees with another decoder about every filter', () => {
    const samples = sampled(6, 8);
    const bytes = encodePng({ ...SIZE, depth: 8, colourType: 6, samples });
    expect(Array.from(parse(bytes).samples)).toEqual(Array.from(decode(bytes).data));
  });

  it('reads a palette, with and without transparency', () => {
    const palette = Uint8Array.from({ length: 16 * 3 }, (_, index) => index * 5);
    const samples = sampled(3, 4);
    const png: PngToEncode = {
      ...SIZE,
      depth: 4,
      colourType: 3,
      samples,
      blocks: [['PLTE', palette]],
    };
    const rgb = samples.flatMap((index) => Array.from(palette.subarray(3 * index, 3 * index + 3)));
    expect(Array.from(parse(encodePng(png)).samples)).toEqual(rgb);
    const alpha = encodePng({
      ...png,
      blocks: [...(png.blocks ?? []), ['tRNS', Uint8Array.of(0)]],
    });
    const raster = parse(alpha);
    expect(raster.channels).toBe(4);
    const firstClear = samples.indexOf(0);
    expect(raster.samples[4 * firstClear + 3]).toBe(0);
    expect(raster.samples[4 * samples.indexOf(1) + 3]).toBe(255);
  });

  it('refuses a pixel outside the palette', () => {
    const blocks = [['PLTE', new Uint8Array(6)]] as const;
    const bytes = encodePng({ ...SIZE, depth: 8, colourType: 3, samples: sampled(3, 8), blocks });
    expect(thrownCode(() => parse(bytes))).toBe('file-corrupt');
  });

  it('shows the transparent colour as air', () => {
    const samples = formulaGrey8();
    const key = samples[5] ?? 0;
    const blocks = [['tRNS', Uint8Array.of(0, key)]] as const;
    const bytes = encodePng({ ...SIZE, depth: 8, colourType: 0, samples, blocks });
    const pixels = toViewPixels(parse(bytes));
    expect(pixels.kind === 'single-energy' && pixels.grey[5]).toBe(65_535);
  });

  it('reads rows that are cut into many blocks', () => {
    const samples = formulaGrey16();
    const bytes = encodePng({ ...SIZE, depth: 16, colourType: 0, samples, dataBlocks: 40 });
    expect(parse(bytes).samples).toEqual(samples);
  });

  it('takes a pixel pitch only where it can be a scanner’s', () => {
    const withPitch = (perMetre: number): number | null => {
      const body = Buffer.alloc(9);
      body.writeUInt32BE(perMetre, 0);
      body.writeUInt32BE(perMetre, 4);
      body[8] = 1;
      const png: PngToEncode = { ...SIZE, depth: 8, colourType: 0, samples: formulaGrey8() };
      return parse(encodePng({ ...png, blocks: [['pHYs', body]] })).pixelPitchMm;
    };
    expect(withPitch(800)).toBe(1.25);
    expect(withPitch(3780)).toBeNull();
    expect(withPitch(0)).toBeNull();
  });

  it('sees every single flipped bit', () => {
    const bytes = encodePng({ ...SIZE, depth: 8, colourType: 2, samples: formulaRgb8() });
    const unseen: number[] = [];
    for (let bit = 8 * 8; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if (thrownCode(() => parse(flipped)) === 'none') unseen.push(bit);
    }
    expect(unseen).toEqual([]);
  });

  it('says that a flipped bit in the rows is damage, not a cut', () => {
    const bytes = encodePng({ ...SIZE, depth: 16, colourType: 0, samples: formulaGrey16() });
    const flipped = Buffer.from(bytes);
    const middle = Math.floor(bytes.length / 2);
    flipped[middle] = (flipped[middle] ?? 0) ^ 4;
    expect(thrownCode(() => parse(flipped))).toBe('file-corrupt');
  });

  it('calls every shorter beginning of a file cut short', () => {
    const bytes = encodePng({ ...SIZE, depth: 16, colourType: 0, samples: formulaGrey16() });
    const codes = new Set<string>();
    for (let length = 8; length < bytes.length; length++) {
      codes.add(thrownCode(() => parse(bytes.subarray(0, length))));
    }
    expect([...codes]).toEqual(['file-truncated']);
  });

  it('refuses a huge header before it looks for the rows', () => {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(20_000, 0);
    header.writeUInt32BE(20_000, 4);
    header.set([8, 2, 0, 0, 0], 8);
    const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const bytes = Buffer.concat([signature, pngBlock('IHDR', header)]);
    expect(thrownCode(() => parse(bytes))).toBe('picture-too-large');
    header.writeUInt32BE(5_000, 0);
    header.writeUInt32BE(5_000, 4);
    const allowed = Buffer.concat([signature, pngBlock('IHDR', header)]);
    expect(thrownCode(() => parse(allowed))).toBe('file-truncated');
  });

  it('refuses rows that unpack to more than the header says', () => {
    const taller = encodePng({ ...SIZE, depth: 8, colourType: 0, samples: formulaGrey8() });
    const header = Buffer.from(taller.subarray(16, 29));
    header.writeUInt32BE(HEIGHT_PX - 1, 4);
    const bytes = Buffer.concat([
      taller.subarray(0, 8),
      pngBlock('IHDR', header),
      taller.subarray(33),
    ]);
    expect(thrownCode(() => parse(bytes))).toBe('file-corrupt');
  });

  it('refuses a picture that shows nothing', () => {
    const bytes = encodePng({ widthPx: 1, heightPx: 1, depth: 8, colourType: 0, samples: [1] });
    expect(thrownCode(() => parse(bytes))).toBe('picture-too-small');
  });

  it('accepts a narrow picture', () => {
    const samples = new Uint8Array(30 * 5000).fill(200);
    const bytes = encodePng({ widthPx: 30, heightPx: 5000, depth: 8, colourType: 0, samples });
    expect(parse(bytes)).toMatchObject({ widthPx: 30, heightPx: 5000 });
  });
});

describe('toViewPixels', () => {
  it('composes what is half transparent onto air', () => {
    const samples = Uint8Array.of(100, 50, 0, 128, 10, 20, 30, 0, 1, 2, 3, 255);
    const raster = { widthPx: 3, heightPx: 1, channels: 4, samples, pixelPitchMm: null } as const;
    const pixels = toViewPixels(raster);
    expect(pixels).toEqual({
      kind: 'rgb',
      rgb: Uint8Array.of(177, 152, 127, 255, 255, 255, 1, 2, 3),
    });
  });

  it('makes 16-bit counts of 8-bit grey, and 8-bit colours of 16 bits', () => {
    const size = { widthPx: 1, heightPx: 1, pixelPitchMm: null };
    expect(toViewPixels({ ...size, channels: 1, samples: Uint8Array.of(200) })).toEqual({
      kind: 'single-energy',
      grey: Uint16Array.of(51_400),
    });
    const samples = Uint16Array.of(65_535, 257 * 7 + 128, 257 * 7 + 129);
    expect(toViewPixels({ ...size, channels: 3, samples })).toEqual({
      kind: 'rgb',
      rgb: Uint8Array.of(255, 7, 8),
    });
  });
});

describe('write-png', () => {
  it('writes what it reads', () => {
    const rgb = writePngRgb8(WIDTH_PX, HEIGHT_PX, formulaRgb8());
    expect(parse(rgb)).toMatchObject({ channels: 3, samples: formulaRgb8() });
    const grey = writePngGrey16(WIDTH_PX, HEIGHT_PX, formulaGrey16());
    expect(parse(grey)).toMatchObject({ channels: 1, samples: formulaGrey16() });
  });

  it('refuses too few samples', () => {
    expect(() => writePngRgb8(10, 10, new Uint8Array(10))).toThrow(RangeError);
  });
});
