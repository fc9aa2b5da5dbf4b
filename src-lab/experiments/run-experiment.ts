import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { AnomalyMethod, MethodName } from '../baselines/anomaly-method';
import type { Tensorflow } from '../ganomaly/tensorflow-runtime';
import { SIMULATOR_VERSION } from '../simulator/simulator-version';
import type { ExperimentPlan } from './experiment-settings';
import { experimentTable, type ExperimentTable } from './experiment-table';
import {
  inferenceTimesSchema,
  measureInferenceTimes,
  type InferenceTimes,
} from './inference-times';
import {
  bundleRecordSchema,
  measureBundle,
  type BundleRecord,
  type BundleUnderTest,
} from './measure-bundle';
import type { RunProgress } from './method-run';
import { planRuns, type RunSpec } from './plan-runs';
import { ProtocolSource } from './protocol-source';
import { renderExperimentTable } from './render-experiment-table';
import { forgetProgress, runMethod } from './run-method';
import { readIfPresent, readRunRecord, writeWhole, type RunRecord } from './run-record';

export interface ExperimentRequest {
  readonly plan: ExperimentPlan;
  readonly methodOf: (name: MethodName) => AnomalyMethod;
  /** Takes a file for every run, what a stopped run continues from, and the tables. */
  readonly directory: string;
  /** Folder of the public sets; null where none was named. */
  readonly datasets: string | null;
  readonly minutesPerRun: number;
  readonly checkpointMinutes: number;
  /** A bundle to measure beside the methods (UBA, FFOB); none when null. */
  readonly bundle: BundleUnderTest | null;
  /** Whether to measure the scoring times of the methods beside each other. */
  readonly measureTimes: boolean;
  /** For the table: the command without its folders. */
  readonly command: string;
  readonly onBags?: (done: number, total: number) => void;
  readonly onRun?: (run: RunSpec, index: number, total: number) => void;
  readonly onProgress?: (progress: RunProgress) => void;
  readonly onRunOver?: (record: RunRecord) => void;
  readonly signal?: AbortSignal;
}

export interface ExperimentOutcome {
  readonly table: ExperimentTable;
  /** The person stopped before the last run: the table holds those that are over. */
  readonly stopped: boolean;
}

/**
 * Runs an experiment: every run that has no file in the folder yet, one after another, then the
 * table of all of them, as table-<experiment>.json and .md. An abort ends it after the step in
 * flight; the same call goes on from there.
 * @throws PhiscanError `arguments-invalid`, `file-not-found` and the readers' errors,
 * `training-impossible`
 */
export async function runExperiment(
  tf: Tensorflow,
  request: ExperimentRequest,
): Promise<ExperimentOutcome> {
  const { plan, directory } = request;
  const runs = planRuns(plan);
  await mkdir(directory, { recursive: true });
  const records = new Map<string, RunRecord>();
  for (const run of runs) {
    const record = await readRunRecord(recordFile(directory, run), run);
    if (record !== null) records.set(run.key, record);
  }
  const stopped = await untilStopped(async () => {
    await makeMissing(tf, request, runs, records);
    if (request.measureTimes) await timesOf(tf, request, runs);
    await measureBundleBeside(request, runs);
  });
  const beside = {
    times: await readTimes(request),
    bundle: await readBundleRecord(request, runs),
  };
  const table = experimentTable(plan, runs, records, beside, request.command);
  const tableFile = path.join(directory, `table-${plan.experiment}`);
  await writeWhole(`${tableFile}.json`, `${JSON.stringify(table, null, 1)}\n`);
  await writeWhole(`${tableFile}.md`, renderExperimentTable(table));
  return { table, stopped };
}

