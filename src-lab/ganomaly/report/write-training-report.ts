import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import type { SkippedScan } from '../../datasets/scan-patches';
import { METRICS_FILE, readMetrics } from '../training-metrics';
import { readSamples, SAMPLES_FILE } from '../training-samples';
import type { ScanSet, TrainingPage } from './training-page';
import { trainingPage } from './training-page';

/** Name of a training's report in its folder. */
export const TRAINING_REPORT_FILE = 'training-report.html';

/** What a run's folder does not tell. */
export type TrainingReport = Pick<
  TrainingPage,
  'bundleId' | 'end' | 'score' | 'command' | 'settings' | 'training' | 'heldOut'
> & {
  /** Where it is not among the figures of the put-in solids. */
  readonly benignHighest?: readonly number[];
};

/**
 * Writes the report of a run, as far as it got, from what lies in its folder, so that a resumed
 * run's report tells of all its parts.
 */
export async function writeTrainingReport(
  directory: string,
  report: TrainingReport,
): Promise<void> {
  const metrics = await readMetrics(path.join(directory, METRICS_FILE));
  // A resumed run can measure the same comparators again.
  const byCount = new Map(metrics.flatMap(({ putIn }) => (putIn ? [[putIn.members, putIn]] : [])));
  const members = [...byCount.values()];
  const seconds = metrics.flatMap(({ trainingSeconds }) => trainingSeconds ?? []);
  const html = trainingPage({
    benignHighest: members.at(-1)?.benignHighest ?? [],
    ...report,
    members,
    steps: Math.max(0, ...metrics.map(({ step }) => step)),
    trainingSeconds: Math.max(0, ...seconds),
    recoveries: metrics.filter(({ recovery }) => recovery !== undefined).length,
    madeAt: new Date(),
    metrics,
    samples: await readSamples(path.join(directory, SAMPLES_FILE)),
  });
  await writeFile(path.join(directory, TRAINING_REPORT_FILE), html);
}

/** One side's scans, as the report names them. */
export function scanSetOf(set: {
  readonly scanCount: number;
  readonly patchCount?: number;
  readonly fingerprint: string;
  readonly skipped: readonly SkippedScan[];
}): ScanSet {
  return {
    scanCount: set.scanCount,
    ...(set.patchCount !== undefined && { patchCount: set.patchCount }),
    sha256: set.fingerprint,
    leftOut: set.skipped.map(({ path: file, error }) => ({
      path: path.basename(file),
      message: error.message,
    })),
  };
}

/** Writes the report of a run that ran away for good, too: it is then that one is looked for. */
export async function reportedIfDiverged<T>(
  run: Promise<T>,
  report: (end: string) => Promise<void>,
): Promise<T> {
  try {
    return await run;
  } catch (error) {
    if (error instanceof PhiscanError && error.code === 'training-diverged') {
      await report(error.message);
    }
    throw error;
  }
}
