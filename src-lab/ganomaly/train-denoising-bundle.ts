import path from 'node:path';
import type {
  MapScore,
  ModelBundle,
  Preprocessing,
  TilingScale,
} from '../../src-shared/domain/model-bundle';
import { scanHashOf } from '../../src-shared/domain/model-bundle';
import { toAttenuationPlanes } from '../../src-shared/imaging/attenuation-planes';
import { writeBundle } from '../../src-main/engine/bundle/write-bundle';
import type { FoundScan } from '../../src-main/scan-io/group-scan-sources';
import { readScan } from '../../src-main/scan-io/read-scan';
import type { AttenuationPicture } from '../put-in/attenuation-picture';
import type { PutInFigures } from '../put-in/put-in-measure';
import { PutInPictures } from '../put-in/put-in-pictures';
import type { DenoisedNetworks, DenoisingProgress, DenoisingRun } from './denoising-run';
import { halfOf, runDenoising } from './denoising-run';
import type { DenoisingSettings } from './denoising-settings';
import type { RecordedSettings } from './recorded-settings';
import { GIVEN, networkSettings, rerunCommand, scanSettings } from './recorded-settings';
import { reportedIfDiverged, scanSetOf, writeTrainingReport } from './report/write-training-report';
import { requireTensorflow } from './tensorflow-runtime';
import type { TrainBundleRequest } from './train-bundle';
import { benignSimulations, holdOut, prepareOutput, scansIn, scansKept } from './training-scans';

export { holdOut };

export interface TrainDenoisingRequest extends Pick<
  TrainBundleRequest,
  | 'benignDirectory'
  | 'outDirectory'
  | 'resume'
  | 'checkpointMinutes'
  | 'memoryBytes'
  | 'description'
  | 'licence'
  | 'onScansRead'
  | 'signal'
> {
  readonly settings: DenoisingSettings;
  /** Model pixels for each of the scan's pixels, one or several. */
  readonly scaleFactors: readonly number[];
  readonly stridePx: number;
  /** Writes the bundle of the first half of the comparators, too. */
  readonly snapshot: boolean;
  readonly onScans?: (scans: {
    readonly training: PutInPictures;
    readonly heldOut: PutInPictures;
  }) => void;
  readonly onProgress?: (progress: DenoisingProgress) => void;
  readonly onMember?: (members: number, figures: PutInFigures) => void;
}

export interface TrainedDenoisingBundle {
  readonly networks: DenoisedNetworks;
  /** Null when the run was interrupted: the checkpoint stays, no bundle is written. */
  readonly bundle: ModelBundle | null;
  readonly snapshot: ModelBundle | null;
  /** What was never trained on, and could be read: what a scale can be made of. */
  readonly heldOutScans: readonly FoundScan[];
}

const PREPROCESSING: Preprocessing = {
  canonicalPicture: 'phiscan-material-1',
  range: 'minus-one-to-one',
  input: 'attenuation',
  greyTransform: 'grey-as-rgb',
  materialBelowOpenBeam: 0.95,
  minMaterialShare: 0.02,
};
const PARITY_TILES = 4;
const SNAPSHOT_FOLDER = 'half';

/**
 * Trains the denoising GANomaly with its comparators on a folder of benign scans, a part of them
 * held out to choose by, and writes a bundle that is not calibrated yet.
 * @throws PhiscanError `training-impossible`, `training-diverged`, `arguments-invalid`, `cancelled`.
 */
