import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'fast-png';
import { LocalScreener } from '../src-main/engine/host/local-screener';
import type { ModelBundle } from '../src-shared/domain/model-bundle';
import type { ScanSource } from '../src-shared/domain/scan';
import type { ScreeningTimes } from '../src-shared/domain/screening-outcome';
import { median } from './median';
import { syntheticScan } from './synthetic-scan';

export interface ScanBenchFigures {
  readonly bundleId: string;
  readonly runtime: string;
  readonly scans: readonly ScanFigures[];
  /** Highest resident memory of this process, which holds engine, cache and decoder. */
  readonly peakMemoryBytes: number;
  readonly loadAverage: number;
}

export interface ScanFigures {
  readonly scan: string;
  readonly scale: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly tiles: number;
  /** Medians over the repeats; `total` is wall-clock from the file to the outcome. */
  readonly ms: ScreeningTimes & { readonly total: number };
}

/** A full view of a lane's scanner: 2,080 tiles of 64×64 at stride 32. */
const WIDTH_PX = 2580;
const HEIGHT_PX = 850;
const REPEATS = 5;
const OPEN_BEAM = 60_000;

/**
 * Screens a full-size view from its file, every tile of it holding material, decoded anew each
 * time: at one model pixel a scan pixel, whatever the bundle's scale, and at the bundle's own scale.
 */
export async function scanBench(bundle: ModelBundle): Promise<ScanBenchFigures> {
  const [loadAverage = NaN] = loadavg();
  const folder = await mkdtemp(path.join(tmpdir(), 'phiscan-bench-'));
  const screener = new LocalScreener({ cacheBytes: 0 });
  try {
    const sources = await writeScans(folder);
    const scans: ScanFigures[] = [];
    let runtime = '';
    for (const { scale, bundle: scaled } of scalesOf(bundle)) {
      ({ runtime } = await screener.load(scaled, 'onnx'));
      for (const [scan, source] of Object.entries(sources)) {
        scans.push({ scan, scale, ...(await timeScan(screener, source)) });
      }
    }
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
    return { bundleId: bundle.manifest.id, runtime, scans, peakMemoryBytes, loadAverage };
  } finally {
    await screener.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

function scalesOf(bundle: ModelBundle): { scale: string; bundle: ModelBundle }[] {
  const { manifest } = bundle;
  const { isize } = manifest.architecture;
  const full = {
    scale: { unit: 'factor', factor: 1 },
    tileSizePx: isize,
    stridePx: isize / 2,
  } as const;
  const isFull = JSON.stringify(manifest.scales) === JSON.stringify([full]);
  const atFull = { ...bundle, manifest: { ...manifest, scales: [full] } };
  if (isFull) return [{ scale: 'full', bundle: atFull }];
  return [
    { scale: 'full', bundle: atFull },
    { scale: 'the bundle’s', bundle },
  ];
}

async function writeScans(folder: string): Promise<Record<string, ScanSource>> {
  const { rgb } = syntheticScan(WIDTH_PX, HEIGHT_PX, 1);
  const write = async (name: string, data: Uint8Array | Uint16Array, channels: 1 | 3) => {
    const file = path.join(folder, name);
    const depth = data instanceof Uint16Array ? 16 : 8;
    await writeFile(file, encode({ width: WIDTH_PX, height: HEIGHT_PX, data, channels, depth }));
    return file;
  };
  // Transmissions from two of the picture's channels stand for the two energies.
  const counts = (channel: number) =>
    Uint16Array.from({ length: WIDTH_PX * HEIGHT_PX }, (_, pixel) =>
      Math.round((OPEN_BEAM * (rgb[3 * pixel + channel] ?? 0)) / 255),
    );
  return {
    'pseudo-colour PNG, 8 bits': { kind: 'file', path: await write('rgb.png', rgb, 3) },
    'dual-energy PNG pair, 16 bits': {
      kind: 'pair',
      lowPath: await write('bag_low.png', counts(0), 1),
      highPath: await write('bag_high.png', counts(1), 1),
    },
  };
}

async function timeScan(
  screener: LocalScreener,
  source: ScanSource,
): Promise<Omit<ScanFigures, 'scan' | 'scale'>> {
  const times: ScanFigures['ms'][] = [];
  let tiles = 0;
  // The first one also compiles the program's own code, and is not counted.
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    const from = performance.now();
    const outcome = await screener.screen(source);
    const total = performance.now() - from;
    if (outcome.state === 'unscored') throw new Error(outcome.error.message);
    const [view] = outcome.views;
    if (view?.state !== 'scored') throw new Error(view?.error.message ?? 'The scan has no view.');
    tiles = view.tileScores.length;
    if (repeat > 0) times.push({ ...outcome.timesMs, total });
  }
  const of = (step: keyof ScanFigures['ms']) => median(times.map((time) => time[step]));
  const ms = { read: of('read'), tile: of('tile'), score: of('score'), map: of('map') };
  return { widthPx: WIDTH_PX, heightPx: HEIGHT_PX, tiles, ms: { ...ms, total: of('total') } };
}
