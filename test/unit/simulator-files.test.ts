import { decode } from 'fast-png';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulateBag, type SimulatedBag } from '../../src-lab/simulator/simulate-bag';
import { SIMULATOR_VERSION } from '../../src-lab/simulator/simulator-version';
import type { SimulationFormat } from '../../src-lab/simulator/write-bag-files';
import { writeSimulation } from '../../src-lab/simulator/write-simulation';
import { readScan } from '../../src-main/scan-io/read-scan';
import type { ScanSource } from '../../src-shared/domain/scan';

interface SimulationList {
  readonly simulatorVersion: string;
  readonly seed: number;
  readonly entries: readonly {
    readonly index: number;
    readonly files: readonly string[];
    readonly objects: Readonly<Record<string, number>>;
    readonly threats: readonly { readonly className: string; readonly mask: string }[];
  }[];
}

let folder = '';
let expected: SimulatedBag;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phiscan-simulation-'));
  expected = simulateBag({ seed: 11, index: 0, threat: 'knife' });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(format: SimulationFormat, bags = 1, signal = new AbortController().signal) {
  const directory = await mkdtemp(join(folder, `${format}-`));
  const plan = { seed: 11, first: 0, bags, threat: 'knife', format, directory } as const;
  const outcome = await writeSimulation(plan, () => undefined, signal);
  const list = JSON.parse(
    await readFile(join(directory, 'simulation.json'), 'utf8'),
  ) as SimulationList;
  return { directory, outcome, list, plan };
}

async function countsIn(source: ScanSource) {
  const pixels = (await readScan(source)).views[0]?.pixels;
  if (pixels?.kind !== 'dual-energy')
    throw new Error(`expected dual-energy, read ${String(pixels?.kind)}`);
  return pixels;
}

describe('files of a simulation', () => {
  test('png16 is a pair that reads back to the same counts', async () => {
    const { directory, list } = await write('png16');
    expect(list.entries[0]?.files).toEqual(['bag-000001_low.png', 'bag-000001_high.png']);
    const pixels = await countsIn({
      kind: 'pair',
      lowPath: join(directory, 'bag-000001_low.png'),
      highPath: join(directory, 'bag-000001_high.png'),
    });
    expect(pixels.low).toEqual(expected.low);
    expect(pixels.high).toEqual(expected.high);
  });

  test('dicos is one object with both energies and the pixel pitch', async () => {
    const { directory } = await write('dicos');
    const source: ScanSource = { kind: 'file', path: join(directory, 'bag-000001.dcs') };
    const pixels = await countsIn(source);
    expect(pixels.low).toEqual(expected.low);
    expect(pixels.high).toEqual(expected.high);
    expect((await readScan(source)).views[0]?.pixelPitchMm).toBe(expected.pixelPitchMm);
  });

  test('png is a pseudo-colour picture of the same size', async () => {
    const { directory } = await write('png');
    const scan = await readScan({ kind: 'file', path: join(directory, 'bag-000001.png') });
    expect(scan.views[0]?.pixels.kind).toBe('rgb');
    expect(scan.views[0]?.widthPx).toBe(expected.widthPx);
  });

  test('the list names version, seed, contents and threats, each with its mask', async () => {
    const { directory, list } = await write('png16');
    expect(list.simulatorVersion).toBe(SIMULATOR_VERSION);
    expect(list.seed).toBe(11);
    const entry = list.entries[0];
    expect(entry?.objects['bag shell']).toBe(1);
    expect(entry?.threats.map(({ className }) => className)).toEqual(['knife']);
    const mask = decode(await readFile(join(directory, entry?.threats[0]?.mask ?? '')));
    expect([mask.width, mask.height]).toEqual([expected.widthPx, expected.heightPx]);
    const truth = expected.masks.find(({ benign }) => !benign);
    const masked = truth?.mask.bitmap.reduce((sum, bit) => sum + bit, 0) ?? 0;
    expect(masked).toBeGreaterThan(0);
    expect(mask.data.filter((value) => value === 255)).toHaveLength(masked);
  });

  test('stops between two bags when asked to, and lists what it wrote', async () => {
    const stop = new AbortController();
    const directory = await mkdtemp(join(folder, 'stopped-'));
    const plan = {
      seed: 11,
      first: 0,
      bags: 50,
      threat: 'none',
      format: 'png16',
      directory,
    } as const;
    const outcome = await writeSimulation(plan, (done) => done === 2 && stop.abort(), stop.signal);
    expect(outcome).toEqual({ written: 2, stopped: true });
    const names = await readdir(directory);
    expect(names.filter((name) => name.endsWith('_low.png'))).toHaveLength(2);
    const list = JSON.parse(
      await readFile(join(directory, 'simulation.json'), 'utf8'),
    ) as SimulationList;
    expect(list.entries).toHaveLength(2);
  });

  test('refuses a folder that holds a simulation', async () => {
    const { plan } = await write('png16');
    const again = writeSimulation(plan, () => undefined, new AbortController().signal);
    await expect(again).rejects.toMatchObject({ code: 'arguments-invalid' });
  });
});