export async function trainDenoisingBundle(
  request: TrainDenoisingRequest,
): Promise<TrainedDenoisingBundle> {
  const tf = requireTensorflow();
  const { settings, outDirectory, signal } = request;
  const found = await scansIn(request.benignDirectory);
  const simulations = await benignSimulations(found);
  await prepareOutput(outDirectory, request.resume);
  const sides = holdOut(found, settings.holdOut);
  const scales = request.scaleFactors.map((factor): TilingScale => ({
    scale: { unit: 'factor', factor },
    tileSizePx: settings.architecture.isize,
    stridePx: request.stridePx,
  }));
  const open = (scans: readonly FoundScan[], before: number) =>
    PutInPictures.open({
      found: scans,
      readScan,
      preprocessing: PREPROCESSING,
      scales,
      memoryBytes: request.memoryBytes / 2,
      onProgress: (read) => request.onScansRead?.(before + read, found.length),
      ...(signal && { signal }),
    });
  const training = await open(sides.training, 0);
  const heldOut = await open(sides.heldOut, sides.training.length);
  const heldOutScans = scansKept(sides.heldOut, heldOut.skipped);
  request.onScans?.({ training, heldOut });

  const write = async (
    parentDirectory: string,
    {
      weights,
      members,
      steps,
      area,
    }: Pick<DenoisedNetworks, 'weights'> &
      Record<'members' | 'steps', number> & { readonly area: MapScore['area'] },
  ): Promise<ModelBundle> => {
    const ofMembers = withMembers(settings, members);
    const { isize, nc } = settings.architecture;
    return writeBundle({
      parentDirectory,
      weights,
      parityTiles: {
        count: PARITY_TILES,
        height: isize,
        width: isize,
        channels: nc,
        values: sampleTiles(await training.block(0), isize, PARITY_TILES),
      },
      createdAt: new Date(),
      description: {
        architecture: ofMembers.architecture,
        preprocessing: PREPROCESSING,
        scales,
        scoreDefinition: 'map',
        mapScore: { ...settings.mapScore, area },
        calibration: null,
        training: {
          description: request.description,
          trainingSet:
            `${training.scanCount} benign scans, sha256 ${training.fingerprint}; ` +
            `${heldOut.scanCount} held out to choose by, sha256 ${heldOut.fingerprint}` +
            simulations.map((summary) => `; simulated: ${summary}`).join(''),
          scanHashes: training.scanSha256s.map(scanHashOf),
          command: rerunCommand(request.benignDirectory, recordedSettings(request, ofMembers)),
          seed: settings.seed,
          patches: steps * settings.batchSize,
          epochs: 0,
          settings: recordedSettings(request, ofMembers),
        },
        parentBundle: null,
        licence: request.licence,
      },
    });
  };

  const report = (end: string, bundleId: string | null = null): Promise<void> =>
    writeTrainingReport(outDirectory, {
      bundleId,
      end,
      score: 'map',
      command: rerunCommand(request.benignDirectory, recordedSettings(request, settings)),
      settings: recordedSettings(request, settings),
      training: scanSetOf(training),
      heldOut: scanSetOf(heldOut),
    });

  const half = halfOf(settings.architecture.comparator?.members ?? 1);
  let snapshot: ModelBundle | null = null;
  const run: DenoisingRun = {
    settings,
    scales,
    training,
    heldOut,
    directory: outDirectory,
    resume: request.resume,
    checkpointMinutes: request.checkpointMinutes,
    ...(request.onProgress && { onProgress: request.onProgress }),
    onMember: async ({ members, weights, steps, figures }) => {
      request.onMember?.(members, figures);
      await report(`It goes on: ${members} comparators are trained.`);
      if (!request.snapshot || members !== half) return;
      const { area } = figures;
      snapshot = await write(path.join(outDirectory, SNAPSHOT_FOLDER), {
        weights,
        members,
        steps,
        area,
      });
    },
    ...(signal && { signal }),
  };
  const networks = await reportedIfDiverged(runDenoising(tf, run), report);
  if (networks.end === 'interrupted') {
    await report('It was interrupted and can be resumed.');
    return { networks, bundle: null, snapshot, heldOutScans };
  }
  const members = settings.architecture.comparator?.members ?? 1;
  const bundle = await write(outDirectory, {
    weights: networks.weights,
    members,
    steps: networks.steps,
    area: networks.members.at(-1)?.area,
  });
  await report('It ended as planned.', bundle.manifest.id);
  return { networks, bundle, snapshot, heldOutScans };
}

function withMembers(settings: DenoisingSettings, members: number): DenoisingSettings {
  const { architecture } = settings;
  if (architecture.comparator === undefined) throw new RangeError('There is no comparator.');
  const comparator = { ...architecture.comparator, members };
  return { ...settings, architecture: { ...architecture, comparator } };
}

/** Tiles from the middles of pictures, as bytes: x = byte / 127.5 − 1. */
function sampleTiles(
  pictures: readonly AttenuationPicture[],
  side: number,
  count: number,
): Uint8Array {
  const air = toAttenuationPlanes(new Uint8Array([255, 255, 255]));
  const tiles = new Uint8Array(count * side * side * air.length);
  for (let tile = 0; tile < count; tile++) {
    const picture = pictures[Math.floor((tile * pictures.length) / count)];
    if (picture === undefined) throw new RangeError('There is no picture to take tiles from.');
    const left = Math.max(0, (picture.widthPx - side) >> 1);
    const top = Math.max(0, (picture.heightPx - side) >> 1);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const inside = left + x < picture.widthPx && top + y < picture.heightPx;
        const from = 2 * ((top + y) * picture.widthPx + left + x);
        air.forEach((ofAir, channel) => {
          const value = inside ? (picture.planes[from + channel] ?? ofAir) : ofAir;
          tiles[2 * ((tile * side + y) * side + x) + channel] = Math.round((value + 1) * 127.5);
        });
      }
    }
  }
  return tiles;
}

/** Every option that decides the numbers, by its name on the command line. */
function recordedSettings(
  request: TrainDenoisingRequest,
  settings: DenoisingSettings,
): RecordedSettings {
  const { comparator } = settings.architecture;
  return {
    score: 'map',
    ...networkSettings(settings),
    'generator-crops': settings.generatorCrops,
    ...(comparator && {
      members: comparator.members,
      'comparator-width': comparator.width,
      'comparator-depth': comparator.depth,
      'comparator-blocks': comparator.extraBlocks,
      ...(comparator.seesReconstruction && { 'sees-reconstruction': GIVEN }),
    }),
    'comparator-crops': settings.comparatorCrops,
    'comparator-lr': settings.comparatorLearningRate,
    'hold-out': settings.holdOut,
    solids: settings.solidFamilies.join(','),
    'mean-radius': settings.mapScore.meanRadius,
    turns: settings.mapScore.turns,
    ...scanSettings(request.scaleFactors, request),
  };
}
