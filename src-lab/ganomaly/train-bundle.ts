import type {
  GanomalyArchitecture,
  ModelBundle,
  TilingScale,
} from '../../src-shared/domain/model-bundle';
import { scanHashOf } from '../../src-shared/domain/model-bundle';
import { writeBundle } from '../../src-main/engine/bundle/write-bundle';
import type { TileBatch } from '../../src-main/engine/engine';
import { placeModel } from '../../src-main/engine/tensorflow/tensorflow-engine';
import type { FoundScan } from '../../src-main/scan-io/group-scan-sources';
import { readScan } from '../../src-main/scan-io/read-scan';
import { PATCH_PREPROCESSING } from '../datasets/patch-preprocessing';
import type { SkippedScan } from '../datasets/scan-patches';
import type { LatentScoreDefinition } from '../../src-shared/screening/tile-scores';
import { ScanPatches } from '../datasets/scan-patches';
import { heldOutHighest } from './held-out-highest';
import type { RecordedSettings } from './recorded-settings';
import { networkSettings, rerunCommand, scanSettings } from './recorded-settings';
import { reportedIfDiverged, scanSetOf, writeTrainingReport } from './report/write-training-report';
import type { TrainedNetworks, TrainingProgress, TrainingRun } from './training-run';
import { runTraining } from './run-training';
import { benignSimulations, holdOut, prepareOutput, scansIn, scansKept } from './training-scans';
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
  /** Share of the scans, in blocks of neighbours, that is held out to choose by; none when 0. */
  readonly holdOut: number;
  /** See `TrainingRun`. */
  readonly patience: number;
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
  /** Scans and patches that are held out to choose by. */
  readonly heldOutScanCount: number;
  readonly heldOutPatchCount: number;
  readonly skipped: readonly SkippedScan[];
}

export interface TrainedBundle {
  readonly networks: TrainedNetworks;
  /** Null when the run was interrupted: the checkpoint stays, no bundle is written. */
  readonly bundle: ModelBundle | null;
  /** What was never trained on, and could be read: what a scale can be made of. */
  readonly heldOutScans: readonly FoundScan[];
}

