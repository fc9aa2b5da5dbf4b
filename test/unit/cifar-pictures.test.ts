import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCifarBinary } from '../../src-lab/datasets/cifar-binary';
import { readCifarJpegArchive } from '../../src-lab/datasets/cifar-jpeg-archive';
import { tarBytes } from '../fixtures/write-public-sets';

let file: string;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phiscan-cifar-'));
  file = join(folder, 'set');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const PLANE = 32 * 32;

/** A record of the binary version whose planes hold these levels. */
function record(label: number, red: number, green: number, blue: number): Buffer {
  const planes = [red, green, blue].map((level) => Buffer.alloc(PLANE, level));
  return Buffer.concat([Buffer.of(label), ...planes]);
}

describe('CIFAR-10 binary batches', () => {
  const read = async (bytes: Uint8Array): ReturnType<typeof readCifarBinary> => {
    await writeFile(file, bytes);
    return readCifarBinary(file);
  };

  test('come as interleaved RGB with their labels', async () => {
    const set = await read(Buffer.concat([record(3, 10, 20, 30), record(9, 1, 2, 3)]));
    expect([...set.labels].map((label) => set.classNames[label])).toEqual(['cat', 'truck']);
    expect([...set.pixels.subarray(0, 6)]).toEqual([10, 20, 30, 10, 20, 30]);
    expect([...set.pixels.subarray(-3)]).toEqual([1, 2, 3]);
    expect(set.pixels).toHaveLength(2 * 3 * PLANE);
  });

  test.each([
    ['cut short', record(1, 0, 0, 0).subarray(0, -1), 'file-truncated'],
    ['empty', Buffer.of(), 'file-empty'],
    ['with a label over 9', record(10, 0, 0, 0), 'format-unknown'],
  ])('%s are refused', async (_, bytes, code) => {
    await expect(read(bytes)).rejects.toMatchObject({ name: 'PhiscanError', code });
  });
});

describe('CIFAR-10 as JPEG files in an archive', () => {
  const read = async (bytes: Uint8Array): ReturnType<typeof readCifarJpegArchive> => {
    await writeFile(file, bytes);
    return readCifarJpegArchive(file);
  };
  const picture = (level: number, side = 32): Buffer => {
    const data = Buffer.alloc(side * side * 4, level);
    return jpeg.encode({ data, width: side, height: side }, 95).data;
  };
  const members: [string, Buffer][] = [
    ['train/', Buffer.of()],
    ['train/cat/', Buffer.of()],
    ['train/cat/0000.jpg', picture(40)],
    ['train/ship/0000.jpg', picture(120)],
    ['test/cat/0000.jpg', picture(200)],
    ['readme.txt', Buffer.from('none of ours')],
  ];

  test.each([
    ['plain', tarBytes(members)],
    ['gzipped', gzipSync(tarBytes(members))],
  ])('are pooled from both splits, %s', async (_, bytes) => {
    const set = await read(bytes);
    expect([...set.labels].map((label) => set.classNames[label])).toEqual(['cat', 'ship', 'cat']);
    for (const [index, level] of [40, 120, 200].entries()) {
      expect(Math.abs((set.pixels[index * 3 * PLANE] ?? 0) - level)).toBeLessThanOrEqual(2);
    }
  });

  test('are refused from an archive that is no tar, is damaged, cut short or holds others', async () => {
    const whole = tarBytes(members);
    const damaged = Buffer.from(whole);
    damaged[3 * 512 - 400] = (damaged[3 * 512 - 400] ?? 0) ^ 1;
    const refused = async (bytes: Uint8Array, code: string): Promise<void> => {
      await expect(read(bytes)).rejects.toMatchObject({ name: 'PhiscanError', code });
    };
    await refused(Buffer.from('not an archive at all'.repeat(40)), 'format-unknown');
    await refused(damaged, 'file-corrupt');
    await refused(whole.subarray(0, 3 * 512 + 100), 'file-truncated');
    await refused(whole.subarray(0, -1024), 'file-truncated');
    await refused(tarBytes([['readme.txt', Buffer.from('x')]]), 'format-unknown');
    await refused(tarBytes([['train/zebra/0.jpg', picture(1)]]), 'format-unknown');
    await refused(tarBytes([['train/cat/0.jpg', picture(1, 48)]]), 'file-corrupt');
    await refused(tarBytes([['train/cat/0.jpg', picture(1).subarray(0, 200)]]), 'file-corrupt');
  });
});
