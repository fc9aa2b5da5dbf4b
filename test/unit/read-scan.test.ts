import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { readScan } from '../../src-main/scan-io/read-scan';
import { writePngGrey16, writePngRgb8 } from '../../src-main/scan-io/raster/write-png';
import { formulaGrey16, formulaRgb8, HEIGHT_PX, WIDTH_PX } from '../fixtures/scans/formula-picture';
import { rejectedCode } from '../fixtures/scans/parse-outcome';

const GREY = formulaGrey16();
const INVERTED = GREY.map((count) => 65_535 - count);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-read-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/scans/${name}`, import.meta.url));
}

/** Reads quickly: nothing in these tests is written meanwhile unless a test says so. */
function readFile(path: string): ReturnType<typeof readScan> {
  return readScan({ kind: 'file', path }, { settleMs: 1 });
}

async function messageOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (error instanceof PhiscanError) return error.message;
    throw error;
  }
  return 'nothing thrown';
}

describe('readScan', () => {
  it('tells the format by the first bytes, never by the name', async () => {
    copyFileSync(fixture('grey16-lzw.tif'), join(folder, 'scan.png'));
    expect((await readFile(join(folder, 'scan.png'))).format).toBe('tiff');
    expect((await readFile(fixture('baseline-444.jpg'))).format).toBe('jpeg');
    expect((await readFile(fixture('grey16.dcm'))).format).toBe('dicom');
  });

  it('names the source by the hash of its bytes', async () => {
    const path = put('a.png', writePngRgb8(WIDTH_PX, HEIGHT_PX, formulaRgb8()));
    const scan = await readFile(path);
    expect(scan.sha256).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
    expect(scan.views).toMatchObject([{ index: 0, pixels: { kind: 'rgb' } }]);
  });

  it('joins a pair of files into one dual-energy view', async () => {
    const lowPath = put('a_low.png', writePngGrey16(WIDTH_PX, HEIGHT_PX, GREY));
    const highPath = put('a_high.png', writePngGrey16(WIDTH_PX, HEIGHT_PX, INVERTED));
    const scan = await readScan({ kind: 'pair', lowPath, highPath });
    const both = Buffer.concat([readFileSync(lowPath), readFileSync(highPath)]);
    expect(scan.format).toBe('png-pair');
    expect(scan.sha256).toBe(createHash('sha256').update(both).digest('hex'));
    expect(scan.views).toEqual([
      {
        index: 0,
        widthPx: WIDTH_PX,
        heightPx: HEIGHT_PX,
        pixelPitchMm: null,
        pixels: { kind: 'dual-energy', low: GREY, high: INVERTED },
      },
    ]);
  });

  it('refuses halves that do not belong together', async () => {
    const lowPath = put('a_low.png', writePngGrey16(WIDTH_PX, HEIGHT_PX, GREY));
    const turned = put('b_high.png', writePngGrey16(HEIGHT_PX, WIDTH_PX, GREY));
    const colour = put('c_high.png', writePngRgb8(WIDTH_PX, HEIGHT_PX, formulaRgb8()));
    const otherKind = fixture('grey16-none.tif');
    const twoPages = fixture('two-pages.tif');
    for (const highPath of [turned, colour, otherKind, twoPages]) {
      const code = await rejectedCode(() => readScan({ kind: 'pair', lowPath, highPath }));
      expect(code).toBe('energy-pair-mismatch');
    }
    expect(await messageOf(readScan({ kind: 'pair', lowPath, highPath: turned }))).toContain(
      `${String(HEIGHT_PX)} × ${String(WIDTH_PX)} pixels`,
    );
  });

  it('says what a foreign file is', async () => {
    const pdf = put('bag.png', '%PDF-1.7 and so on');
    expect(await rejectedCode(() => readFile(pdf))).toBe('format-unknown');
    expect(await messageOf(readFile(pdf))).toContain('This is a PDF document named bag.png');
    expect(await messageOf(readFile(put('b.png', 'hello there')))).toContain('a text file');
    expect(await messageOf(readFile(put('c.png', new Uint8Array(300))))).toContain('zeros');
    expect(await messageOf(readFile(put('d.png', Uint8Array.of(1, 2, 3, 4, 5))))).toContain(
      '01 02 03 04',
    );
  });

  it('refuses what cannot be read as a file', async () => {
    expect(await rejectedCode(() => readFile(join(folder, 'none.png')))).toBe('file-not-found');
    expect(await rejectedCode(() => readFile(folder))).toBe('file-not-readable');
    expect(await rejectedCode(() => readFile(put('empty.png', '')))).toBe('file-empty');
  });

  it('refuses a file over the limit without reading it', async () => {
    const path = put('large.png', 'x');
    truncateSync(path, 3 * 1024 ** 3);
    expect(await rejectedCode(() => readFile(path))).toBe('file-too-large');
  });

  // The superuser may read any file, so that there is nothing to see.
  it.skipIf(process.getuid?.() === 0)('refuses a file without rights', async () => {
    const path = put('closed.png', writePngGrey16(WIDTH_PX, HEIGHT_PX, GREY));
    chmodSync(path, 0);
    expect(await rejectedCode(() => readFile(path))).toBe('file-not-readable');
  });

  it('tells a file that is still being written from one that was cut short', async () => {
    const whole = Buffer.from(writePngGrey16(WIDTH_PX, HEIGHT_PX, GREY));
    const path = put('growing.png', whole.subarray(0, 500));
    expect(await rejectedCode(() => readFile(path))).toBe('file-truncated');
    const reading = rejectedCode(() => readScan({ kind: 'file', path }, { settleMs: 400 }));
    const writing = new Promise((resolve) => setTimeout(resolve, 100)).then(() =>
      appendFile(path, whole.subarray(500)),
    );
    expect(await reading).toBe('file-still-written');
    await writing;
    expect((await readFile(path)).views).toHaveLength(1);
  });

  it('stops when it is told to', async () => {
    const path = put('a.png', writePngGrey16(WIDTH_PX, HEIGHT_PX, GREY));
    const signal = AbortSignal.abort();
    await expect(readScan({ kind: 'file', path }, { signal })).rejects.toThrow(/abort/i);
  });

  it('says what to do in every message', async () => {
    const cut = readFileSync(fixture('grey16-lzw.tif')).subarray(0, 1500);
    expect(await messageOf(readFile(put('cut.tif', cut)))).toMatch(
      /^The file is cut short: .*Scan the bag again or decide by eye\.$/,
    );
  });
});
