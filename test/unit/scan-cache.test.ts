import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DrawableScan } from '../../src-main/engine/host/decode-scan';
import { ScanCache } from '../../src-main/engine/host/scan-cache';
import type { ScanSource } from '../../src-shared/domain/scan';
import { temporaryFolder } from '../fixtures/tiny-bundle';

let folder: string;
let decoded: string[];

beforeAll(async () => {
  folder = await temporaryFolder();
});
beforeEach(() => {
  decoded = [];
});

async function scanFile(name: string): Promise<ScanSource> {
  const file = path.join(folder, name);
  await writeFile(file, name);
  return { kind: 'file', path: file };
}

/** A cache over scans of 100 bytes each, which notes what is decoded. */
function cacheOf(maxBytes: number): ScanCache {
  return new ScanCache(maxBytes, (source): Promise<DrawableScan> => {
    const name = source.kind === 'file' ? path.basename(source.path) : 'pair';
    decoded.push(name);
    return Promise.resolve({ sha256: name, format: 'png', views: [], bytes: 100 });
  });
}

describe('ScanCache', () => {
  it('decodes a scan once, also for two callers at once', async () => {
    const cache = cacheOf(1000);
    const a = await scanFile('a');
    await Promise.all([cache.read(a), cache.read(a)]);
    await cache.read(a);
    expect(decoded).toEqual(['a']);
  });

  it('lets go of the scan that was used longest ago, and stays within its bytes', async () => {
    const cache = cacheOf(250);
    const [a, b, c] = [await scanFile('a'), await scanFile('b'), await scanFile('c')];
    await cache.read(a);
    await cache.read(b);
    await cache.read(a);
    await cache.read(c);
    expect(cache.bytes).toBe(200);
    await cache.read(a);
    await cache.read(b);
    expect(decoded).toEqual(['a', 'b', 'c', 'b']);
  });

  it('does not keep a scan that is larger than all of it', async () => {
    const cache = cacheOf(99);
    const a = await scanFile('a');
    await cache.read(a);
    await cache.read(a);
    expect(decoded).toEqual(['a', 'a']);
    expect(cache.bytes).toBe(0);
  });

  it('serves a scan whose file is gone, and decodes one that changed', async () => {
    const cache = cacheOf(1000);
    const a = await scanFile('a');
    await cache.read(a);
    if (a.kind !== 'file') throw new Error('not a file');
    await rm(a.path);
    await cache.read(a);
    expect(decoded).toEqual(['a']);
    await writeFile(a.path, 'another scan of another length');
    await cache.read(a);
    expect(decoded).toEqual(['a', 'a']);
    expect(cache.bytes).toBe(100);
  });

  it('forgets a failure', async () => {
    let fails = true;
    const cache = new ScanCache(1000, () => {
      if (fails) return Promise.reject(new Error('torn'));
      return Promise.resolve({ sha256: '', format: 'png', views: [], bytes: 1 });
    });
    const a = await scanFile('a');
    await expect(cache.read(a)).rejects.toThrow('torn');
    fails = false;
    await expect(cache.read(a)).resolves.toMatchObject({ bytes: 1 });
  });
});
