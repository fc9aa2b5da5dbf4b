import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ComparatorTraining } from '../../src-lab/ganomaly/comparator-training';
import { DenoiserTraining } from '../../src-lab/ganomaly/denoiser-training';
import type {
  DenoisedNetworks,
  DenoisingRun,
  TrainedMember,
} from '../../src-lab/ganomaly/denoising-run';
import { runDenoising } from '../../src-lab/ganomaly/denoising-run';
import type { DenoisingSettings } from '../../src-lab/ganomaly/denoising-settings';
import { DEFAULT_DENOISING_SETTINGS } from '../../src-lab/ganomaly/denoising-settings';
import { requireTensorflow } from '../../src-lab/ganomaly/tensorflow-runtime';
import type { Trainee } from '../../src-lab/ganomaly/trainee';
import { METRICS_FILE } from '../../src-lab/ganomaly/training-metrics';
import { PutInPictures } from '../../src-lab/put-in/put-in-pictures';
import type { Preprocessing, TilingScale } from '../../src-shared/domain/model-bundle';
import { scoringNetworks } from '../../src-shared/ganomaly/scoring-networks';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import { weightShapes } from '../../src-shared/ganomaly/weights';
import { drawnScan } from '../fixtures/drawn-scan';
import { tensorflowPresent } from '../fixtures/tensorflow-present';

const SETTINGS: DenoisingSettings = {
  ...DEFAULT_DENOISING_SETTINGS,
  architecture: {
    name: 'ganomaly',
    isize: 32,
    nc: 2,
    nz: 3,
    ngf: 2,
    extraLayers: 0,
    comparator: { width: 2, depth: 3, extraBlocks: 0, members: 2, seesReconstruction: true },
  },
  batchSize: 2,
  generatorCrops: 24,
  comparatorCrops: 24,
  solidSizePx: [8, 20],
  mapScore: { meanRadius: 1, turns: 1 },
};
interface Line {
  readonly step: number;
  readonly stage: string;
  readonly recovery?: object;
  readonly cropsPerSecond?: number;
}

/** Of each of the three stages: the generator and two comparators. */
const STEPS = 12;
const SCALE: TilingScale = {
  scale: { unit: 'factor', factor: 1 },
  tileSizePx: 32,
  stridePx: 32,
};
const PREPROCESSING: Preprocessing = {
  canonicalPicture: 'phiscan-material-1',
  range: 'minus-one-to-one',
  input: 'attenuation',
  greyTransform: 'grey-as-rgb',
  materialBelowOpenBeam: 0.95,
  minMaterialShare: 0.02,
};

