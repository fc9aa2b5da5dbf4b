import type { TilingScale } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { readScan } from '../../src-main/scan-io/read-scan';
import { PATCH_PREPROCESSING } from '../datasets/patch-preprocessing';
import type { SkippedScan } from '../datasets/scan-patches';
import { ScanPatches } from '../datasets/scan-patches';
import { requireTensorflow } from '../ganomaly/tensorflow-runtime';
import { benignSimulations, prepareOutput, scansIn } from '../ganomaly/training-scans';
import { findMethod } from './find-method';
import { writeMethodModel } from './method-model-folder';
import type { MethodTrainingOptions } from './method-training-run';
import { MethodTrainingRun } from './method-training-run';

export interface TrainMethodRequest extends MethodTrainingOptions {
  /** Folder of benign scans, searched with its subfolders. */
  readonly benignDirectory: string;
  readonly memoryBytes: number;
  readonly onScansRead?: (scansRead: number, scansTotal: number) => void;
  readonly onPatches?: (patches: {
    readonly scanCount: number;
    readonly patchCount: number;
    readonly skipped: readonly SkippedScan[];
  }) => void;
}

export interface TrainedMethod {
  readonly steps: number;
  readonly trainingSeconds: number;
  /** The model's folder; null when the run was interrupted, and the checkpoint stays. */
  readonly modelDirectory: string | null;
}

/**
 * Trains one of the paper's systems on a folder of benign scans, cut into the same patches as the
 * product's own training, and writes a laboratory model. A resumed run gives the same numbers as
 * one that was never interrupted.
 * @throws PhiscanError `training-impossible` without TensorFlow or without benign patches,
 * `training-diverged`, `arguments-invalid`, `cancelled`.
 */
export async function trainMethod(request: TrainMethodRequest): Promise<TrainedMethod> {
  const method = findMethod(request.method);
  refuseOtherChannels(request.settings.nc);
  const tf = requireTensorflow();
  await prepareOutput(request.outDirectory, request.resume);
  const found = await scansIn(request.benignDirectory);
  await benignSimulations(found);
  const scale: TilingScale = {
    scale: { unit: 'factor', factor: request.scaleFactor },
    tileSizePx: request.settings.isize,
    stridePx: request.stridePx,
  };
  const patches = await ScanPatches.open({
    found,
    readScan,
    preprocessing: PATCH_PREPROCESSING,
    scale,
    seed: request.settings.seed,
    memoryBytes: request.memoryBytes,
    ...(request.onScansRead && { onProgress: request.onScansRead }),
    ...(request.signal && { signal: request.signal }),
  });
  request.onPatches?.(patches);
  const training = method.create(tf, request.settings);
  try {
    const run = new MethodTrainingRun(tf, request, patches, training);
    const interrupted = await run.train();
    const { steps, trainingSeconds } = run;
    if (interrupted) return { steps, trainingSeconds, modelDirectory: null };
    const { fingerprint, scanCount, patchCount } = patches;
    const modelDirectory = await writeMethodModel(
      request.outDirectory,
      {
        method: method.name,
        settings: request.settings,
        scales: [scale],
        training: {
          trainingSet: `${scanCount} benign scans, ${patchCount} patches, sha256 ${fingerprint}`,
          steps,
          batchSize: request.batchSize,
        },
      },
      training.weights(),
    );
    return { steps, trainingSeconds, modelDirectory };
  } finally {
    training.dispose();
  }
}

/** The canonical picture has three channels. */
function refuseOtherChannels(nc: number): void {
  if (nc === 3) return;
  throw new PhiscanError('arguments-invalid', `Scans give patches of 3 channels, not of ${nc}.`);
}