/** Makes the runs that have no record yet and adds theirs. */
async function makeMissing(
  tf: Tensorflow,
  request: ExperimentRequest,
  runs: readonly RunSpec[],
  records: Map<string, RunRecord>,
): Promise<void> {
  const { methodOf, directory, datasets, minutesPerRun, checkpointMinutes } = request;
  const { onBags, onRun, onProgress, onRunOver, signal } = request;
  const source = new ProtocolSource(datasets, {
    ...(onBags && { onProgress: onBags }),
    ...(signal && { signal }),
  });
  for (const [index, run] of runs.entries()) {
    if (records.has(run.key)) continue;
    onRun?.(run, index, runs.length);
    const progressDirectory = path.join(directory, `${run.key}.progress`);
    const record = await runMethod(tf, {
      run,
      method: methodOf(run.method),
      sets: await source.setsOf(run),
      directory: progressDirectory,
      minutes: minutesPerRun,
      checkpointMinutes,
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
    });
    await writeWhole(recordFile(directory, run), `${JSON.stringify(record, null, 1)}\n`);
    await forgetProgress(progressDirectory);
    records.set(run.key, record);
    onRunOver?.(record);
  }
}

/** Whether the work ended because somebody stopped it. */
async function untilStopped(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (error instanceof PhiscanError && error.code === 'cancelled') return true;
    throw error;
  }
}

/** Measures the methods' times where the folder has none yet. */
async function timesOf(
  tf: Tensorflow,
  request: ExperimentRequest,
  runs: readonly RunSpec[],
): Promise<void> {
  const [first] = runs;
  if (first === undefined || (await readTimes(request)) !== null) return;
  const methods = request.plan.methods.map(request.methodOf);
  const times = await measureInferenceTimes(tf, methods, first.settings.method, request.signal);
  await writeWhole(timesFile(request), `${JSON.stringify(times, null, 1)}\n`);
}

async function readTimes(request: ExperimentRequest): Promise<InferenceTimes | null> {
  const text = await readIfPresent(timesFile(request));
  return text === null ? null : inferenceTimesSchema.parse(JSON.parse(text));
}

/** Measures the bundle where the folder has no figures of it yet. */
async function measureBundleBeside(
  request: ExperimentRequest,
  runs: readonly RunSpec[],
): Promise<void> {
  const { bundle, onBags, signal, plan } = request;
  const [first] = runs;
  if (bundle === null || first === undefined) return;
  const { protocol, classes } = first;
  if (protocol !== 'uba' && protocol !== 'ffob') {
    throw new PhiscanError(
      'arguments-invalid',
      `A model bundle screens scans, and ${protocol} has none. Give --model with uba or ffob.`,
    );
  }
  if ((await readBundleRecord(request, runs)) !== null) return;
  const record = await measureBundle(bundle, {
    protocol,
    classes,
    testBags: plan.sizes.testBags,
    watch: { ...(onBags && { onProgress: onBags }), ...(signal && { signal }) },
  });
  await writeWhole(bundleFile(request, bundle), `${JSON.stringify(record, null, 1)}\n`);
}

/** @throws PhiscanError `arguments-invalid` when the file is of other classes or bags */
async function readBundleRecord(
  request: ExperimentRequest,
  [first]: readonly RunSpec[],
): Promise<BundleRecord | null> {
  if (request.bundle === null) return null;
  const file = bundleFile(request, request.bundle);
  const text = await readIfPresent(file);
  if (text === null) return null;
  const record = bundleRecordSchema.parse(JSON.parse(text));
  const isOfThis =
    record.testBags === request.plan.sizes.testBags &&
    record.simulator === SIMULATOR_VERSION &&
    record.classes.join() === first?.classes.join();
  if (isOfThis) return record;
  throw new PhiscanError(
    'arguments-invalid',
    `${file} was measured on other classes, bags or another simulator. Give the same again, or ` +
      'another folder with --out.',
  );
}

function bundleFile({ directory, plan }: ExperimentRequest, { manifest }: BundleUnderTest): string {
  return path.join(directory, `bundle-${plan.experiment}-${manifest.id}.json`);
}

function recordFile(directory: string, { key }: RunSpec): string {
  return path.join(directory, `${key}.json`);
}

function timesFile({ directory, plan }: ExperimentRequest): string {
  return path.join(directory, `times-${plan.experiment}.json`);
}
