import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readIdxPictures } from '../../src-lab/datasets/idx-pictures';
import { idxBytes } from '../fixtures/write-public-sets';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phiscan-idx-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const PIXELS = Uint8Array.from({ length: 3 * 4 }, (_, i) => i * 7);
const PICTURES = idxBytes([3, 2, 2], PIXELS);
const LABELS = idxBytes([3], Uint8Array.of(7, 0, 9));

/** Reads a pair of files with these bytes. */
async function read(pictures: Uint8Array, labels: Uint8Array): ReturnType<typeof readIdxPictures> {
  const files = [join(folder, 'pictures'), join(folder, 'labels')] as const;
  await writeFile(files[0], pictures);
  await writeFile(files[1], labels);
  return readIdxPictures(...files);
}

describe('IDX pictures', () => {
  test.each([
    ['plain', PICTURES, LABELS],
    ['gzipped', gzipSync(PICTURES), gzipSync(LABELS)],
  ])('are read with their labels, %s', async (_, pictures, labels) => {
    const set = await read(pictures, labels);
    expect(set).toMatchObject({ sidePx: 2, channels: 1 });
    expect([...set.labels]).toEqual([7, 0, 9]);
    expect([...set.pixels]).toEqual([...PIXELS]);
    expect(set.classNames[7]).toBe('7');
  });

  test.each([
    ['cut short', PICTURES.subarray(0, -1), LABELS, 'file-truncated'],
    ['cut inside the header', PICTURES.subarray(0, 9), LABELS, 'file-truncated'],
    ['with bytes left over', Buffer.concat([PICTURES, Buffer.of(0)]), LABELS, 'file-corrupt'],
    ['of another kind', LABELS, LABELS, 'format-unknown'],
    ['empty', Buffer.of(), LABELS, 'format-unknown'],
    ['not square', idxBytes([3, 2, 1], PIXELS.subarray(0, 6)), LABELS, 'file-corrupt'],
    ['that say they hold nothing', idxBytes([0, 2, 2], Buffer.of()), LABELS, 'file-empty'],
    ['with too few labels', PICTURES, idxBytes([2], Uint8Array.of(1, 2)), 'file-corrupt'],
    ['with a label over 9', PICTURES, idxBytes([3], Uint8Array.of(1, 2, 10)), 'file-corrupt'],
    ['cut inside gzip', gzipSync(PICTURES).subarray(0, 20), LABELS, 'file-truncated'],
  ])('%s are refused', async (_, pictures, labels, code) => {
    await expect(read(pictures, labels)).rejects.toMatchObject({ name: 'PhiscanError', code });
  });

  test('damaged inside gzip are refused', async () => {
    const packed = gzipSync(PICTURES);
    packed.writeUInt32LE(0, packed.length - 8);
    await expect(read(packed, LABELS)).rejects.toMatchObject({ code: 'file-corrupt' });
  });

  test('that are not there are refused', async () => {
    const missing = readIdxPictures(join(folder, 'none'), join(folder, 'none'));
    await expect(missing).rejects.toMatchObject({ code: 'file-not-found' });
  });
});
