import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES, PhiscanError } from '../../src-shared/domain/phiscan-error';
import { parseScan } from '../../src-main/scan-io/read-scan';
import { DEFAULT_READ_LIMITS, type ReadLimits } from '../../src-main/scan-io/read-limits';
import { encodePng, pngBlock } from '../fixtures/scans/encode-png';
import { formulaRgb8, HEIGHT_PX, WIDTH_PX } from '../fixtures/scans/formula-picture';

/** Small enough that a lying header within them can't make a test run out of time. */
const LIMITS: ReadLimits = { ...DEFAULT_READ_LIMITS, maxPixels: 4_000_000 };

const FIXTURES = [
  'grey16-none.tif',
  'grey16-lzw.tif',
  'grey8-packbits.tif',
  'rgb8-deflate.tif',
  'rgb16-planar.tif',
  'rgb8-tiled.tif',
  'palette8.tif',
  'two-pages.tif',
  'grey16-big-endian-predictor.tif',
  'baseline-444.jpg',
  'progressive-420.jpg',
  'grey.jpg',
  'restart-markers.jpg',
  'dual-energy.dcs',
  'dual-energy-implicit.dcm',
  'dual-energy-big-endian.dcm',
  'dual-energy-deflated.dcm',
  'dual-energy-rle.dcm',
  'rgb-rle.dcm',
  'rgb-smooth-jpeg.dcm',
  'three-frames-rle.dcm',
  'signed-offset.dcm',
];

function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/scans/${name}`, import.meta.url));
}

const PNG = encodePng({
  widthPx: WIDTH_PX,
  heightPx: HEIGHT_PX,
  depth: 8,
  colourType: 2,
  interlaced: true,
  samples: formulaRgb8(),
});
const FILES: readonly (readonly [string, Buffer])[] = [
  ['interlaced.png', PNG],
  ...FIXTURES.map((name) => [name, fixture(name)] as const),
];

/** A scan whose views hold what they say, or one of the known codes with words for a person. */
function expectScanOrKnownError(bytes: Uint8Array): void {
  try {
    const { views } = parseScan(bytes, 'damaged', LIMITS);
    expect(views.length).toBeGreaterThan(0);
    for (const { widthPx, heightPx, pixels } of views) {
      const planes =
        pixels.kind === 'dual-energy'
          ? [pixels.low, pixels.high]
          : [pixels.kind === 'rgb' ? pixels.rgb : pixels.grey];
      const samples = widthPx * heightPx * (pixels.kind === 'rgb' ? 3 : 1);
      for (const plane of planes) expect(plane.length).toBe(samples);
    }
  } catch (error) {
    if (!(error instanceof PhiscanError)) throw error;
    expect(ERROR_CODES).toContain(error.code);
    expect(error.code).not.toBe('internal');
    expect(error.message).toMatch(/\.$/);
  }
}

const anyFile = fc.constantFrom(...FILES);

describe('parseScan', () => {
  it('answers arbitrary bytes behind every signature', () => {
    const signatures = [
      Buffer.alloc(0),
      PNG.subarray(0, 8),
      Buffer.from([0xff, 0xd8, 0xff]),
      Buffer.from('II*\0', 'latin1'),
      Buffer.from('MM\0*', 'latin1'),
      Buffer.concat([Buffer.alloc(128), Buffer.from('DICM', 'latin1')]),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...signatures),
        fc.uint8Array({ maxLength: 600 }),
        (head, tail) => {
          expectScanOrKnownError(Buffer.concat([head, tail]));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('answers every file cut at any point, and never with a scan of another size', () => {
    fc.assert(
      fc.property(anyFile, fc.double({ min: 0, max: 1, noNaN: true }), ([, bytes], share) => {
        expectScanOrKnownError(bytes.subarray(0, Math.floor(share * bytes.length)));
      }),
      { numRuns: 1500 },
    );
  });

  it('answers single flipped bits anywhere', () => {
    fc.assert(
      fc.property(anyFile, fc.nat(), ([, bytes], position) => {
        const flipped = Buffer.from(bytes);
        const bit = position % (bytes.length * 8);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expectScanOrKnownError(flipped);
      }),
      { numRuns: 3000 },
    );
  });

  it('answers flipped bits all through every header', () => {
    for (const [, bytes] of FILES) {
      const start = bytes.subarray(0, 128).every((value) => value === 0) ? 128 : 0;
      const end = Math.min(bytes.length, start + 700);
      for (let bit = start * 8; bit < end * 8; bit += 7) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expectScanOrKnownError(flipped);
      }
    }
  });

  it('answers several bytes replaced, in blocks whose checksums are right', () => {
    // Damage that a checksum would hide from the decoder behind it: written with a new checksum.
    const replacement = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(replacement, { minLength: 1, maxLength: 6 }), (replacements) => {
        const header = Buffer.from(PNG.subarray(16, 29));
        const data = Buffer.from(PNG.subarray(41, PNG.length - 16));
        for (const [position, value] of replacements) {
          const at = position % (header.length + data.length);
          if (at < header.length) header[at] = value;
          else data[at - header.length] = value;
        }
        expectScanOrKnownError(
          Buffer.concat([
            PNG.subarray(0, 8),
            pngBlock('IHDR', header),
            pngBlock('IDAT', data),
            pngBlock('IEND', new Uint8Array()),
          ]),
        );
      }),
      { numRuns: 800 },
    );
  });

  it('answers bytes replaced in files without checksums', () => {
    const replacement = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        anyFile,
        fc.array(replacement, { minLength: 2, maxLength: 12 }),
        ([, bytes], replacements) => {
          const damaged = Buffer.from(bytes);
          for (const [position, value] of replacements) damaged[position % damaged.length] = value;
          expectScanOrKnownError(damaged);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
