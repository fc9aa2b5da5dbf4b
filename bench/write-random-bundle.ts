import type { Calibration, GanomalyArchitecture } from '../src-shared/domain/model-bundle';
import type { ModelBundle } from '../src-shared/domain/model-bundle';
import { randomWeights } from '../src-shared/ganomaly/random-weights';
import { scoringNetworks } from '../src-shared/ganomaly/scoring-networks';
import { writeBundle } from '../src-main/engine/bundle/write-bundle';
import type { BundleDescription } from '../src-main/engine/bundle/write-bundle';
import { syntheticTiles } from './synthetic-scan';

/** A plain GANomaly on colour patches of the paper's size. */
export const PLAIN_ARCHITECTURE: GanomalyArchitecture = {
  name: 'ganomaly',
  isize: 64,
  nc: 3,
  nz: 100,
  ngf: 32,
  extraLayers: 0,
};

/** What a bundle of untrained weights says of itself. */
export function randomBundleDescription(
  architecture: GanomalyArchitecture,
  seed: number,
  calibration: Calibration | null,
): BundleDescription {
  return {
    architecture,
    preprocessing: {
      canonicalPicture: 'phiscan-material-1',
      range: 'minus-one-to-one',
      greyTransform: 'grey-as-rgb',
      materialBelowOpenBeam: 0.95,
      minMaterialShare: 0.02,
    },
    scales: [
      {
        scale: { unit: 'factor', factor: 1 },
        tileSizePx: architecture.isize,
        stridePx: architecture.isize / 2,
      },
    ],
    scoreDefinition: 'reference',
    calibration,
    training: {
      description: 'Random weights: for measuring speed and testing engines, finds nothing.',
      trainingSet: 'none',
      command: 'none',
      seed,
      patches: 0,
      epochs: 0,
      settings: {},
    },
    parentBundle: null,
    licence: 'MIT',
  };
}

/** Writes a bundle of seeded random weights, as fast and as large as a trained one of its shape. */
export function writeRandomBundle(
  parentDirectory: string,
  options: {
    readonly architecture?: GanomalyArchitecture;
    readonly seed?: number;
    readonly calibration?: Calibration | null;
  } = {},
): Promise<ModelBundle> {
  const { architecture = PLAIN_ARCHITECTURE, seed = 1, calibration = null } = options;
  return writeBundle({
    parentDirectory,
    description: randomBundleDescription(architecture, seed, calibration),
    weights: randomWeights(scoringNetworks(architecture), seed),
    parityTiles: syntheticTiles(architecture, 2, seed),
    createdAt: new Date(),
  });
}
