import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrainingCheckpoint } from '../../src-lab/ganomaly/training-checkpoint';
import {
  positionSchema,
  readCheckpoint,
  writeCheckpoint,
} from '../../src-lab/ganomaly/training-checkpoint';

const CHECKPOINT: TrainingCheckpoint = {
  position: {
    step: 12,
    discriminatorRedraws: 1,
    epoch: 2,
    batchesOfEpoch: 3,
    lossesOfLine: [{ adversarial: 1, contextual: 2, encoder: 3, generator: 104, discriminator: 5 }],
    trainingSeconds: 4.5,
    settings: '{"seed":1}',
  },
  weights: new Map([
    ['a/kernel', { shape: [1, 2], values: Float32Array.of(0.1, -3e38) }],
    ['a/gamma', { shape: [3], values: Float32Array.of(1, 2, 3) }],
  ]),
  moments: new Map([['a/kernel/m', { shape: [2], values: Float32Array.of(5, 6) }]]),
};

describe('a training checkpoint', () => {
  let folder = '';
  let file = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'phiscan-checkpoint-'));
    file = path.join(folder, 'checkpoint.bin');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('reads back what was written, and leaves nothing else behind', async () => {
    await writeCheckpoint(file, CHECKPOINT);
    expect(await readCheckpoint(file, positionSchema)).toEqual(CHECKPOINT);
    expect(await readdir(folder)).toEqual(['checkpoint.bin']);
  });

  it('keeps the former one when writing the next fails', async () => {
    await writeCheckpoint(file, CHECKPOINT);
    const broken = new Map([['b', { shape: [1], values: undefined as unknown as Float32Array }]]);
    await expect(writeCheckpoint(file, { ...CHECKPOINT, moments: broken })).rejects.toThrow();
    expect(await readCheckpoint(file, positionSchema)).toEqual(CHECKPOINT);
  });

  it('refuses a file that is cut short anywhere', async () => {
    await writeCheckpoint(file, CHECKPOINT);
    const bytes = await readFile(file);
    for (let length = 0; length < bytes.length; length++) {
      await writeFile(file, bytes.subarray(0, length));
      await expect(readCheckpoint(file, positionSchema)).rejects.toMatchObject({
        code: 'file-corrupt',
      });
    }
  });

  it('refuses bytes that are left over, and a file of another kind', async () => {
    await writeCheckpoint(file, CHECKPOINT);
    await writeFile(file, Buffer.concat([await readFile(file), Buffer.alloc(4)]));
    await expect(readCheckpoint(file, positionSchema)).rejects.toMatchObject({
      code: 'file-corrupt',
    });
    await writeFile(file, 'PHICKPT9 and so on, long enough to hold a header');
    await expect(readCheckpoint(file, positionSchema)).rejects.toMatchObject({
      code: 'file-corrupt',
    });
  });

  it('says that there is none', async () => {
    await expect(readCheckpoint(file, positionSchema)).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });
});
