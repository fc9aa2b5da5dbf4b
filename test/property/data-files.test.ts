import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCifarBinary } from '../../src-lab/datasets/cifar-binary';
import { readCifarJpegArchive } from '../../src-lab/datasets/cifar-jpeg-archive';
import { readIdxPictures } from '../../src-lab/datasets/idx-pictures';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { idxBytes, tarBytes } from '../fixtures/write-public-sets';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phiscan-data-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const PICTURES = idxBytes([5, 4, 4], new Uint8Array(80).fill(9));
const LABELS = idxBytes([5], Uint8Array.of(0, 1, 2, 3, 4));
const ARCHIVE = tarBytes([
  ['train/cat/0.jpg', Uint8Array.of(0xff, 0xd8, 0xff)],
  ['readme.txt', new Uint8Array(700).fill(65)],
]);

const READERS: readonly [string, (file: string, labels: string) => Promise<unknown>][] = [
  ['IDX', readIdxPictures],
  ['CIFAR-10 binary', readCifarBinary],
  ['an archive of JPEG files', readCifarJpegArchive],
];

/** Bytes that are nothing, or a good file with a byte changed, cut or grown, packed or not. */
const bytes = fc
  .oneof(
    fc.uint8Array({ maxLength: 2000 }),
    fc
      .tuple(fc.constantFrom(PICTURES, LABELS, ARCHIVE), fc.nat(), fc.nat(255), fc.nat(4000))
      .map(([good, at, byte, length]) => {
        const changed = Uint8Array.from(good);
        changed[at % changed.length] = byte;
        return changed.slice(0, length);
      }),
  )
  .chain((plain) => fc.constantFrom(plain, Uint8Array.from(gzipSync(plain))));

describe('a file of a data set that is anything at all', () => {
  test.each(READERS)('is read as %s or refused with a typed error', async (_, read) => {
    const files = [join(folder, 'file'), join(folder, 'labels')] as const;
    await writeFile(files[1], LABELS);
    await fc.assert(
      fc.asyncProperty(bytes, async (content) => {
        await writeFile(files[0], content);
        try {
          await read(...files);
        } catch (error) {
          expect(error).toBeInstanceOf(PhiscanError);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('holds an archive whose member has a size that is no number', async () => {
    const negative = Buffer.from(ARCHIVE);
    negative.write('-0000001000\0', 124, 'latin1');
    negative.write('        ', 148, 'latin1');
    const sum = negative.subarray(0, 512).reduce((total, byte) => total + byte, 0);
    negative.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    const file = join(folder, 'negative');
    await writeFile(file, negative);
    await expect(readCifarJpegArchive(file)).rejects.toMatchObject({ code: 'file-corrupt' });
  });
});
