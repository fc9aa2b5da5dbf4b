import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isPrepared, prepareFolder } from '../../scripts/platform/prepared-folder.mjs';

let parent: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'phiscan-prepared-'));
});

afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

describe('prepareFolder', () => {
  it('fills a folder once', async () => {
    const folder = join(parent, 'runtime');
    let fills = 0;
    const fill = async (workFolder: string) => {
      fills += 1;
      await writeFile(join(workFolder, 'electron'), 'whole');
    };
    await prepareFolder(folder, fill);
    await prepareFolder(folder, fill);
    expect(fills).toBe(1);
    expect(readFileSync(join(folder, 'electron'), 'utf8')).toBe('whole');
  });

  it('leaves nothing behind when filling fails, and a later run succeeds', async () => {
    const folder = join(parent, 'runtime');
    const broken = prepareFolder(folder, async (workFolder: string) => {
      await writeFile(join(workFolder, 'electron'), 'half');
      throw new Error('the download broke off');
    });
    await expect(broken).rejects.toThrow('broke off');
    expect(readdirSync(parent)).toEqual([]);
    expect(isPrepared(folder)).toBe(false);
    await prepareFolder(folder, (workFolder: string) => writeFile(join(workFolder, 'a'), ''));
    expect(isPrepared(folder)).toBe(true);
  });
});
