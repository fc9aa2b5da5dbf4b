import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BatchSource, TrainingRun } from '../../src-lab/ganomaly/training-run';
import { runTraining } from '../../src-lab/ganomaly/run-training';
import { METRICS_FILE, readMetrics } from '../../src-lab/ganomaly/training-metrics';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import {
  CHECKPOINT_FILE,
  positionSchema,
  readCheckpoint,
} from '../../src-lab/ganomaly/training-checkpoint';
import type { MetricsLine } from '../../src-lab/ganomaly/training-metrics';
import type { TrainingSettings } from '../../src-lab/ganomaly/training-settings';
import { DEFAULT_TRAINING_SETTINGS } from '../../src-lab/ganomaly/training-settings';
import { RandomStream } from '../../src-lab/simulator/random-stream';
import { tensorflowPresent } from '../fixtures/tensorflow-present';

const SIDE = 32;
const BATCHES_PER_EPOCH = 7;
const SETTINGS: TrainingSettings = {
  ...DEFAULT_TRAINING_SETTINGS,
  architecture: { name: 'ganomaly', isize: SIDE, nc: 3, nz: 4, ngf: 2, extraLayers: 0 },
  epochs: 3,
  batchSize: 4,
};

/** Batches drawn from epoch and index alone, as a source must give them. */
const SOURCE: BatchSource = {
  fingerprint: 'waves',
  blockScans: [4],
  batchesPerEpoch: () => BATCHES_PER_EPOCH,
  async *batches({ epoch, batchSize, skipBatches }) {
    for (let index = skipBatches; index < BATCHES_PER_EPOCH; index++) {
      const random = new RandomStream([epoch, index]);
      yield Float32Array.from({ length: batchSize * SIDE * SIDE * 3 }, (_, i) =>
        Math.sin(i / 7 + random.next()),
      );
      await Promise.resolve();
    }
  },
};

/** Plain grey, which a generator that knows nothing gives back, and one that learns waves does not. */
const HELD_OUT: BatchSource = {
  ...SOURCE,
  fingerprint: 'grey',
  async *batches({ batchSize }) {
    for (let index = 0; index < 5; index++) {
      yield new Float32Array(batchSize * SIDE * SIDE * 3);
      await Promise.resolve();
    }
  },
};
const CHOSEN = { heldOut: HELD_OUT, patience: 1 };

