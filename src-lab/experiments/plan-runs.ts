import type { MethodName, MethodSettings } from '../baselines/anomaly-method';
import { CIFAR_CLASSES } from '../datasets/cifar-classes';
import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import {
  DEFAULT_SWEEP_CLASS,
  type ExperimentPlan,
  type ExperimentSizes,
  type ProtocolName,
} from './experiment-settings';

/** One training and scoring of one method: a file in the experiment's folder. */
export interface RunSpec {
  /** The file's name without its end. */
  readonly key: string;
  readonly protocol: ProtocolName;
  readonly method: MethodName;
  /** Classes that are scored against the normal pictures; one model serves them all. */
  readonly classes: readonly string[];
  readonly seed: number;
  /** Of a sweep, the point of it in words, e.g. `nz 64`. */
  readonly point: string | null;
  /** All that decides the run's figures: a finished run of other settings is not this one. */
  readonly settings: RunSettings;
}

export interface RunSettings extends Omit<ExperimentSizes, 'method' | 'anoganPictures'> {
  readonly method: MethodSettings;
}

const CLASSES: Readonly<Record<ProtocolName, readonly string[]>> = {
  mnist: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  cifar10: CIFAR_CLASSES,
  uba: ['gun', 'gun-part', 'knife'],
  ffob: ['full-weapon'],
};

/** Side and channels of the pictures: 32×32 for the public sets, 64×64 for X-rays. */
const SHAPES: Readonly<Record<ProtocolName, Pick<MethodSettings, 'isize' | 'nc'>>> = {
  mnist: { isize: 32, nc: 1 },
  cifar10: { isize: 32, nc: 3 },
  uba: { isize: 64, nc: 3 },
  ffob: { isize: 64, nc: 3 },
};

/** Weights of (L_adv, L_con, L_enc) of `sweep-weights`: one at a time away from (1, 50, 1). */
const WEIGHT_POINTS: readonly (readonly [number, number, number])[] = [
  [1, 50, 1],
  [0, 50, 1],
  [10, 50, 1],
  [50, 50, 1],
  [1, 1, 1],
  [1, 10, 1],
  [1, 100, 1],
  [1, 50, 0],
  [1, 50, 10],
  [1, 50, 50],
];

/**
 * The runs of an experiment, so that those that share their pictures follow each other.
 * @throws PhiscanError `arguments-invalid` for a class that the protocol does not have
 */
export function planRuns(plan: ExperimentPlan): RunSpec[] {
  const protocol = plan.experiment.startsWith('sweep-') ? plan.sweepOn : protocolOf(plan);
  const runs: RunSpec[] = [];
  for (const classes of classGroups(plan, protocol)) {
    for (const seed of plan.seeds) {
      for (const { point, change } of points(plan)) {
        for (const method of plan.methods) {
          const { method: shared, anoganPictures, ...sizes } = plan.sizes;
          const isAnogan = method === 'anogan';
          runs.push({
            key: [plan.experiment, method, classes.join('+'), `seed${seed}`, ...words(point)].join(
              '-',
            ),
            protocol,
            method,
            classes,
            seed,
            point,
            settings: {
              ...sizes,
              testPictures: isAnogan
                ? Math.min(anoganPictures, sizes.testPictures)
                : sizes.testPictures,
              method: { ...shared, ...SHAPES[protocol], ...change, seed },
            },
          });
        }
      }
    }
  }
  return runs;
}

/** The protocol of an experiment that is no sweep. */
function protocolOf({ experiment, sweepOn }: ExperimentPlan): ProtocolName {
  switch (experiment) {
    case 'mnist':
    case 'cifar10':
    case 'uba':
    case 'ffob':
      return experiment;
    case 'sweep-nz':
    case 'sweep-weights':
      return sweepOn;
    default:
      throw missingCaseError(experiment);
  }
}

/** Classes that share a model: each for itself where the class decides what is trained on. */
function classGroups(plan: ExperimentPlan, protocol: ProtocolName): (readonly string[])[] {
  const known = CLASSES[protocol];
  const isSweep = plan.experiment.startsWith('sweep-');
  const chosen = plan.classes ?? (isSweep ? [DEFAULT_SWEEP_CLASS[plan.sweepOn]] : known);
  const unknown = chosen.find((name) => !known.includes(name));
  if (unknown !== undefined || chosen.length === 0) {
    throw new PhiscanError(
      'arguments-invalid',
      `${protocol} has the classes ${known.join(', ')}; "${unknown ?? ''}" was asked for. Name ` +
        'one or more of them with --classes.',
    );
  }
  const isOneClass = protocol === 'mnist' || protocol === 'cifar10';
  return isOneClass ? chosen.map((name) => [name]) : [chosen];
}

function points({
  experiment,
  nzValues,
}: ExperimentPlan): { point: string | null; change: Partial<MethodSettings> }[] {
  if (experiment === 'sweep-nz') {
    return nzValues.map((nz) => ({ point: `nz ${nz}`, change: { nz } }));
  }
  if (experiment === 'sweep-weights') {
    return WEIGHT_POINTS.map(([adversarialWeight, contextualWeight, encoderWeight]) => ({
      point: `adv ${adversarialWeight} con ${contextualWeight} enc ${encoderWeight}`,
      change: { adversarialWeight, contextualWeight, encoderWeight },
    }));
  }
  return [{ point: null, change: {} }];
}

function words(point: string | null): string[] {
  return point === null ? [] : [point.replaceAll(' ', '')];
}
