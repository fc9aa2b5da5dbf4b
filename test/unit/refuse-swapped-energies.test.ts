import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseScan, readScan } from '../../src-main/scan-io/read-scan';
import { refuseSwappedEnergies } from '../../src-main/scan-io/refuse-swapped-energies';
import { writeDicosDx } from '../../src-main/scan-io/dicom/write-dicos-dx';
import type { ScanSource } from '../../src-shared/domain/scan';
import { rejectedCode, thrownCode } from '../fixtures/scans/parse-outcome';

const DEMO = join('assets', 'demo');
const REAL = join('..', 'shared', 'scans', 'dual-energy');
const OPEN = 60_000;

type Pair = Extract<ScanSource, { kind: 'pair' }>;

function pairsIn(folder: string): Pair[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('_low.png'))
    .map((name) => {
      const lowPath = join(folder, name);
      return { kind: 'pair', lowPath, highPath: lowPath.replace(/_low\.png$/, '_high.png') };
    });
}

const swapped = ({ lowPath, highPath }: Pair): Pair => ({
  kind: 'pair',
  lowPath: highPath,
  highPath: lowPath,
});

/** Air with `material` pixels behind which the given transmissions are left. */
function partly(material: number, transmissionLow: number, transmissionHigh: number) {
  const plane = (transmission: number) =>
    Uint16Array.from({ length: 10_000 }, (_, pixel) =>
      pixel < material ? Math.round(OPEN * transmission) : OPEN,
    );
  return { low: plane(transmissionLow), high: plane(transmissionHigh) };
}

describe('refuseSwappedEnergies', () => {
  it('reads every demonstration pair, and refuses each when its files change places', async () => {
    const pairs = pairsIn(DEMO);
    expect(pairs).toHaveLength(6);
    for (const pair of pairs) {
      expect((await readScan(pair)).views, pair.lowPath).toHaveLength(1);
      expect(await rejectedCode(() => readScan(swapped(pair))), pair.lowPath).toBe(
        'energy-pair-mismatch',
      );
    }
    const [first] = pairs;
    if (first === undefined) throw new Error('assets/demo holds no pair');
    await expect(readScan(swapped(first))).rejects.toThrow('The two files are probably swapped');
  }, 30_000);

  it.skipIf(!existsSync(REAL))(
    'reads every real pair, and refuses each swapped (skipped where ../shared/scans is absent)',
    async () => {
      const pairs = pairsIn(REAL);
      expect(pairs.length).toBeGreaterThan(0);
      for (const pair of pairs) {
        expect((await readScan(pair)).views, pair.lowPath).toHaveLength(1);
        expect(await rejectedCode(() => readScan(swapped(pair))), pair.lowPath).toBe(
          'energy-pair-mismatch',
        );
      }
    },
    60_000,
  );

  it('refuses the frames of one object in the wrong order', () => {
    const { low, high } = partly(2_000, 0.3, 0.45);
    const size = { widthPx: 100, heightPx: 100, pixelPitchMm: null };
    const right = { ...size, pixels: { kind: 'dual-energy', low, high } } as const;
    const wrong = { ...size, pixels: { kind: 'dual-energy', low: high, high: low } } as const;
    expect(parseScan(writeDicosDx([right]), 'x.dcs').views).toEqual([right]);
    const code = thrownCode(() => parseScan(writeDicosDx([right, wrong]), 'x.dcs'));
    expect(code).toBe('energy-pair-mismatch');
  });

  it('judges by each channel’s own open beam', () => {
    const { low, high } = partly(2_000, 0.3, 0.45);
    const weaker = high.map((count) => Math.round(count * 0.5));
    expect(() => {
      refuseSwappedEnergies({ low, high: weaker });
    }).not.toThrow();
    expect(thrownCode(() => refuseSwappedEnergies({ low: weaker, high: low }))).toBe(
      'energy-pair-mismatch',
    );
  });

  it.each([
    ['air alone', partly(0, 1, 1)],
    [
      'a uniform grey',
      { low: new Uint16Array(10_000).fill(900), high: new Uint16Array(10_000).fill(700) },
    ],
    ['too little material to judge by', partly(100, 0.45, 0.3)],
    ['the same picture twice', partly(2_000, 0.4, 0.4)],
    ['lead, through which nothing passes', partly(2_000, 0, 0)],
  ])('lets %s through', (_, energies) => {
    expect(() => {
      refuseSwappedEnergies(energies);
    }).not.toThrow();
  });
});
