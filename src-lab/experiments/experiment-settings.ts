import { METHOD_NAMES, type MethodName, type MethodSettings } from '../baselines/anomaly-method';
import { DEFAULT_METHOD_SETTINGS } from '../baselines/method-settings';

/** The paper's protocols and sweeps. */
export const EXPERIMENT_NAMES = [
  'mnist',
  'cifar10',
  'uba',
  'ffob',
  'sweep-nz',
  'sweep-weights',
] as const;
export type ExperimentName = (typeof EXPERIMENT_NAMES)[number];

/** The data a run is made on; a sweep goes over one of the public sets. */
export type ProtocolName = Exclude<ExperimentName, `sweep-${string}`>;
export type PublicSetName = 'mnist' | 'cifar10';

/** Sizes of an experiment: what decides its figures, and is said beside them. */
export interface ExperimentSizes {
  readonly epochs: number;
  readonly batchSize: number;
  /** At most this many pictures are trained on, drawn by the run's seed. */
  readonly trainPictures: number;
  /** At most this many pictures are scored of the normal ones, and of each abnormal class. */
  readonly testPictures: number;
  /** The same for AnoGAN, which takes 500 gradient steps a picture. */
  readonly anoganPictures: number;
  /** Simulated bags that are trained on (UBA, FFOB). */
  readonly trainBags: number;
  /** Simulated bags of the test with a threat of each class. */
  readonly testBags: number;
  /** The methods' settings but for seed, side and channels, which the protocol and run decide. */
  readonly method: Omit<MethodSettings, 'seed' | 'isize' | 'nc'>;
}

export const DEFAULT_SIZES: ExperimentSizes = {
  epochs: 5,
  batchSize: 64,
  trainPictures: 20_000,
  testPictures: 10_000,
  anoganPictures: 1_000,
  trainBags: 350,
  testBags: 100,
  method: {
    nz: DEFAULT_METHOD_SETTINGS.nz,
    ngf: 32,
    learningRate: DEFAULT_METHOD_SETTINGS.learningRate,
    beta1: DEFAULT_METHOD_SETTINGS.beta1,
    beta2: DEFAULT_METHOD_SETTINGS.beta2,
    adversarialWeight: DEFAULT_METHOD_SETTINGS.adversarialWeight,
    contextualWeight: DEFAULT_METHOD_SETTINGS.contextualWeight,
    encoderWeight: DEFAULT_METHOD_SETTINGS.encoderWeight,
  },
};

/** What one command runs. */
export interface ExperimentPlan {
  readonly experiment: ExperimentName;
  readonly methods: readonly MethodName[];
  /** Anomalous classes; all of the protocol's when null. */
  readonly classes: readonly string[] | null;
  readonly seeds: readonly number[];
  readonly sizes: ExperimentSizes;
  /** Of a sweep: the public set that it goes over. */
  readonly sweepOn: PublicSetName;
  /** Of `sweep-nz`: the sizes of the latent vector. */
  readonly nzValues: readonly number[];
}

export const DEFAULT_NZ_VALUES: readonly number[] = [16, 32, 64, 100, 128, 256, 512];

/** The class a sweep takes for the anomaly where none is named. */
export const DEFAULT_SWEEP_CLASS: Readonly<Record<PublicSetName, string>> = {
  mnist: '2',
  cifar10: 'automobile',
};

/** Methods that an experiment runs where none are named: a sweep is about GANomaly. */
export function defaultMethods(experiment: ExperimentName): readonly MethodName[] {
  return experiment.startsWith('sweep-') ? ['ganomaly'] : METHOD_NAMES;
}
