import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { DEFAULT_DENOISING_SETTINGS } from '../../src-lab/ganomaly/denoising-settings';
import type { TrainBundleRequest } from '../../src-lab/ganomaly/train-bundle';
import type { TrainDenoisingRequest } from '../../src-lab/ganomaly/train-denoising-bundle';
import { DEFAULT_TRAINING_SETTINGS } from '../../src-lab/ganomaly/training-settings';
import type { TrainOptions } from './train-options';
import { TRAIN_TILING } from './train-options';

/** What the options ask of a training for a plain score, or of a rival. */
export function plainRequestOf(options: TrainOptions): TrainBundleRequest {
  return {
    benignDirectory: options.benign,
    outDirectory: options.out,
    settings: {
      architecture: {
        name: 'ganomaly',
        isize: options.isize ?? DEFAULT_TRAINING_SETTINGS.architecture.isize,
        nc: DEFAULT_TRAINING_SETTINGS.architecture.nc,
        nz: options.nz,
        ngf: options.ngf ?? DEFAULT_TRAINING_SETTINGS.architecture.ngf,
        extraLayers: options.extraLayers,
      },
      seed: options.seed,
      epochs: options.epochs,
      batchSize: options.batch ?? DEFAULT_TRAINING_SETTINGS.batchSize,
      patchesPerEpoch: options.patchesPerEpoch ?? null,
      maxSteps: options.maxSteps ?? null,
      learningRate: options.lr,
      beta1: options.beta1,
      beta2: options.beta2,
      adversarialWeight: options.wAdv,
      contextualWeight: options.wCon,
      encoderWeight: options.wEnc,
    },
    scoreDefinition: options.score === 'paper' ? 'paper' : 'reference',
    scaleFactor: onlyScale(options.scale ?? [TRAIN_TILING.plain.scale]),
    stridePx: options.stride ?? TRAIN_TILING.plain.stridePx,
    holdOut: options.holdOut,
    patience: options.patience,
    resume: options.resume,
    maxMinutes: options.maxMinutes ?? null,
    checkpointMinutes: options.checkpointMinutes,
    memoryBytes: options.memoryMb * 2 ** 20,
    description: options.description,
    licence: options.licence,
  };
}

/** What they ask of a training for a map. */
export function mapRequestOf(options: TrainOptions): TrainDenoisingRequest {
  const defaults = DEFAULT_DENOISING_SETTINGS;
  return {
    benignDirectory: options.benign,
    outDirectory: options.out,
    settings: {
      ...defaults,
      architecture: {
        ...defaults.architecture,
        isize: options.isize ?? defaults.architecture.isize,
        nz: options.nz,
        ngf: options.ngf ?? defaults.architecture.ngf,
        extraLayers: options.extraLayers,
        comparator: {
          width: options.comparatorWidth,
          depth: options.comparatorDepth,
          extraBlocks: options.comparatorBlocks,
          members: options.members,
          seesReconstruction: options.seesReconstruction,
        },
      },
      seed: options.seed,
      batchSize: options.batch ?? defaults.batchSize,
      generatorCrops: options.generatorCrops,
      comparatorCrops: options.comparatorCrops,
      comparatorLearningRate: options.comparatorLr,
      holdOut: options.holdOut,
      solidFamilies: options.solids,
      mapScore: { meanRadius: options.meanRadius, turns: options.turns },
      learningRate: options.lr,
      beta1: options.beta1,
      beta2: options.beta2,
      contextualWeight: options.wCon,
      encoderWeight: options.wEnc,
    },
    scaleFactors: options.scale ?? [TRAIN_TILING.map.scale],
    stridePx: options.stride ?? TRAIN_TILING.map.stridePx,
    snapshot: options.snapshot,
    resume: options.resume,
    checkpointMinutes: options.checkpointMinutes,
    memoryBytes: options.memoryMb * 2 ** 20,
    description: options.description,
    licence: options.licence,
  };
}

/** @throws PhiscanError `arguments-invalid` for several: the plain scores are trained at one. */
function onlyScale(factors: readonly number[]): number {
  const [factor] = factors;
  if (factor !== undefined && factors.length === 1) return factor;
  throw new PhiscanError(
    'arguments-invalid',
    `${factors.length} scales were given, and the plain scores are trained at one. ` +
      'Give one --scale, or train for --score map.',
  );
}
