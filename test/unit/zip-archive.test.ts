import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extractZip } from '../../scripts/platform/zip-archive.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'phiscan-zip-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('extractZip', () => {
  it('extracts stored and deflated entries with their modes, and leaves out what is not wanted', async () => {
    const archive = writeZip([
      { name: 'top/run', body: Buffer.from('#!/bin/sh\necho ran\n'), mode: 0o100755 },
      { name: 'top/long.txt', body: Buffer.from('phi '.repeat(50_000)), mode: 0o100644 },
      { name: 'top/empty', body: Buffer.alloc(0), mode: 0o100644 },
      { name: 'other/unwanted', body: Buffer.from('no'), mode: 0o100644 },
    ]);
    const seen: number[] = [];
    const count = await extractZip(
      archive,
      (name: string) => (name.startsWith('top/') ? name.slice(4) : undefined),
      join(folder, 'out'),
      (done: number, total: number) => seen.push(done / total),
    );
    expect(count).toBe(3);
    expect(readFileSync(join(folder, 'out/long.txt'), 'utf8')).toBe('phi '.repeat(50_000));
    expect(statSync(join(folder, 'out/empty')).size).toBe(0);
    expect(execFileSync(join(folder, 'out/run'), { encoding: 'utf8' })).toBe('ran\n');
    expect(() => statSync(join(folder, 'out/other'))).toThrow('ENOENT');
    expect(seen.at(-1)).toBe(1);
  });

  it('refuses an entry that would be written outside the folder', async () => {
    const archive = writeZip([{ name: '../escaped', body: Buffer.from('x'), mode: 0o100644 }]);
    await expect(extractZip(archive, (name: string) => name, join(folder, 'out'))).rejects.toThrow(
      'outside',
    );
    expect(() => statSync(join(folder, 'escaped'))).toThrow('ENOENT');
  });

  it('refuses an archive that is cut short', async () => {
    const archive = writeZip([{ name: 'a', body: Buffer.alloc(5000, 1), mode: 0o100644 }]);
    truncateSync(archive, statSync(archive).size - 30);
    await expect(extractZip(archive, (name: string) => name, join(folder, 'out'))).rejects.toThrow(
      'cut short',
    );
  });

  it('refuses an entry whose size is not the one the directory states', async () => {
    const archive = writeZip([{ name: 'a', body: Buffer.alloc(9, 1), mode: 0, statedSize: 8 }]);
    await expect(extractZip(archive, (name: string) => name, join(folder, 'out'))).rejects.toThrow(
      '8 bytes expected, 9 found',
    );
  });
});

interface Entry {
  readonly name: string;
  readonly body: Buffer;
  readonly mode: number;
  readonly statedSize?: number;
}

/** A ZIP archive of these entries; those longer than 1,000 bytes are deflated. */
function writeZip(entries: readonly Entry[]): string {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, body, mode, statedSize } of entries) {
    const method = body.length > 1000 ? 8 : 0;
    const packed = method === 8 ? deflateRawSync(body) : body;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(statedSize ?? body.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(mode * 0x10000, 38);
    central.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), packed);
    centrals.push(central, Buffer.from(name));
    offset += local.length + name.length + packed.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  const path = join(folder, 'archive.zip');
  writeFileSync(path, Buffer.concat([...locals, directory, end]));
  return path;
}
