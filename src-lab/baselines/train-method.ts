import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { TilingScale } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { findScanSources } from '../../src-main/scan-io/find-scan-sources';
import type { FoundScan } from '../../src-main/scan-io/group-scan-sources';
import { sortKey } from '../../src-main/scan-io/group-scan-sources';
import { readScan } from '../../src-main/scan-io/read-scan';
import type { SkippedScan } from '../datasets/scan-patches';
import { ScanPatches } from '../datasets/scan-patches';
import { readSimulationFacts } from '../datasets/simulation-facts';
import { requireTensorflow } from '../ganomaly/tensorflow-runtime';
import { findMethod } from './find-method';
import { METHOD_PREPROCESSING, writeMethodModel } from './method-model-folder';
import type { MethodTrainingOptions } from './method-training-run';
import { METHOD_CHECKPOINT_FILE, MethodTrainingRun } from './method-training-run';

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
  const found: FoundScan[] = [];
  for await (const scan of findScanSources(request.benignDirectory)) found.push(scan);
  await refuseThreats(found);
  const scale: TilingScale = {
    scale: { unit: 'factor', factor: request.scaleFactor },
    tileSizePx: request.settings.isize,
    stridePx: request.stridePx,
  };
  const patches = await ScanPatches.open({
    found,
    readScan,
    preprocessing: METHOD_PREPROCESSING,
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

/** @throws PhiscanError `training-impossible` when a simulation put threats into the scans. */
async function refuseThreats(found: readonly FoundScan[]): Promise<void> {
  const files = found.map((scan) => (scan.state === 'found' ? sortKey(scan.source) : scan.path));
  for (const directory of new Set(files.map((file) => path.dirname(file)))) {
    const simulation = await readSimulationFacts(directory);
    if (simulation?.hasThreats !== true) continue;
    throw new PhiscanError(
      'training-impossible',
      `${directory} holds simulated threats (${simulation.summary}), and training sees benign ` +
        'bags alone. Name a folder that was simulated with "--threat none".',
    );
  }
}

/** The canonical picture has three channels. */
function refuseOtherChannels(nc: number): void {
  if (nc === 3) return;
  throw new PhiscanError('arguments-invalid', `Scans give patches of 3 channels, not of ${nc}.`);
}

async function prepareOutput(directory: string, resume: boolean): Promise<void> {
  await mkdir(directory, { recursive: true });
  if (resume || !existsSync(path.join(directory, METHOD_CHECKPOINT_FILE))) return;
  throw new PhiscanError(
    'arguments-invalid',
    `${directory} holds the checkpoint of another training run. Continue it with --resume, or ` +
      'train into another folder.',
  );
}
