import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findScanSources } from '../../src-main/scan-io/find-scan-sources';
import { groupScanSources, type FoundScan } from '../../src-main/scan-io/group-scan-sources';

function named({ ...found }: FoundScan): string {
  if (found.state === 'broken') return `${found.path}: ${found.error.code}`;
  const { source } = found;
  return source.kind === 'file' ? source.path : `${source.lowPath} + ${source.highPath}`;
}

describe('groupScanSources', () => {
  it('joins pairs, leaves out what is no scan, and sorts', () => {
    const found = groupScanSources([
      'b/bag_high.png',
      'b/bag_low.png',
      'b/bag_mask.png',
      'b/bag.masks/bag_low.png',
      'b/.hidden.png',
      'b/simulation.json',
      'a/scan.dcs',
      'a/scan.JPG',
      'a/readme.md',
      'c/belt_LOW.TIF',
      'c/belt_HIGH.TIF',
    ]);
    expect(found.map(named)).toEqual([
      'a/scan.JPG',
      'a/scan.dcs',
      'b/bag_low.png + b/bag_high.png',
      'c/belt_LOW.TIF + c/belt_HIGH.TIF',
    ]);
  });

  it('calls half a pair broken, and keeps pairs of different kinds or folders apart', () => {
    const found = groupScanSources(['x_low.png', 'x_high.tif', 'a/y_low.png', 'b/y_high.png']);
    expect(found.map(named)).toEqual([
      'a/y_low.png: energy-pair-incomplete',
      'b/y_high.png: energy-pair-incomplete',
      'x_high.tif: energy-pair-incomplete',
      'x_low.png: energy-pair-incomplete',
    ]);
    const [first] = found;
    expect(first?.state === 'broken' && first.error.message).toContain('y_high.png is missing');
  });

  it('reads a JPEG named like half a pair as a scan of its own', () => {
    expect(groupScanSources(['bag_low.jpg']).map(named)).toEqual(['bag_low.jpg']);
  });
});

describe('findScanSources', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'phiscan-find-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function find(path: string): Promise<string[]> {
    const names: string[] = [];
    for await (const found of findScanSources(path)) {
      names.push(named(found).replaceAll(`${folder}/`, ''));
    }
    return names;
  }

  function put(...names: string[]): void {
    for (const name of names) writeFileSync(join(folder, name), 'x');
  }

  it('searches folders in folders in sorted order', async () => {
    mkdirSync(join(folder, 'b', 'inner'), { recursive: true });
    mkdirSync(join(folder, 'a'));
    mkdirSync(join(folder, 'a.masks'));
    put(
      'z.png',
      'b/2.png',
      'b/1.png',
      'b/inner/0.png',
      'a/0_low.png',
      'a/0_high.png',
      'a.masks/m.png',
    );
    expect(await find(folder)).toEqual([
      'z.png',
      'a/0_low.png + a/0_high.png',
      'b/1.png',
      'b/2.png',
      'b/inner/0.png',
    ]);
  });

  it('completes a named half, and reads a named file whatever it is called', async () => {
    put('bag_low.png', 'bag_high.png', 'half_high.png', 'notes.txt', 'bag_mask.png');
    const pair = ['bag_low.png + bag_high.png'];
    expect(await find(join(folder, 'bag_low.png'))).toEqual(pair);
    expect(await find(join(folder, 'bag_high.png'))).toEqual(pair);
    expect(await find(join(folder, 'half_high.png'))).toEqual([
      'half_high.png: energy-pair-incomplete',
    ]);
    expect(await find(join(folder, 'notes.txt'))).toEqual(['notes.txt']);
    expect(await find(join(folder, 'bag_mask.png'))).toEqual(['bag_mask.png']);
  });

  it('says what is not there, and does not follow circles', async () => {
    put('a.png');
    symlinkSync(folder, join(folder, 'circle'));
    symlinkSync(join(folder, 'nowhere.png'), join(folder, 'dangling.png'));
    expect(await find(folder)).toEqual(['a.png', 'dangling.png']);
    expect(await find(join(folder, 'none.png'))).toEqual(['none.png: file-not-found']);
  });

  // The superuser may read any folder, so that there is nothing to see.
  it.skipIf(process.getuid?.() === 0)('goes on past a folder without rights', async () => {
    mkdirSync(join(folder, 'closed'));
    put('closed/x.png', 'open.png');
    chmodSync(join(folder, 'closed'), 0);
    expect(await find(folder)).toEqual(['open.png', 'closed: file-not-readable']);
    chmodSync(join(folder, 'closed'), 0o755);
  });

  it('finds the first scans of a large folder of folders without walking all of it', async () => {
    for (let inner = 0; inner < 20; inner++) {
      mkdirSync(join(folder, `d${String(inner).padStart(2, '0')}`));
      put(`d${String(inner).padStart(2, '0')}/s.png`);
    }
    const search = findScanSources(folder);
    const first = await search.next();
    rmSync(join(folder, 'd19'), { recursive: true });
    const rest: string[] = [];
    for await (const found of search) rest.push(named(found));
    expect(first.done).toBe(false);
    expect(rest).toHaveLength(19);
    expect(rest.at(-1)).toMatch(/d19: file-not-found$/);
  });
});
