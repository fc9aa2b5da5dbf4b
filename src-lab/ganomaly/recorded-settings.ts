import path from 'node:path';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import type { StepSettings } from './ganomaly-training';

/** Options that decide a training's numbers, by their names on the command line. */
export type RecordedSettings = Readonly<Record<string, number | string>>;

/** The value of an option that takes none. */
export const GIVEN = 'yes';

/** What every training of GANomaly's networks records. */
export function networkSettings({
  architecture,
  ...settings
}: StepSettings & {
  readonly architecture: GanomalyArchitecture;
  readonly seed: number;
  readonly batchSize: number;
}): RecordedSettings {
  return {
    seed: settings.seed,
    batch: settings.batchSize,
    lr: settings.learningRate,
    beta1: settings.beta1,
    beta2: settings.beta2,
    isize: architecture.isize,
    ngf: architecture.ngf,
    nz: architecture.nz,
    'extra-layers': architecture.extraLayers,
    'w-con': settings.contextualWeight,
    'w-enc': settings.encoderWeight,
  };
}

/** What every training records of how its scans are read. */
export function scanSettings(
  scaleFactors: readonly number[],
  {
    stridePx,
    memoryBytes,
  }: {
    readonly stridePx: number;
    /** Scans are drawn from in blocks of this size. */
    readonly memoryBytes: number;
  },
): RecordedSettings {
  return {
    scale: scaleFactors.join(' '),
    stride: stridePx,
    'memory-mb': memoryBytes / 2 ** 20,
  };
}

/** The command that trains the same weights again. */
export function rerunCommand(benignDirectory: string, settings: RecordedSettings): string {
  const options = Object.entries(settings)
    .map(([name, value]) => (value === GIVEN ? `--${name}` : `--${name} ${value}`))
    .join(' ');
  return `phiscan train --benign ${path.basename(benignDirectory)} --out DIR ${options}`;
}
