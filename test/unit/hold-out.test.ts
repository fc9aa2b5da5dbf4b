import { describe, expect, it } from 'vitest';
import { holdOut } from '../../src-lab/ganomaly/train-denoising-bundle';
import type { FoundScan } from '../../src-main/scan-io/group-scan-sources';

describe('scans that are held out', () => {
  it.each([
    [2, 0.5],
    [5, 0.2],
    [31, 0.1],
    [100, 0.2],
    [437, 0.2],
    [1000, 0.05],
    [1000, 0.3],
  ])('of %i at a share of %d are on no other side, and about that many', (count, share) => {
    const scans = named(count);
    const { training, heldOut } = holdOut(scans, share);
    expect([...training, ...heldOut].sort(byName)).toEqual(scans);
    // Whole blocks: no more than one of up to 20 scans off.
    expect(Math.abs(heldOut.length - share * count)).toBeLessThanOrEqual(
      Math.min(20, Math.max(1, 0.2 * count)),
    );
  });

  it('are whole blocks of neighbours, spread over the folder', () => {
    const { heldOut } = holdOut(named(1000), 0.2);
    const numbers = heldOut.map((scan) => Number(nameOf(scan)));
    const starts = numbers.filter((number) => !numbers.includes(number - 1));
    expect(starts).toEqual(Array.from({ length: 10 }, (_, block) => 80 + 100 * block));
    expect(numbers).toHaveLength(200);
  });

  it('are the same each time', () => {
    expect(holdOut(named(60), 0.2)).toEqual(holdOut(named(60), 0.2));
  });

  it.each([
    [0, 0.2],
    [1, 0.5],
    [4, 0.2],
    [50, 0.01],
  ])('cannot be had of %i scans at a share of %d, in words', (count, share) => {
    expect(() => holdOut(named(count), share)).toThrow(
      expect.objectContaining({
        code: 'training-impossible',
        message: expect.stringContaining(`${count} scans`) as string,
      }) as Error,
    );
  });
});

function named(count: number): FoundScan[] {
  return Array.from({ length: count }, (_, index) => ({
    state: 'found',
    source: { kind: 'file', path: String(index).padStart(4, '0') },
  }));
}

function nameOf(scan: FoundScan): string {
  if (scan.state !== 'found' || scan.source.kind !== 'file') throw new Error('no file');
  return scan.source.path;
}

function byName(a: FoundScan, b: FoundScan): number {
  return nameOf(a) < nameOf(b) ? -1 : 1;
}
