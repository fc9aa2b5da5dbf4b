import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrainBundleRequest } from '../../src-lab/ganomaly/train-bundle';
import { trainBundle } from '../../src-lab/ganomaly/train-bundle';
import { TRAINING_REPORT_FILE } from '../../src-lab/ganomaly/report/write-training-report';
import { DEFAULT_TRAINING_SETTINGS } from '../../src-lab/ganomaly/training-settings';
import { runCli } from '../../src-main/cli/run-cli';
import { checkParity } from '../../src-main/engine/bundle/parity';
import { readBundle } from '../../src-main/engine/bundle/read-bundle';
import { createOnnxEngine } from '../../src-main/engine/onnx/onnx-engine';
import { drawnBag } from '../fixtures/drawn-bag';
import { tensorflowPresent } from '../fixtures/tensorflow-present';

const TINY = ['--isize', '32', '--ngf', '2', '--nz', '3', '--batch', '4'];

describe.skipIf(!tensorflowPresent())('training a bundle', () => {
  let folder = '';
  let benignDirectory = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'phiscan-train-'));
    benignDirectory = path.join(folder, 'benign');
    await mkdir(benignDirectory);
    for (let scan = 0; scan < 6; scan++) {
      await writeFile(path.join(benignDirectory, `bag-${scan}.png`), drawnBag(scan));
    }
  });
  afterEach(() => rm(folder, { recursive: true }));

  const request = (out: string): TrainBundleRequest => ({
    benignDirectory,
    outDirectory: path.join(folder, out),
    settings: {
      ...DEFAULT_TRAINING_SETTINGS,
      architecture: { name: 'ganomaly', isize: 32, nc: 3, nz: 3, ngf: 2, extraLayers: 0 },
      batchSize: 4,
      epochs: 2,
    },
    scoreDefinition: 'reference',
    scaleFactor: 1,
    stridePx: 16,
    holdOut: 0.2,
    patience: 3,
    resume: false,
    maxMinutes: null,
    checkpointMinutes: 10,
    memoryBytes: 1e8,
    description: 'drawn bags',
    licence: 'MIT',
  });

  it('writes one that says how it was trained and that an engine accepts', async () => {
    const { networks, bundle, heldOutScans } = await trainBundle(request('out'));
    const read = await readBundle(bundle?.directory ?? '');
    expect(read.manifest).toMatchObject({
      calibration: null,
      licence: 'MIT',
      scales: [{ scale: { unit: 'factor', factor: 1 }, tileSizePx: 32, stridePx: 16 }],
      training: {
        description: 'drawn bags',
        seed: 1,
        epochs: 2,
        patches: networks.steps * 4,
        settings: {
          ngf: 2,
          lr: 2e-4,
          'hold-out': 0.2,
          patience: 3,
          'w-con': 50,
          'max-steps': networks.steps,
        },
      },
    });
    expect(read.manifest.training.trainingSet).toMatch(
      /^5 benign scans, \d+ patches, sha256 [0-9a-f]{64}; 1 held out to choose by, sha256 /,
    );
    expect(read.manifest.training.scanHashes).toHaveLength(5);
    expect(heldOutScans).toHaveLength(1);
    expect(read.manifest.training.command).not.toContain(folder);
    const model = await createOnnxEngine().load(read);
    await checkParity(read, model);
    await model.dispose();
  });

  it('gives the same bundle when its recorded settings are run again', async () => {
    const limited = await trainBundle({ ...request('limited'), maxMinutes: 1e-9 });
    const { settings } = limited.bundle?.manifest.training ?? {};
    expect(settings).toMatchObject({ 'max-steps': 1 });
    const options = Object.entries(settings ?? {}).flatMap(([name, value]) => [
      `--${name}`,
      String(value),
    ]);
    const out = path.join(folder, 'again');
    const words = ['--description', 'drawn bags', '--licence', 'MIT'];
    expect(
      await runCli(['train', '--benign', benignDirectory, '--out', out, ...options, ...words]),
    ).toBe(0);
    expect(await readdir(out)).toContain(limited.bundle?.manifest.id);
  });

  it('reports on the whole run, resumed or not, with nothing to fetch', async () => {
    const { networks, bundle } = await trainBundle(request('out'));
    const page = await readFile(path.join(folder, 'out', TRAINING_REPORT_FILE), 'utf8');
    expect(page).not.toMatch(/<script|<link|@import|url\(/);
    expect(page).toContain(`Training of ${bundle?.manifest.id}`);
    const rows = [...page.matchAll(/<th scope="row">([^<]*)<\/th><td><img/g)].map(([, t]) => t);
    expect(rows).toEqual(['patches', 'x̂ after 1 epoch', 'x̂ after 2 epochs']);
    expect(page).toContain(`<b>${networks.steps}</b><span>steps</span>`);
    // One held-out bag, scored by the weights that were kept.
    expect(page).toContain('>1 benign</text>');
  });

  it('trains on all scans where nothing is held out', async () => {
    const { networks, bundle } = await trainBundle({ ...request('out'), holdOut: 0 });
    expect(networks.heldOut).toBeNull();
    expect(bundle?.manifest.training.trainingSet).toMatch(/^6 benign scans/);
    expect(bundle?.manifest.training.trainingSet).not.toContain('held out');
  });

  it('leaves a checkpoint and no bundle when it is interrupted, and goes on from there', async () => {
    const stop = new AbortController();
    const interrupted = await trainBundle({
      ...request('out'),
      onPatches: () => stop.abort(),
      signal: stop.signal,
    });
    expect(interrupted).toMatchObject({ bundle: null, networks: { end: 'interrupted' } });
    await expect(trainBundle(request('out'))).rejects.toMatchObject({ code: 'arguments-invalid' });
    const resumed = await trainBundle({ ...request('out'), resume: true });
    const whole = await trainBundle(request('whole'));
    expect(resumed.bundle?.manifest.id).toBe(whole.bundle?.manifest.id);
  });

  it('refuses a folder of simulated threats', async () => {
    const write = (folderName: string, threat: string): Promise<void> =>
      writeFile(
        path.join(folderName, 'simulation.json'),
        JSON.stringify({ simulatorVersion: '1.0.0', seed: 1, bags: [{ threats: [] }], threat }),
      );
    const inner = path.join(benignDirectory, 'more');
    await mkdir(inner);
    await writeFile(path.join(inner, 'bag-3.png'), drawnBag(3));
    await write(benignDirectory, 'none');
    await write(inner, 'knife');
    await expect(trainBundle(request('out'))).rejects.toMatchObject({
      code: 'training-impossible',
    });
    await rm(inner, { recursive: true });
    const { bundle } = await trainBundle(request('out'));
    expect(bundle?.manifest.training.trainingSet).toContain(
      'simulator 1.0.0, seed 1, 1 bags from 0',
    );
  });

  it('is reached from the command line, whose mistakes it names', async () => {
    const place = ['--benign', benignDirectory, '--out', path.join(folder, 'cli')];
    const plain = ['--score', 'paper', '--stride', '16', '--max-steps', '2'];
    expect(await runCli(['train', ...place, ...TINY, ...plain])).toBe(0);
    expect(await readdir(path.join(folder, 'cli'))).toEqual([
      'checkpoint.bin',
      expect.stringMatching(/^ganomaly-32-[0-9a-f]{8}$/),
      'metrics.jsonl',
      'samples.jsonl',
      'training-report.html',
    ]);
    expect(await runCli(['train', ...place, '--isize', '48'])).toBe(2);
    const other = ['--benign', benignDirectory, '--out', path.join(folder, 'other')];
    expect(await runCli(['train', ...other, '--max-minutes', '1'])).not.toBe(0);
    expect(await runCli(['train', ...other, '--score', 'paper', '--members', '2'])).not.toBe(0);
    expect(await runCli(['train', ...other, '--hold-out', '0'])).not.toBe(0);
    expect(await readdir(folder)).not.toContain('other');
    expect(await runCli(['train', '--out', folder])).toBe(2);
    const nowhere = ['--benign', path.join(folder, 'nowhere'), '--out', path.join(folder, 'no')];
    expect(await runCli(['train', ...nowhere])).toBe(1);
  });
});
