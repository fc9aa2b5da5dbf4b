import { existsSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { MethodTraining } from '../baselines/anomaly-method';
import { shuffle } from '../datasets/shuffle';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import { positionSchema, readCheckpoint, writeCheckpoint } from '../ganomaly/training-checkpoint';
import { RandomStream } from '../simulator/random-stream';
import type { MethodRun } from './method-run';
import { tileValues } from './picture-set';

export interface MethodTrainingRequest extends MethodRun {
  readonly training: MethodTraining;
  /** Training time after which it ends, stopped parts counted. */
  readonly maxSeconds: number;
}

export interface MethodTrainingOutcome {
  readonly steps: number;
  readonly stepsPlanned: number;
  readonly seconds: number;
}

/**
 * Trains over the epochs, every one in an order of its own drawn from the seed, in full batches.
 * A checkpoint is written now and then, at the end and on an abort; where there is one, training
 * goes on from it to the same numbers.
 * @throws PhiscanError `cancelled`, `training-diverged`, `training-impossible` when there are
 * fewer pictures than a batch, `arguments-invalid` when the checkpoint belongs to another run
 */
export async function trainMethod(
  tf: Tensorflow,
  request: MethodTrainingRequest,
): Promise<MethodTrainingOutcome> {
  const { run, sets, training, directory, maxSeconds, signal } = request;
  const { batchSize, epochs } = run.settings;
  const batchesPerEpoch = Math.floor(sets.train.count / batchSize);
  if (batchesPerEpoch === 0) throw tooFew(sets.train.count, batchSize);
  const stepsPlanned = batchesPerEpoch * epochs;
  const file = path.join(directory, 'checkpoint.bin');
  let seconds = await resume(file, request);
  let savedSeconds = seconds;
  let order = new Uint32Array();
  let orderEpoch = -1;
  let markedMs = performance.now();
  const save = async (): Promise<void> => {
    await saveCheckpoint(file, request, seconds);
    savedSeconds = seconds;
  };
  const stepsBefore = training.stepsDone;
  while (training.stepsDone < stepsPlanned && seconds < maxSeconds) {
    if (signal?.aborted === true) {
      await save();
      throw new PhiscanError('cancelled', 'The experiment was stopped; it can be continued.');
    }
    const epoch = Math.floor(training.stepsDone / batchesPerEpoch);
    if (epoch !== orderEpoch) {
      order = Uint32Array.from({ length: sets.train.count }, (_, index) => index);
      shuffle(order, new RandomStream([run.seed, 'epoch', epoch]));
      orderEpoch = epoch;
    }
    const first = (training.stepsDone % batchesPerEpoch) * batchSize;
    stepOn(tf, request, order.subarray(first, first + batchSize));
    const nowMs = performance.now();
    seconds += (nowMs - markedMs) / 1000;
    markedMs = nowMs;
    request.onProgress?.({ phase: 'training step', done: training.stepsDone, total: stepsPlanned });
    if (seconds - savedSeconds >= request.checkpointMinutes * 60) await save();
    // Lets signals and timers through between steps, which block.
    await nextTurn();
  }
  if (training.stepsDone > stepsBefore) await save();
  return { steps: training.stepsDone, stepsPlanned, seconds };
}

/** @throws PhiscanError `training-diverged` */
function stepOn(
  tf: Tensorflow,
  { training, sets, run }: MethodTrainingRequest,
  indices: Uint32Array,
): void {
  const { sidePx, channels } = sets.train;
  const values = tileValues(sets.train, indices);
  const tiles: Tensor4D = tf.tensor4d(values, [indices.length, sidePx, sidePx, channels]);
  try {
    for (const [name, loss] of Object.entries(training.step(tiles))) {
      if (Number.isFinite(loss)) continue;
      throw new PhiscanError(
        'training-diverged',
        `${run.key} ran away at step ${training.stepsDone}: its ${name} loss is ${loss}.`,
      );
    }
  } finally {
    tiles.dispose();
  }
}

/** Continues from a checkpoint where there is one; the seconds trained until it. */
async function resume(
  file: string,
  { training, run, sets }: MethodTrainingRequest,
): Promise<number> {
  if (!existsSync(file)) return 0;
  const { position, weights, moments } = await readCheckpoint(file, positionSchema);
  if (position.settings !== identityOf(run, sets)) {
    throw new PhiscanError(
      'arguments-invalid',
      `${file} belongs to another run: it was made with ${position.settings}. Delete its folder ` +
        'to begin this run anew, or name another with --out.',
    );
  }
  training.restore(weights, moments, position.step);
  return position.trainingSeconds;
}

async function saveCheckpoint(
  file: string,
  { training, run, sets }: MethodTrainingRequest,
  seconds: number,
): Promise<void> {
  const batchesPerEpoch = Math.floor(sets.train.count / run.settings.batchSize);
  await writeCheckpoint(file, {
    position: {
      step: training.stepsDone,
      discriminatorRedraws: 0,
      epoch: Math.floor(training.stepsDone / batchesPerEpoch),
      batchesOfEpoch: training.stepsDone % batchesPerEpoch,
      lossesOfLine: [],
      trainingSeconds: seconds,
      settings: identityOf(run, sets),
    },
    weights: training.weights(),
    moments: training.moments(),
  });
}

/** What a checkpoint belongs to. */
function identityOf(
  { key, settings }: MethodTrainingRequest['run'],
  { train }: MethodTrainingRequest['sets'],
): string {
  return JSON.stringify({ key, settings, pictures: train.count });
}

function tooFew(pictures: number, batchSize: number): PhiscanError {
  return new PhiscanError(
    'training-impossible',
    `There are ${pictures} normal pictures to train on, fewer than one batch of ${batchSize}. ` +
      'Raise --train-pictures or --train-bags, or lower --batch.',
  );
}