describe.skipIf(!tensorflowPresent())('a training with solids put in', () => {
  let directory = '';
  let whole: DenoisedNetworks;
  const members: TrainedMember[] = [];
  const stages: string[] = [];
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'phiscan-denoising-'));
    whole = await train({
      onMember: (member) => {
        members.push(member);
        return Promise.resolve();
      },
      onProgress: ({ stage, step, steps }) => stages.push(`${stage}, ${step} of ${steps}`),
    });
    await rm(directory, { recursive: true });
  });
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'phiscan-denoising-'));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(directory, { recursive: true });
  });

  const train = async (options: Partial<DenoisingRun> = {}) =>
    runDenoising(requireTensorflow(), {
      settings: SETTINGS,
      scales: [SCALE],
      training: await pictures(['bag 0', 'bag 1']),
      heldOut: await pictures(['bag 2']),
      directory,
      resume: false,
      checkpointMinutes: 60,
      ...options,
    });

  it('trains the generator, then one comparator after the other, and measures each', () => {
    expect(whole).toMatchObject({ end: 'finished', steps: 3 * STEPS, recoveries: 0 });
    expect(stages).toEqual([
      'generator, 12 of 36',
      'comparator 1 of 2, 24 of 36',
      'comparator 2 of 2, 36 of 36',
    ]);
    const names = scoringNetworks(SETTINGS.architecture).flatMap((of) => [...weightShapes(of)]);
    expect([...whole.weights.keys()].sort()).toEqual(names.map(([name]) => name).sort());
    // The first member alone is a whole model, and the second does not change it.
    expect(members.map((member) => [member.members, member.steps])).toEqual([
      [1, 2 * STEPS],
      [2, 3 * STEPS],
    ]);
    const [first] = members;
    expect([...(first?.weights.keys() ?? [])].some((name) => name.includes('/1/'))).toBe(false);
    for (const [name, array] of first?.weights ?? []) {
      expect(whole.weights.get(name)).toEqual(array);
    }
    expect(whole.members).toHaveLength(2);
    for (const { foundAtFar, bagAuroc, benignHighest } of whole.members) {
      expect(benignHighest).toHaveLength(1);
      expect(bagAuroc).toBeGreaterThanOrEqual(0);
      expect(foundAtFar['0.20']).toBeGreaterThanOrEqual(foundAtFar['0.05']);
    }
  });

  it('gives other weights for another seed', async () => {
    const { comparator } = SETTINGS.architecture;
    if (comparator === undefined) throw new Error('no comparator');
    const architecture = { ...SETTINGS.architecture, comparator: { ...comparator, members: 1 } };
    const other = await train({ settings: { ...SETTINGS, architecture, seed: 2 } });
    const same = [...other.weights].filter(
      ([name, { values }]) => Buffer.compare(bytesOf(values), bytesOf(of(whole, name))) === 0,
    );
    expect(same.map(([name]) => name).filter((name) => name.endsWith('/kernel'))).toEqual([]);
  });

  it('gives the same weights however often it is interrupted, in whatever stage', async () => {
    // Before the first step; in the generator's stage, before and after its first average; between
    // two stages; in both comparators' stages. Steps that were done are not done again.
    let done = 0;
    for (const stopAt of [0, 5, 9, 12, 15, 33]) {
      const stop = new AbortController();
      if (stopAt === 0) stop.abort();
      afterStep(stopAt - done, () => {
        stop.abort();
      });
      const part = await train({ signal: stop.signal, resume: stopAt > 0 });
      expect(part.end).toBe('interrupted');
      vi.restoreAllMocks();
      done = stopAt;
    }
    const last = await train({ resume: true });
    expect(last).toMatchObject({ end: 'finished', steps: 3 * STEPS });
    expectSame(last.weights, whole.weights);
    expect(last.members).toEqual(whole.members);
  });

  it('goes on from its last checkpoint after it was killed', async () => {
    afterStep(30, () => {
      throw new Error('power cut');
    });
    await expect(train({ checkpointMinutes: 1e-9 })).rejects.toThrow('power cut');
    vi.restoreAllMocks();
    const second = await train({ resume: true });
    expectSame(second.weights, whole.weights);
    expect(second.members).toEqual(whole.members);
  });

  it('loses no step when it is stopped while a comparator is measured', async () => {
    const stop = new AbortController();
    // After the stage's last step, so that the signal comes when it is measured.
    afterStep(2 * STEPS, () => {
      setImmediate(() => {
        stop.abort();
      });
    });
    const first = await train({ signal: stop.signal });
    expect(first).toMatchObject({ end: 'interrupted', steps: 2 * STEPS, members: [] });
    vi.restoreAllMocks();
    const seen: string[] = [];
    const second = await train({ resume: true, onProgress: ({ stage }) => seen.push(stage) });
    expect(seen).toEqual(['comparator 2 of 2']);
    expectSame(second.weights, whole.weights);
    expect(second.members).toEqual(whole.members);
  });

  it('keeps nothing of its networks in TensorFlow’s memory, finished or not', async () => {
    const { memory } = requireTensorflow();
    const before = memory().numTensors;
    // Its comparators see the reconstruction of a generator that is placed for them.
    await train();
    expect(memory().numTensors).toBe(before);
    await rm(directory, { recursive: true });
    directory = await mkdtemp(path.join(tmpdir(), 'phiscan-denoising-'));
    poison(ComparatorTraining, [1, 2, 3, 4, 5, 6]);
    await expect(train()).rejects.toMatchObject({ code: 'training-diverged' });
    expect(memory().numTensors).toBe(before);
  });

  it('refuses a checkpoint of other settings or other scans', async () => {
    const stop = AbortSignal.abort();
    await train({ signal: stop });
    const refused = { code: 'arguments-invalid' };
    const settings = { ...SETTINGS, seed: 2 };
    await expect(train({ resume: true, settings })).rejects.toMatchObject(refused);
    const others = await pictures(['bag 0', 'bag 3']);
    await expect(train({ resume: true, training: others })).rejects.toMatchObject(refused);
    await expect(train({ resume: true, heldOut: others })).rejects.toMatchObject(refused);
    const oneByOne = await pictures(['bag 0', 'bag 1'], 1);
    expect(oneByOne.blockScans).toEqual([1, 1]);
    await expect(train({ resume: true, training: oneByOne })).rejects.toMatchObject(refused);
  });

  it('returns to good weights where it diverges, and says so', async () => {
    // The generator's eighth step is averaged: what it spoilt must not get into the average.
    spoilWeights(8);
    poison(ComparatorTraining, [5]);
    const trained = await train();
    expect(trained).toMatchObject({ end: 'finished', recoveries: 2, steps: 3 * STEPS });
    for (const { values } of trained.weights.values()) {
      expect(values.every(Number.isFinite)).toBe(true);
    }
    const lines = (await readFile(path.join(directory, METRICS_FILE), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const returns = lines.filter(({ recovery }) => recovery !== undefined);
    expect(returns.map(({ stage }) => stage)).toEqual(['generator', 'comparator 1 of 2']);
    const ofSteps = lines.filter((line) => line.cropsPerSecond !== undefined);
    const steps = ofSteps.map(({ step }) => step);
    expect(steps).toEqual([12, 24, 36]);
  });

  it('gives up when it diverges again and again', async () => {
    poison(DenoiserTraining, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    await expect(train()).rejects.toMatchObject({
      code: 'training-diverged',
      message: expect.stringContaining('generator') as string,
    });
  });
});

/** Calls back after so many steps of training, of all stages together. */
function afterStep(count: number, callBack: () => void): void {
  let steps = 0;
  for (const { prototype } of [DenoiserTraining, ComparatorTraining]) {
    const step = stepOf(prototype);
    vi.spyOn(prototype, 'step').mockImplementation(function (this: Trainee, ...given) {
      const losses = step.apply(this, given);
      steps += 1;
      if (steps === count) callBack();
      return losses;
    });
  }
}

/** A real step, to be called on the trainee that it is a step of. */
function stepOf(prototype: Trainee): Trainee['step'] {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- its callers give it its trainee
  return prototype.step;
}

/** Spoils the input of some of the steps of a kind of stage, counted over all its stages. */
function poison(of: typeof ComparatorTraining | typeof DenoiserTraining, at: number[]): void {
  const tf = requireTensorflow();
  const step = stepOf(of.prototype);
  let steps = 0;
  vi.spyOn(of.prototype, 'step').mockImplementation(function (this: Trainee, batch, rate) {
    steps += 1;
    if (!at.includes(steps)) return step.call(this, batch, rate);
    const bad = tf.mul<Tensor4D>(batch.input, NaN);
    try {
      return step.call(this, { ...batch, input: bad }, rate);
    } finally {
      bad.dispose();
    }
  });
}

/** Makes the generator's weights NaN after one of its steps, whose loss is still a number. */
function spoilWeights(at: number): void {
  const step = stepOf(DenoiserTraining.prototype);
  let steps = 0;
  vi.spyOn(DenoiserTraining.prototype, 'step').mockImplementation(function (
    this: DenoiserTraining,
    ...given
  ) {
    const losses = step.apply(this, given);
    steps += 1;
    if (steps === at) {
      const bad = [...this.weights()].map(
        ([name, { shape, values }]) => [name, { shape, values: values.map(() => NaN) }] as const,
      );
      this.restore(new Map(bad), this.moments(), this.stepsDone);
    }
    return losses;
  });
}

function expectSame(found: WeightSet, expected: WeightSet): void {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  const other = [...expected].filter(
    ([name, { values }]) => Buffer.compare(bytesOf(found.get(name)?.values), bytesOf(values)) !== 0,
  );
  expect(other.map(([name]) => name)).toEqual([]);
}

function of({ weights }: DenoisedNetworks, name: string): Float32Array | undefined {
  return weights.get(name)?.values;
}

function bytesOf(values: Float32Array = new Float32Array()): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}

function pictures(names: readonly string[], memoryBytes = 1e8): Promise<PutInPictures> {
  return PutInPictures.open({
    found: names.map((name) => ({ state: 'found', source: { kind: 'file', path: name } })),
    readScan: (source) => Promise.resolve(drawnScan(source.kind === 'file' ? source.path : '')),
    preprocessing: PREPROCESSING,
    scales: [SCALE],
    memoryBytes,
  });
}
