import type { GanomalyArchitecture, MapScore } from '../../src-shared/domain/model-bundle';
import type { PartFamily } from '../put-in/solid-part';
import type { StepSettings } from './ganomaly-training';

/** All that decides the numbers of a training with put-in solids, apart from its scans. */
export interface DenoisingSettings extends StepSettings {
  /** With a comparator; nc is 2, the planes of attenuation. */
  readonly architecture: GanomalyArchitecture;
  readonly seed: number;
  readonly batchSize: number;
  /** Crops that the generator is trained on. */
  readonly generatorCrops: number;
  /** Crops that each comparator is trained on. */
  readonly comparatorCrops: number;
  readonly comparatorLearningRate: number;
  /** Share of the scans, in blocks of neighbours, that is held out to choose by. */
  readonly holdOut: number;
  readonly solidFamilies: readonly PartFamily[];
  /** Length of a solid's main part in model pixels. */
  readonly solidSizePx: readonly [number, number];
  /** Small solids that are put in and not asked for: their length, and how many at most. */
  readonly distractorPx: readonly [number, number];
  readonly maxDistractors: number;
  /** Its correction for area is measured, not set. */
  readonly mapScore: Omit<MapScore, 'area'>;
}

export const COMPARATOR_DEFAULTS: NonNullable<GanomalyArchitecture['comparator']> = {
  width: 16,
  depth: 5,
  extraBlocks: 1,
  members: 6,
  seesReconstruction: false,
};

export const DEFAULT_DENOISING_SETTINGS: DenoisingSettings = {
  architecture: {
    name: 'ganomaly',
    isize: 128,
    nc: 2,
    nz: 100,
    ngf: 16,
    extraLayers: 0,
    comparator: COMPARATOR_DEFAULTS,
  },
  seed: 1,
  batchSize: 16,
  generatorCrops: 8_000,
  comparatorCrops: 14_000,
  comparatorLearningRate: 1e-3,
  holdOut: 0.2,
  solidFamilies: ['block', 'plate', 'ring', 'rod', 'disc', 'shard'],
  solidSizePx: [22, 75],
  distractorPx: [3, 14],
  maxDistractors: 8,
  mapScore: { meanRadius: 2, turns: 4 },
  learningRate: 2e-4,
  beta1: 0.5,
  beta2: 0.999,
  adversarialWeight: 0,
  contextualWeight: 50,
  encoderWeight: 1,
};
