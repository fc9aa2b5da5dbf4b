import { encode } from 'fast-png';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findMasks, readThreatRegions } from '../../src-lab/evaluation/threat-masks';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phiscan-masks-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SIDE = 16;

async function writeMask(name: string, pixels: readonly (readonly [number, number, number])[]) {
  const data = new Uint8Array(SIDE * SIDE);
  for (const [x, y, value] of pixels) data[y * SIDE + x] = value;
  const file = join(folder, name);
  await writeFile(file, encode({ width: SIDE, height: SIDE, data, channels: 1, depth: 8 }));
  return file;
}

test('a mask is stretched to its scan, and each value makes regions of its own', async () => {
  // A gun pixel beside a knife pixel, and a knife pixel far away.
  const file = await writeMask('P1.png', [
    [0, 0, 1],
    [1, 0, 2],
    [9, 9, 2],
  ]);
  const regions = await readThreatRegions([file], { widthPx: 32, heightPx: 16 });
  // Twice as wide: two pixels for each of the mask's.
  expect(regions.map((region) => [...region])).toEqual([
    [0, 1],
    [2, 3],
    [9 * 32 + 18, 9 * 32 + 19],
  ]);
});

test('masks are found by the names of their scans', async () => {
  await writeMask('P2_mask.png', []);
  await writeFile(join(folder, 'readme.txt'), '');
  expect([...(await findMasks(folder)).keys()].sort()).toEqual(['P1', 'P2']);
});

test('a folder without masks is refused, a mask that is none too', async () => {
  await expect(findMasks(join(folder, 'nowhere'))).rejects.toMatchObject({
    code: 'arguments-invalid',
  });
  const broken = join(folder, 'broken.png');
  await writeFile(broken, 'not a picture, whatever its name says');
  await expect(readThreatRegions([broken], { widthPx: 32, heightPx: 16 })).rejects.toThrow();
});
