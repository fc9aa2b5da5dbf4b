import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { METHOD_NAMES } from '../../src-lab/baselines/anomaly-method';
import { openMethodModel } from '../../src-lab/baselines/method-model';
import { readMethodModel } from '../../src-lab/baselines/method-model-folder';
import { DEFAULT_METHOD_SETTINGS } from '../../src-lab/baselines/method-settings';
import type { TrainMethodRequest } from '../../src-lab/baselines/train-method';
import { trainMethod } from '../../src-lab/baselines/train-method';
import { findBags } from '../../src-lab/evaluation/find-bags';
import { BagScreener } from '../../src-lab/evaluation/screen-bag';
import { readBundle } from '../../src-main/engine/bundle/read-bundle';
import { drawnBag } from '../fixtures/drawn-bag';
import { runCommand } from '../fixtures/run-command';
import { tensorflowPresent } from '../fixtures/tensorflow-present';

const SETTINGS = { ...DEFAULT_METHOD_SETTINGS, isize: 32, nz: 4, ngf: 2 };

describe.skipIf(!tensorflowPresent())('a rival of the paper, trained on scans', () => {
  let folder = '';
  let benignDirectory = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'phiscan-method-'));
    benignDirectory = path.join(folder, 'benign');
    await mkdir(benignDirectory);
    for (let scan = 0; scan < 3; scan++) {
      await writeFile(path.join(benignDirectory, `bag-${scan}.png`), drawnBag(scan));
    }
  });
  afterEach(() => rm(folder, { recursive: true }));

  const request = (method: string, out: string): TrainMethodRequest => ({
    method,
    benignDirectory,
    outDirectory: path.join(folder, out),
    settings: SETTINGS,
    batchSize: 4,
    epochs: 2,
    patchesPerEpoch: 16,
    maxSteps: null,
    maxMinutes: null,
    checkpointMinutes: 10,
    scaleFactor: 1,
    stridePx: 16,
    memoryBytes: 1e8,
    resume: false,
  });

  it.each(METHOD_NAMES.filter((name) => name !== 'anogan'))(
    '%s scores bags from its folder',
    async (method) => {
      const { steps, modelDirectory } = await trainMethod(request(method, 'out'));
      expect(steps).toBe(8);
      const opened = await openMethodModel(modelDirectory ?? '');
      expect(opened.id).toBe(path.basename(modelDirectory ?? ''));
      const screener = new BagScreener(opened.model, opened.recipe);
      const [bag] = await findBags(benignDirectory);
      if (bag === undefined) throw new Error('no bag was found');
      const screened = await screener.screen(bag);
      if (screened.state !== 'scored') throw new Error(screened.error.message);
      const scores = screened.views.flatMap(({ scored }) =>
        scored.tileScores.map(({ anomalyScore }) => anomalyScore),
      );
      expect(new Set(scores).size).toBeGreaterThan(5);
      expect(Math.min(...scores)).toBeGreaterThan(0);
      expect(screened.anomalyScoreMax).toBe(Math.max(...scores));
      await screener.dispose();
    },
  );

  it('goes on after a stop to the same weights, and refuses another method there', async () => {
    const { modelDirectory } = await trainMethod(request('vae', 'whole'));
    const stopped = await trainMethod({ ...request('vae', 'parts'), maxSteps: 3 });
    expect(stopped.steps).toBe(3);
    await expect(trainMethod(request('vae', 'parts'))).rejects.toMatchObject({
      code: 'arguments-invalid',
    });
    await expect(trainMethod({ ...request('egbad', 'parts'), resume: true })).rejects.toMatchObject(
      { code: 'arguments-invalid' },
    );
    const resumed = await trainMethod({ ...request('vae', 'parts'), resume: true });
    expect(await readMethodModel(resumed.modelDirectory ?? '')).toEqual(
      await readMethodModel(modelDirectory ?? ''),
    );
    expect(await readMethodModel(stopped.modelDirectory ?? '')).not.toEqual(
      await readMethodModel(modelDirectory ?? ''),
    );
  });

  it('leaves a checkpoint and no model when it is interrupted', async () => {
    const stop = new AbortController();
    const options = { onPatches: () => stop.abort(), signal: stop.signal };
    const interrupted = await trainMethod({ ...request('vae', 'out'), ...options });
    expect(interrupted).toMatchObject({ steps: 0, modelDirectory: null });
    expect(await readdir(path.join(folder, 'out'))).toEqual(['checkpoint.bin']);
  });

  it('refuses weights that were changed, and is no bundle for the product', async () => {
    const { modelDirectory } = await trainMethod({ ...request('vae', 'out'), maxSteps: 1 });
    const directory = modelDirectory ?? '';
    await expect(readBundle(directory)).rejects.toMatchObject({ code: 'bundle-missing' });
    const weights = path.join(directory, 'weights.bin');
    const bytes = await readFile(weights);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    await writeFile(weights, bytes);
    await expect(openMethodModel(directory)).rejects.toMatchObject({
      code: 'bundle-hash-mismatch',
    });
    await expect(openMethodModel(folder)).rejects.toMatchObject({ code: 'bundle-missing' });
  });

  it('refuses a folder of simulated threats', async () => {
    const simulation = { simulatorVersion: '1.0.0', seed: 1, bags: [], threat: 'knife' };
    await writeFile(path.join(benignDirectory, 'simulation.json'), JSON.stringify(simulation));
    await expect(trainMethod(request('vae', 'out'))).rejects.toMatchObject({
      code: 'training-impossible',
    });
  });

  it('is trained and evaluated from the command line, which names mistakes', async () => {
    const out = path.join(folder, 'cli');
    const train = (to: string, ...more: string[]) =>
      runCommand('train', '--benign', benignDirectory, '--out', path.join(folder, to), ...more);
    const small = ['--isize', '32', '--ngf', '2', '--nz', '4', '--batch', '4', '--stride', '16'];
    const trained = await train('cli', '--method', 'egbad', ...small, '--max-steps', '1');
    expect(trained.exitCode).toBe(0);
    const files = await readdir(out);
    expect(files).toEqual([
      'checkpoint.bin',
      expect.stringMatching(/^egbad-32-[0-9a-f]{8}$/),
      'metrics.jsonl',
    ]);
    const model = path.join(out, files[1] ?? '');

    const evaluate = (...more: string[]) => {
      const bags = ['--benign', benignDirectory, '--threat', benignDirectory];
      return runCommand('evaluate', '--model', model, ...bags, '--bootstrap', '0', ...more);
    };
    const evaluated = await evaluate('--json');
    expect(evaluated.exitCode).toBe(0);
    const [report] = evaluated.json();
    expect(report).toMatchObject({
      model: files[1],
      engine: 'tensorflow',
      scoreDefinition: 'egbad',
      // The same bags on both sides.
      bag: { auroc: 0.5 },
    });
    expect((await evaluate('--engine', 'onnx')).stderr).toContain('runs on TensorFlow alone');
    const scored = await runCommand('score', '--model', model, benignDirectory);
    expect(scored.exitCode).not.toBe(0);
    expect(scored.stderr).toContain('Expected a model bundle');

    const unknown = await train('other', '--method', 'patchcore');
    expect(unknown.stderr).toContain('Allowed choices are ganomaly, anogan, egbad, vae');
    const layers = await train('other', '--method', 'vae', '--extra-layers', '1');
    expect(layers.stderr).toContain('--extra-layers was given');
  });
});
