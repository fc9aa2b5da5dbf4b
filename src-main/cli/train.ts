import type { Command } from 'commander';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { CommandLine, RegisterCommand } from './command-line';
import { trainDenoisingCommand } from './train-denoising';
import { trainMethodCommand } from './train-method';
import type { TrainOptions } from './train-options';
import { addTrainOptions } from './train-options';
import { trainPlainCommand } from './train-plain';
import { mapRequestOf, plainRequestOf } from './train-request';

/** Least share that a training of a map holds out: it has no other choice to make by. */
const LEAST_MAP_HOLD_OUT = 0.01;

/** Options that one kind of training reads and the other would leave unread, by their names. */
const PLAIN_OPTIONS = [
  'epochs',
  'patchesPerEpoch',
  'patience',
  'maxSteps',
  'maxMinutes',
  'wAdv',
] as const satisfies readonly (keyof TrainOptions)[];
const MAP_OPTIONS = [
  'generatorCrops',
  'members',
  'comparatorCrops',
  'comparatorLr',
  'comparatorWidth',
  'comparatorDepth',
  'comparatorBlocks',
  'seesReconstruction',
  'solids',
  'meanRadius',
  'turns',
  'snapshot',
] as const satisfies readonly (keyof TrainOptions)[];

export const registerTrain: RegisterCommand = (program, commandLine) => {
  const command = program
    .command('train')
    .description(
      'train GANomaly on a folder of benign scans; write a model bundle and a report (docs/training.md). ' +
        'Options of one score are marked "map:" or "plain:" (reference and paper)',
    );
  addTrainOptions(command);
  command.action((options: TrainOptions) => {
    refuseOthersOptions(options, command);
    return train(options, commandLine);
  });
};

/** @throws PhiscanError `arguments-invalid` for what was given and would be left unread */
function refuseOthersOptions(
  { method, score, holdOut, calibrate }: TrainOptions,
  command: Command,
): void {
  if (method !== undefined && calibrate) {
    throw new PhiscanError(
      'arguments-invalid',
      '--calibrate cannot be used with --method: a rival is measured, never deployed. Leave it out.',
    );
  }
  const isMap = score === 'map' && method === undefined;
  const others = isMap ? PLAIN_OPTIONS : MAP_OPTIONS;
  const stray = others.filter((name) => command.getOptionValueSource(name) === 'cli');
  if (stray.length > 0) {
    const names = stray.map((name) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`);
    const [own, other] = isMap
      ? ['--score map', '--score reference']
      : ['a plain score', '--score map'];
    throw new PhiscanError(
      'arguments-invalid',
      `${names.join(', ')} cannot be used with ${own}. Leave out, or train with ${other}.`,
    );
  }
  if (isMap && holdOut < LEAST_MAP_HOLD_OUT) {
    throw new PhiscanError(
      'arguments-invalid',
      `--hold-out ${holdOut} leaves a map nothing to choose by. Give ${LEAST_MAP_HOLD_OUT} or more.`,
    );
  }
}

async function train(options: TrainOptions, commandLine: CommandLine): Promise<void> {
  const { method, score, calibrate } = options;
  if (method !== undefined) {
    await trainMethodCommand(method, plainRequestOf(options), commandLine);
  } else if (score === 'map') {
    await trainDenoisingCommand(mapRequestOf(options), calibrate, commandLine);
  } else await trainPlainCommand(plainRequestOf(options), calibrate, commandLine);
}
