import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { MethodTraining } from '../baselines/anomaly-method';
import { auroc } from '../evaluation/ranking-metrics';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import type { MethodRun } from './method-run';
import type { RunSpec } from './plan-runs';
import type { ProtocolSets } from './protocol-sets';
import type { RunRecord } from './run-record';
import { ScoreLog } from './score-log';
import { NORMAL_LIST, scoreTest } from './score-test';
import { trainMethod } from './train-method';

/** Share of a run's minutes after which training ends, so that scoring has the rest. */
const TRAINING_SHARE = 0.6;

/**
 * Trains a method on a protocol's normal pictures, scores the test's and takes the AUROC of each
 * class. Nothing is chosen by the test: the weights scored are those at the end of training. A run
 * that was stopped goes on from its checkpoint and its scores, and gives the same figures.
 * @throws PhiscanError `cancelled` after an abort, everything that was done kept
 */
export async function runMethod(tf: Tensorflow, request: MethodRun): Promise<RunRecord> {
  const { run, method, sets, directory, minutes } = request;
  await mkdir(directory, { recursive: true });
  const training = method.create(tf, run.settings.method);
  try {
    const { steps, stepsPlanned, seconds } = await trainMethod(tf, {
      ...request,
      training,
      maxSeconds: minutes * 60 * TRAINING_SHARE,
    });
    const log = await ScoreLog.open(path.join(directory, 'scores.jsonl'));
    const maxSeconds = Math.max(0, minutes * 60 - seconds);
    const complete = await scoreTest(tf, { ...request, training, log, maxSeconds });
    const figures = new Map(
      run.classes.map((name) => [name, auroc(log.scoresOf(NORMAL_LIST), log.scoresOf(name))]),
    );
    const record: RunRecord = {
      ...recordHead(run, sets),
      state: 'finished',
      message: null,
      training: { pictures: sets.train.count, steps, stepsPlanned, seconds },
      scoring: {
        normal: log.scoresOf(NORMAL_LIST).length,
        abnormal: Object.fromEntries(run.classes.map((name) => [name, log.scoresOf(name).length])),
        complete,
        seconds: log.seconds,
      },
      auroc: Object.fromEntries(figures),
    };
    return record;
  } catch (error) {
    if (isDivergence(error)) return divergedRecord(request, training, error);
    throw error;
  } finally {
    training.dispose();
  }
}

/** Removes what a stopped run would have continued from. */
export function forgetProgress(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true });
}

function isDivergence(error: unknown): error is PhiscanError {
  return (
    error instanceof PhiscanError &&
    (error.code === 'training-diverged' || error.code === 'score-not-finite')
  );
}

function divergedRecord(
  { run, sets }: MethodRun,
  { stepsDone }: MethodTraining,
  { message }: PhiscanError,
): RunRecord {
  return {
    ...recordHead(run, sets),
    state: 'diverged',
    message,
    training: {
      pictures: sets.train.count,
      steps: stepsDone,
      stepsPlanned: stepsDone,
      seconds: 0,
    },
    scoring: { normal: 0, abnormal: {}, complete: false, seconds: 0 },
    auroc: {},
  };
}

function recordHead(
  { key, method, seed, point, settings }: RunSpec,
  { description, sourcePictures }: ProtocolSets,
): Omit<RunRecord, 'state' | 'message' | 'training' | 'scoring' | 'auroc'> {
  // The settings as they come back from the file: plain JSON.
  const plain = JSON.parse(JSON.stringify(settings)) as RunRecord['settings'];
  return {
    formatVersion: 1,
    key,
    method,
    seed,
    point,
    settings: plain,
    description,
    sourcePictures,
  };
}