describe.skipIf(!tensorflowPresent())('a training run', () => {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'phiscan-training-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const train = (options: Partial<TrainingRun> = {}) =>
    runTraining(requireTensorflow(), {
      settings: SETTINGS,
      source: SOURCE,
      directory,
      resume: false,
      maxMinutes: null,
      checkpointMinutes: 60,
      ...options,
    });
  const metrics = async (): Promise<MetricsLine[]> =>
    (await readFile(path.join(directory, METRICS_FILE), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as MetricsLine);

  it('ends after its epochs and logs every step once', async () => {
    const seen: number[] = [];
    const trained = await train({ onProgress: ({ metrics: { step } }) => seen.push(step) });
    expect(trained).toMatchObject({ end: 'finished', steps: 21, epochs: 3 });
    const lines = await metrics();
    expect(lines.map(({ step }) => step)).toEqual([7, 10, 14, 20, 21]);
    expect(lines.map(({ epoch }) => epoch)).toEqual([0, 1, 1, 2, 2]);
    expect(seen).toEqual([7, 10, 14, 20, 21]);
    for (const line of lines) {
      expect(line.generator).toBeCloseTo(line.adversarial + 50 * line.contextual + line.encoder, 6);
    }
  });

  it('gives the same numbers when it is interrupted and resumed, even inside an epoch', async () => {
    const whole = await train();
    const wholeLines = await metrics();
    await rm(directory, { recursive: true });
    directory = await mkdtemp(path.join(tmpdir(), 'phiscan-training-'));

    const stop = new AbortController();
    const stoppingSource: BatchSource = {
      ...SOURCE,
      async *batches(request) {
        let index = request.skipBatches;
        for await (const batch of SOURCE.batches(request)) {
          if (request.epoch === 1 && index === 1) stop.abort();
          yield batch;
          index += 1;
        }
      },
    };
    const first = await train({ source: stoppingSource, signal: stop.signal });
    expect(first).toMatchObject({ end: 'interrupted', steps: 8 });
    const second = await train({ resume: true });
    expect(second).toMatchObject({ end: 'finished', steps: 21 });
    expect(second.weights).toEqual(whole.weights);
    const losses = (lines: MetricsLine[]) =>
      lines.map((line) => ({ ...line, patchesPerSecond: 0, trainingSeconds: 0 }));
    expect(losses(await metrics())).toEqual(losses(wholeLines));
  });

  it('resumes from its last checkpoint after it was killed', async () => {
    const whole = await train();
    await rm(directory, { recursive: true });
    directory = await mkdtemp(path.join(tmpdir(), 'phiscan-training-'));
    const dying: BatchSource = {
      ...SOURCE,
      async *batches(request) {
        let index = request.skipBatches;
        for await (const batch of SOURCE.batches(request)) {
          if (request.epoch === 1 && index === 5) throw new Error('power cut');
          yield batch;
          index += 1;
        }
      },
    };
    await expect(train({ source: dying })).rejects.toThrow('power cut');
    const { position } = await readCheckpoint(
      path.join(directory, CHECKPOINT_FILE),
      positionSchema,
    );
    expect(position).toMatchObject({ step: 7, epoch: 1, batchesOfEpoch: 0 });
    const second = await train({ resume: true });
    expect(second.weights).toEqual(whole.weights);
    expect((await metrics()).map(({ step }) => step)).toEqual([7, 10, 14, 20, 21]);
  });

  it('ends at a number of steps, with the weights it had there', async () => {
    const limited = await train({ settings: { ...SETTINGS, maxSteps: 9 } });
    expect(limited).toMatchObject({ end: 'step-limit', steps: 9, epochs: 1 + 2 / 7 });
    const longer = await train({ resume: true });
    expect(longer).toMatchObject({ end: 'finished', steps: 21 });
  });

  it('ends when its time is up', async () => {
    expect(await train({ maxMinutes: 1e-9 })).toMatchObject({ end: 'time-limit', steps: 1 });
  });

  it('refuses a checkpoint of other settings, other scans or other blocks of them', async () => {
    await train({ settings: { ...SETTINGS, maxSteps: 2 } });
    const otherSeed = { ...SETTINGS, seed: 2 };
    await expect(train({ resume: true, settings: otherSeed })).rejects.toMatchObject({
      code: 'arguments-invalid',
    });
    const otherSource = { ...SOURCE, fingerprint: 'other scans' };
    await expect(train({ resume: true, source: otherSource })).rejects.toMatchObject({
      code: 'arguments-invalid',
    });
    const otherBlocks = { ...SOURCE, blockScans: [2, 2] };
    await expect(train({ resume: true, source: otherBlocks })).rejects.toMatchObject({
      code: 'arguments-invalid',
    });
  });

  it('keeps the weights of the lowest held-out loss and ends when it no longer falls', async () => {
    const lines = async () =>
      (await readMetrics(path.join(directory, METRICS_FILE))).flatMap(({ step, heldOut }) =>
        heldOut === undefined ? [] : [{ step, contextual: heldOut.contextual }],
      );
    const settings = { ...SETTINGS, learningRate: 2e-3, epochs: 6 };
    const all = await train({ settings, heldOut: HELD_OUT, patience: 0 });
    expect(all).toMatchObject({ end: 'finished', steps: 42, keptStep: 42 });
    const measured = await lines();
    expect(measured.map(({ step }) => step)).toEqual([7, 14, 21, 28, 35, 42]);
    // With a patience of one the run ends at the first epoch that is no better than the best.
    const rise = measured.findIndex(
      ({ contextual }, at) => at > 0 && contextual >= (measured[at - 1]?.contextual ?? 0),
    );
    expect(rise, 'grey is given back worse and worse').toBeGreaterThan(0);
    await rm(directory, { recursive: true });
    directory = await mkdtemp(path.join(tmpdir(), 'phiscan-training-'));
    const best = await train({ settings: { ...settings, maxSteps: 7 * rise }, ...CHOSEN });
    const early = await train({ settings, ...CHOSEN, resume: true });
    expect(early).toMatchObject({ end: 'early-stop', steps: 7 * (rise + 1), keptStep: 7 * rise });
    expect(early.weights).toEqual(best.weights);
    expect(early.heldOut?.contextual).toBe(measured[rise - 1]?.contextual);
    // Resumed once more it ends where it ended, with the same weights.
    const again = await train({ settings, ...CHOSEN, resume: true });
    expect(again).toMatchObject({ end: 'early-stop', keptStep: 7 * rise });
    expect(again.weights).toEqual(best.weights);
  });

  it('returns to good weights at half the rate when it diverges, and says so', async () => {
    const whole = await train();
    await rm(directory, { recursive: true });
    directory = await mkdtemp(path.join(tmpdir(), 'phiscan-training-'));
    let isFirst = true;
    const once: BatchSource = {
      ...SOURCE,
      async *batches(request) {
        for await (const batch of SOURCE.batches(request)) {
          if (request.epoch === 1 && isFirst) {
            isFirst = false;
            batch.fill(NaN);
          }
          yield batch;
        }
      },
    };
    const trained = await train({ source: once });
    expect(trained).toMatchObject({ end: 'finished', steps: 21, recoveries: 1 });
    for (const { values } of trained.weights.values()) {
      expect(values.every(Number.isFinite)).toBe(true);
    }
    // At half the rate since then, so the weights are others.
    expect(trained.weights).not.toEqual(whole.weights);
    const logged = await readMetrics(path.join(directory, METRICS_FILE));
    expect(
      logged.flatMap(({ step, recovery }) => (recovery ? [{ step, ...recovery }] : [])),
    ).toEqual([{ step: 7, fromStep: 8, found: expect.stringContaining('step 8') as string }]);
    expect(logged.filter(({ recovery }) => !recovery).map(({ step }) => step)).toEqual([
      7, 10, 14, 20, 21,
    ]);
    const { position } = await readCheckpoint(
      path.join(directory, CHECKPOINT_FILE),
      positionSchema,
    );
    expect(position).toMatchObject({ recoveries: 1, rateScale: 0.5 });
  });

  it('stops when it diverges again and again, and keeps the last good checkpoint', async () => {
    const bad: BatchSource = {
      ...SOURCE,
      async *batches(request) {
        for await (const batch of SOURCE.batches(request)) {
          if (request.epoch === 1) batch.fill(NaN);
          yield batch;
        }
      },
    };
    await expect(train({ source: bad })).rejects.toMatchObject({ code: 'training-diverged' });
    const { position, weights } = await readCheckpoint(
      path.join(directory, CHECKPOINT_FILE),
      positionSchema,
    );
    expect(position.step).toBe(7);
    for (const { values } of weights.values()) expect(values.every(Number.isFinite)).toBe(true);
  });

  it('refuses scans that fill no batch', async () => {
    const empty = { ...SOURCE, batchesPerEpoch: () => 0 };
    await expect(train({ source: empty })).rejects.toMatchObject({ code: 'training-impossible' });
  });
});
