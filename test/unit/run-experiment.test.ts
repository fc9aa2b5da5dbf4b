import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findMethod } from '../../src-lab/baselines/find-method';
import { DEFAULT_SIZES, type ExperimentPlan } from '../../src-lab/experiments/experiment-settings';
import { runExperiment, type ExperimentRequest } from '../../src-lab/experiments/run-experiment';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import { tensorflowPresent } from '../fixtures/tensorflow-present';
import { writeSmallMnist } from '../fixtures/write-public-sets';

/** Of 720 normal digits 576 are trained on: 6 batches of 96, twice. */
const PLAN: ExperimentPlan = {
  experiment: 'mnist',
  methods: ['vae', 'ganomaly'],
  classes: ['9'],
  seeds: [0],
  sweepOn: 'mnist',
  nzValues: [],
  sizes: {
    ...DEFAULT_SIZES,
    epochs: 2,
    batchSize: 96,
    method: { ...DEFAULT_SIZES.method, ngf: 4, nz: 8 },
  },
};
const STEPS = 12;

let folder: string;
let datasets: string;
let made = 0;
let whole: ReturnType<typeof runExperiment> | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phiscan-experiment-'));
  datasets = join(folder, 'datasets');
  await mkdir(datasets);
  await writeSmallMnist(datasets, 80);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function request(changes: Partial<ExperimentRequest> = {}): ExperimentRequest {
  made += 1;
  return {
    plan: PLAN,
    methodOf: findMethod,
    directory: join(folder, `out-${made}`),
    datasets,
    minutesPerRun: 5,
    checkpointMinutes: 5,
    bundle: null,
    measureTimes: false,
    command: 'phiscan experiment mnist',
    ...changes,
  };
}

const run = (asked: ExperimentRequest): ReturnType<typeof runExperiment> =>
  runExperiment(requireTensorflow(), asked);

/** What a run gives that nobody stops. */
const undisturbed = (): ReturnType<typeof runExperiment> => (whole ??= run(request()));

/** Runs until the n-th piece of progress of a phase, stops there, and gives the folder back. */
async function stopAt(phase: string, done: number, runsOver: number): Promise<string> {
  const stop = new AbortController();
  let over = 0;
  const asked = request({
    signal: stop.signal,
    onRunOver: () => {
      over += 1;
    },
    onProgress: (progress) => {
      if (over === runsOver && progress.phase === phase && progress.done >= done) stop.abort();
    },
  });
  const { stopped, table } = await run(asked);
  expect(stopped).toBe(true);
  expect(table.rows.reduce((sum, { runs }) => sum + runs.finished, 0)).toBe(runsOver);
  return asked.directory;
}

describe.runIf(tensorflowPresent())('an experiment', () => {
  test('tells noise from bars, and leaves a file for each run and the tables', async () => {
    const asked = request();
    const { table, stopped } = await run(asked);
    expect(stopped).toBe(false);
    const [vae] = table.rows;
    expect(vae?.overall?.mean).toBeGreaterThan(0.95);
    expect(vae).toMatchObject({
      trained: { pictures: [576, 576], steps: [STEPS, STEPS] },
      scored: { normal: [144, 144], abnormal: [80, 80] },
    });
    expect((await readdir(asked.directory)).sort()).toEqual([
      'mnist-ganomaly-9-seed0.json',
      'mnist-vae-9-seed0.json',
      'table-mnist.json',
      'table-mnist.md',
    ]);
    const markdown = await readFile(join(asked.directory, 'table-mnist.md'), 'utf8');
    expect(markdown).toContain('Not comparable with the paper: 800 pictures, not 70,000.');
  });

  test.each([
    ['in training', 'training step', 7, 0],
    ['in scoring', 'picture', 50, 0],
    ['in the second run', 'training step', 3, 1],
  ])('stopped %s and called again gives the same table', async (_, phase, done, runsOver) => {
    const directory = await stopAt(phase, done, runsOver);
    const began: string[] = [];
    const firstSteps: number[] = [];
    const again = await run(
      request({
        directory,
        onRun: ({ key }) => began.push(key),
        onProgress: ({ phase: now, done: step }) => {
          if (now === 'training step') firstSteps.push(step);
        },
      }),
    );
    expect(again.stopped).toBe(false);
    expect(again.table).toEqual((await undisturbed()).table);
    // What was done is not done again.
    expect(began).toHaveLength(2 - runsOver);
    expect(firstSteps[0]).toBe(phase === 'training step' ? done + 1 : 1);
    if (phase === 'picture') expect(firstSteps).toHaveLength(STEPS);
  });

  test('goes on after a kill that cut the last line of scores short', async () => {
    const directory = await stopAt('picture', 50, 0);
    const log = join(directory, 'mnist-vae-9-seed0.progress', 'scores.jsonl');
    await writeFile(log, `${await readFile(log, 'utf8')}{"list":"9","fro`);
    expect((await run(request({ directory }))).table).toEqual((await undisturbed()).table);
  });

  test('does not do finished runs again, and refuses them with other settings', async () => {
    const asked = request();
    await run(asked);
    const began: string[] = [];
    await run({ ...asked, onRun: ({ key }) => began.push(key) });
    expect(began).toEqual([]);
    const other = { ...PLAN, sizes: { ...PLAN.sizes, epochs: 3 } };
    await expect(run({ ...asked, plan: other })).rejects.toMatchObject({
      code: 'arguments-invalid',
    });
  });

  test('cut short by time scores an even share of all pictures, and says so', async () => {
    const { table } = await run(request({ minutesPerRun: 1e-9 }));
    const [row] = table.rows;
    // The limit is met by the first step; every list has its first batch scored all the same.
    expect(row).toMatchObject({ cutShort: 1, trained: { steps: [1, 1] } });
    expect(row?.scored).toEqual({ normal: [64, 64], abnormal: [64, 64] });
  });

  test('measures the scoring time of every method in one run', async () => {
    const { table } = await run(request({ measureTimes: true }));
    expect(table.times?.rows.map(({ method, calls }) => [method, calls])).toEqual([
      ['vae', 5],
      ['ganomaly', 5],
    ]);
    for (const row of table.times?.rows ?? []) {
      expect(row.millisecondsPerPatch).toBeGreaterThan(0);
      expect(row.processorMillisecondsPerPatch).toBeGreaterThan(0);
    }
    expect(table.times?.rows[1]?.paperMilliseconds).toBe('2.2–2.8');
  });

  test('says where the data sets should be', async () => {
    await expect(run(request({ datasets: null }))).rejects.toMatchObject({
      code: 'arguments-invalid',
    });
    await expect(run(request({ datasets: folder }))).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });
});
