import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import type { StepSettings } from './ganomaly-training';

/** All that decides a training run's numbers, apart from its scans. */
export interface TrainingSettings extends StepSettings {
  readonly architecture: GanomalyArchitecture;
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  /** Patches trained on in an epoch; all of them when null. */
  readonly patchesPerEpoch: number | null;
  /** Steps after which training ends even inside an epoch; no such end when null. */
  readonly maxSteps: number | null;
}

/** The reference code's values (GANOMALY.md, Training) for X-ray patches. */
export const DEFAULT_TRAINING_SETTINGS: TrainingSettings = {
  architecture: { name: 'ganomaly', isize: 64, nc: 3, nz: 100, ngf: 64, extraLayers: 0 },
  seed: 1,
  epochs: 15,
  batchSize: 64,
  patchesPerEpoch: null,
  maxSteps: null,
  learningRate: 2e-4,
  beta1: 0.5,
  beta2: 0.999,
  adversarialWeight: 1,
  contextualWeight: 50,
  encoderWeight: 1,
};