const PARITY_TILES = 8;
/** Patches whose x̂ the report shows. */
const SAMPLE_PATCHES = 6;

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
  const sides =
    request.holdOut > 0 ? holdOut(found, request.holdOut) : { training: found, heldOut: [] };
  const open = (scans: readonly FoundScan[], before: number): Promise<ScanPatches> =>
    ScanPatches.open({
      found: scans,
      readScan,
      preprocessing: PATCH_PREPROCESSING,
      scale,
      seed: settings.seed,
      memoryBytes: (request.memoryBytes * scans.length) / found.length,
      onProgress: (read) => request.onScansRead?.(before + read, found.length),
      ...(request.signal && { signal: request.signal }),
    });
  const patches = await open(sides.training, 0);
  const heldOut =
    sides.heldOut.length === 0 ? null : await open(sides.heldOut, sides.training.length);
  const heldOutScans = scansKept(sides.heldOut, heldOut?.skipped ?? []);
  request.onPatches?.({
    scanCount: patches.scanCount,
    patchCount: patches.patchCount,
    heldOutScanCount: heldOut?.scanCount ?? 0,
    heldOutPatchCount: heldOut?.patchCount ?? 0,
    skipped: [...patches.skipped, ...(heldOut?.skipped ?? [])],
  });
  const report = (
    end: string,
    networks: Pick<TrainedNetworks, 'steps'> | null = null,
    made: { readonly bundleId: string; readonly benignHighest: readonly number[] } | null = null,
  ): Promise<void> =>
    writeTrainingReport(outDirectory, {
      bundleId: made?.bundleId ?? null,
      benignHighest: made?.benignHighest ?? [],
      end,
      score: request.scoreDefinition,
      command: rerunCommand(benignDirectory, recordedSettings(request, networks)),
      settings: recordedSettings(request, networks),
      training: scanSetOf(patches),
      heldOut: heldOut === null ? null : scanSetOf(heldOut),
    });
  const run: TrainingRun = {
    settings,
    source: patches,
    heldOut,
    patience: request.patience,
    samples: await samplesOf(heldOut ?? patches, settings.architecture),
    directory: outDirectory,
    resume: request.resume,
    maxMinutes: request.maxMinutes,
    checkpointMinutes: request.checkpointMinutes,
    ...(request.onProgress && { onProgress: request.onProgress }),
    ...(request.signal && { signal: request.signal }),
  };
  const networks = await reportedIfDiverged(runTraining(tf, run), report);
  if (networks.end === 'interrupted') {
    await report('It was interrupted and can be resumed.', networks);
    return { networks, bundle: null, heldOutScans };
  }

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
      preprocessing: PATCH_PREPROCESSING,
      scales: [scale],
      scoreDefinition: request.scoreDefinition,
      calibration: null,
      training: {
        description: request.description,
        trainingSet:
          `${patches.scanCount} benign scans, ${patches.patchCount} patches, ` +
          `sha256 ${patches.fingerprint}` +
          (heldOut === null
            ? ''
            : `; ${heldOut.scanCount} held out to choose by, sha256 ${heldOut.fingerprint}`) +
          simulations.map((summary) => `; simulated: ${summary}`).join(''),
        scanHashes: patches.scanSha256s.map(scanHashOf),
        command: rerunCommand(benignDirectory, recordedSettings(request, networks)),
        seed: settings.seed,
        patches: networks.steps * settings.batchSize,
        epochs: networks.epochs,
        settings: recordedSettings(request, networks),
      },
      parentBundle: null,
      licence: request.licence,
    },
  });
  const model = placeModel(tf, settings.architecture, networks.weights);
  try {
    const benignHighest = await heldOutHighest(model, sides.heldOut, {
      readScan,
      preprocessing: PATCH_PREPROCESSING,
      scale,
      scoreDefinition: request.scoreDefinition,
      nz: settings.architecture.nz,
    });
    const { id } = bundle.manifest;
    await report(endOf(networks, settings), networks, { bundleId: id, benignHighest });
  } finally {
    await model.dispose();
  }
  return { networks, bundle, heldOutScans };
}

/** How a run ended and which weights it kept, in words. */
function endOf(
  { end, steps, keptStep, heldOut }: TrainedNetworks,
  { epochs }: TrainingSettings,
): string {
  const ended = {
    finished: `It ended after its ${epochs} epochs.`,
    'early-stop': 'It ended early, the held-out loss no longer falling.',
    'step-limit': 'It ended at its number of steps.',
    'time-limit': 'It ended when its time was up.',
    interrupted: 'It was interrupted.',
  }[end];
  if (heldOut === null) return `${ended} Nothing was held out; the last weights are kept.`;
  return keptStep === steps
    ? `${ended} The last weights are kept.`
    : `${ended} The weights of step ${keptStep} are kept, which had the lowest held-out L_con.`;
}

/** Patches for the report, from scans all over the set. */
async function samplesOf(
  patches: ScanPatches,
  { isize, nc }: GanomalyArchitecture,
): Promise<TileBatch> {
  const bytes = await patches.samplePatches(SAMPLE_PATCHES);
  const values = Float32Array.from(bytes, (byte) => byte / 127.5 - 1);
  return { count: SAMPLE_PATCHES, height: isize, width: isize, channels: nc, values };
}

/** Every option that decides the numbers, by its name on the command line. */
function recordedSettings(
  request: TrainBundleRequest,
  networks: Pick<TrainedNetworks, 'steps'> | null,
): RecordedSettings {
  const { settings } = request;
  return {
    score: request.scoreDefinition,
    ...networkSettings(settings),
    epochs: settings.epochs,
    // Where the run ended, so that a rerun ends there too, whatever ended it.
    ...(networks !== null && { 'max-steps': networks.steps }),
    'hold-out': request.holdOut,
    patience: request.patience,
    ...(settings.patchesPerEpoch !== null && { 'patches-per-epoch': settings.patchesPerEpoch }),
    'w-adv': settings.adversarialWeight,
    ...scanSettings([request.scaleFactor], request),
  };
}
