import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { MethodTraining } from '../baselines/anomaly-method';
import { SCORING_BATCH } from '../baselines/score-in-batches';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import type { MethodRun } from './method-run';
import { tileValues, type PictureSet } from './picture-set';
import type { ProtocolSets } from './protocol-sets';

import type { ScoreLog } from './score-log';

/** The list of normal pictures in a score log; the others bear their classes' names. */
export const NORMAL_LIST = 'normal';

export interface TestScoringRequest extends MethodRun {
  readonly training: MethodTraining;
  readonly log: ScoreLog;
  /** Scoring time after which it ends, stopped parts counted. */
  readonly maxSeconds: number;
}

interface Batch {
  readonly list: string;
  readonly set: PictureSet;
  readonly from: number;
  readonly count: number;
}

/**
 * Scores the test's pictures into a log, batch by batch, all lists at an even pace: where time
 * ends first, each has been scored to the same share, and every list has its first batch.
 * @returns whether all pictures are scored
 * @throws PhiscanError `cancelled`, what was scored kept; `score-not-finite`
 */
export async function scoreTest(tf: Tensorflow, request: TestScoringRequest): Promise<boolean> {
  const { sets, training, log, maxSeconds, signal } = request;
  const batches = evenly(sets);
  const total = batches.reduce((sum, { count }) => sum + count, 0);
  let done = 0;
  for (const { list, set, from, count } of batches) {
    done += count;
    if (log.has(list, from)) continue;
    if (signal?.aborted === true) throw stopped();
    if (from > 0 && log.seconds >= maxSeconds) return false;
    const startMs = performance.now();
    const scores = await scoreBatch(tf, training, set, from, count, signal);
    const seconds = (performance.now() - startMs) / 1000;
    await log.append({ list, from, scores: [...scores], seconds });
    request.onProgress?.({ phase: 'picture', done, total });
    await nextTurn();
  }
  return true;
}

async function scoreBatch(
  tf: Tensorflow,
  training: MethodTraining,
  set: PictureSet,
  from: number,
  count: number,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const indices = Uint32Array.from({ length: count }, (_, i) => from + i);
  const tiles: Tensor4D = tf.tensor4d(tileValues(set, indices), [
    count,
    set.sidePx,
    set.sidePx,
    set.channels,
  ]);
  try {
    return await training.score(tiles, signal);
  } finally {
    tiles.dispose();
  }
}

/** Batches of all lists, ordered by the share of their list that lies before them. */
function evenly({ testNormal, testAbnormal }: ProtocolSets): Batch[] {
  const lists: [string, PictureSet][] = [[NORMAL_LIST, testNormal], ...testAbnormal];
  return lists
    .flatMap(([list, set]) =>
      Array.from({ length: Math.ceil(set.count / SCORING_BATCH) }, (_, batch): Batch => {
        const from = batch * SCORING_BATCH;
        return { list, set, from, count: Math.min(SCORING_BATCH, set.count - from) };
      }),
    )
    .sort((a, b) => a.from / a.set.count - b.from / b.set.count);
}

function stopped(): PhiscanError {
  return new PhiscanError('cancelled', 'The experiment was stopped; it can be continued.');
}
