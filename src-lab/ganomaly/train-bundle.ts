import path from 'node:path';
import type { ModelBundle, Preprocessing, TilingScale } from '../../src-shared/domain/model-bundle';
import { scanHashOf } from '../../src-shared/domain/model-bundle';
import { writeBundle } from '../../src-main/engine/bundle/write-bundle';
import { readScan } from '../../src-main/scan-io/read-scan';
import type { SkippedScan } from '../datasets/scan-patches';
import type { LatentScoreDefinition } from '../../src-shared/screening/tile-scores';
import { ScanPatches } from '../datasets/scan-patches';
import type { TrainedNetworks, TrainingProgress } from './run-training';
import { runTraining } from './run-training';
import { benignSimulations, prepareOutput, scansIn } from './training-scans';
import { requireTensorflow } from './tensorflow-runtime';
import type { TrainingSettings } from './training-settings';

export interface TrainBundleRequest {
  /** Folder of benign scans, searched with its subfolders. */
  readonly benignDirectory: string;
  /** Takes checkpoint, metrics and, at the end, the bundle's folder. */
  readonly outDirectory: string;
  readonly settings: TrainingSettings;
  readonly scoreDefinition: LatentScoreDefinition;
  readonly scaleFactor: number;
  readonly stridePx: number;
  readonly resume: boolean;
  readonly maxMinutes: number | null;
  readonly checkpointMinutes: number;
  readonly memoryBytes: number;
  /** For the manifest: what the scans are and under which licence the weights may be used. */
  readonly description: string;
  readonly licence: string;
  readonly onScansRead?: (scansRead: number, scansTotal: number) => void;
  readonly onPatches?: (patches: PatchFacts) => void;
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly signal?: AbortSignal;
}

export interface PatchFacts {
  readonly scanCount: number;
  readonly patchCount: number;
  readonly skipped: readonly SkippedScan[];
}

export interface TrainedBundle {
  readonly networks: TrainedNetworks;
  /** Null when the run was interrupted: the checkpoint stays, no bundle is written. */
  readonly bundle: ModelBundle | null;
}

/** What a model trained here sees: the manifest carries it, so that scoring does the same. */
const PREPROCESSING: Preprocessing = {
  canonicalPicture: 'phiscan-material-1',
  range: 'minus-one-to-one',
  greyTransform: 'grey-as-rgb',
  materialBelowOpenBeam: 0.95,
  minMaterialShare: 0.05,
};
const PARITY_TILES = 8;

/**
 * Trains GANomaly on a folder of benign scans and writes a bundle that is not calibrated yet.
 * @throws PhiscanError `training-impossible` without TensorFlow or without benign patches,
 * `training-diverged`, `arguments-invalid`, `cancelled`.
 */
export async function trainBundle(request: TrainBundleRequest): Promise<TrainedBundle> {
  const tf = requireTensorflow();
  const { benignDirectory, outDirectory, settings } = request;
  const found = await scansIn(benignDirectory);
  const simulations = await benignSimulations(found);
  await prepareOutput(outDirectory, request.resume);
  const scale: TilingScale = {
    scale: { unit: 'factor', factor: request.scaleFactor },
    tileSizePx: settings.architecture.isize,
    stridePx: request.stridePx,
  };
  const patches = await ScanPatches.open({
    found,
    readScan,
    preprocessing: PREPROCESSING,
    scale,
    seed: settings.seed,
    memoryBytes: request.memoryBytes,
    ...(request.onScansRead && { onProgress: request.onScansRead }),
    ...(request.signal && { signal: request.signal }),
  });
  request.onPatches?.(patches);
  const networks = await runTraining(tf, {
    settings,
    source: patches,
    directory: outDirectory,
    resume: request.resume,
    maxMinutes: request.maxMinutes,
    checkpointMinutes: request.checkpointMinutes,
    ...(request.onProgress && { onProgress: request.onProgress }),
    ...(request.signal && { signal: request.signal }),
  });
  if (networks.end === 'interrupted') return { networks, bundle: null };

  const { isize, nc } = settings.architecture;
  const bundle = await writeBundle({
    parentDirectory: outDirectory,
    weights: networks.weights,
    parityTiles: {
      count: PARITY_TILES,
      height: isize,
      width: isize,
      channels: nc,
      values: await patches.samplePatches(PARITY_TILES),
    },
    createdAt: new Date(),
    description: {
      architecture: settings.architecture,
      preprocessing: PREPROCESSING,
      scales: [scale],
      scoreDefinition: request.scoreDefinition,
      calibration: null,
      training: {
        description: request.description,
        trainingSet:
          `${patches.scanCount} benign scans, ${patches.patchCount} patches, ` +
          `sha256 ${patches.fingerprint}` +
          simulations.map((summary) => `; simulated: ${summary}`).join(''),
        scanHashes: patches.scanSha256s.map(scanHashOf),
        command: rerunCommand(request, networks),
        seed: settings.seed,
        patches: networks.steps * settings.batchSize,
        epochs: networks.epochs,
        settings: recordedSettings(request, networks),
      },
      parentBundle: null,
      licence: request.licence,
    },
  });
  return { networks, bundle };
}

/** Every option that decides the numbers, by its name on the command line. */
function recordedSettings(
  { settings, scoreDefinition, scaleFactor, stridePx }: TrainBundleRequest,
  { steps }: TrainedNetworks,
): Record<string, number | string> {
  const { architecture } = settings;
  return {
    score: scoreDefinition,
    seed: settings.seed,
    epochs: settings.epochs,
    // Where the run ended, so that a rerun ends there too, whatever ended it.
    'max-steps': steps,
    ...(settings.patchesPerEpoch !== null && { 'patches-per-epoch': settings.patchesPerEpoch }),
    batch: settings.batchSize,
    lr: settings.learningRate,
    beta1: settings.beta1,
    beta2: settings.beta2,
    isize: architecture.isize,
    ngf: architecture.ngf,
    nz: architecture.nz,
    'extra-layers': architecture.extraLayers,
    'w-adv': settings.adversarialWeight,
    'w-con': settings.contextualWeight,
    'w-enc': settings.encoderWeight,
    scale: scaleFactor,
    stride: stridePx,
  };
}

/** The command that trains the same weights again. */
function rerunCommand(request: TrainBundleRequest, networks: TrainedNetworks): string {
  const options = Object.entries(recordedSettings(request, networks))
    .map(([name, value]) => `--${name} ${value}`)
    .join(' ');
  return `phiscan train --benign ${path.basename(request.benignDirectory)} --out DIR ${options}`;
}
