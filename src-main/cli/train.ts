import path from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { LatentScoreDefinition } from '../../src-shared/screening/tile-scores';
import type { TrainDenoisingRequest } from '../../src-lab/ganomaly/train-denoising-bundle';
import {
  COMPARATOR_DEFAULTS,
  DEFAULT_DENOISING_SETTINGS,
} from '../../src-lab/ganomaly/denoising-settings';
import type { PartFamily } from '../../src-lab/put-in/solid-part';
import { PART_FAMILIES } from '../../src-lab/put-in/solid-part';
import { METHOD_NAMES } from '../../src-lab/baselines/anomaly-method';
import type { TrainBundleRequest } from '../../src-lab/ganomaly/train-bundle';
import { TRAINING_REPORT_FILE } from '../../src-lab/ganomaly/report/write-training-report';
import type { TrainedNetworks } from '../../src-lab/ganomaly/run-training';
import { DEFAULT_TRAINING_SETTINGS } from '../../src-lab/ganomaly/training-settings';
import type { CommandLine, RegisterCommand } from './command-line';
import { EXIT, writeLine } from './command-line';
import { optionNumber } from './option-number';
import { ProgressLine } from './progress-line';
import { trainDenoisingCommand } from './train-denoising';
import { trainMethodCommand } from './train-method';
import { clock, TrainingProgressLine } from './training-progress-line';

/** Options as commander gives them, by their camel-cased names. */
export interface TrainOptions {
  readonly method?: string;
  readonly benign: string;
  readonly out: string;
  readonly seed: number;
  readonly epochs: number;
  readonly patchesPerEpoch?: number;
  readonly maxSteps?: number;
  readonly maxMinutes?: number;
  readonly score: 'map' | LatentScoreDefinition;
  readonly batch?: number;
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly isize?: number;
  readonly ngf?: number;
  readonly nz: number;
  readonly extraLayers: number;
  readonly wAdv: number;
  readonly wCon: number;
  readonly wEnc: number;
  readonly scale?: readonly number[];
  readonly stride?: number;
  readonly members: number;
  readonly comparatorCrops: number;
  readonly comparatorLr: number;
  readonly comparatorWidth: number;
  readonly comparatorDepth: number;
  readonly comparatorBlocks: number;
  readonly seesReconstruction: boolean;
  readonly generatorCrops: number;
  readonly solids: readonly PartFamily[];
  readonly meanRadius: number;
  readonly turns: 1 | 4;
  readonly holdOut: number;
  readonly patience: number;
  readonly snapshot: boolean;
  readonly checkpointMinutes: number;
  readonly memoryMb: number;
  readonly description: string;
  readonly licence: string;
  readonly resume: boolean;
}

/** Options that must be over 0 are at least this. */
const SMALLEST = 1e-9;
/** Adam's decays must be under 1. */
const LARGEST_DECAY = 0.999999;
/** Model pixels for each of the scan's, and the step from tile to tile. */
const DEFAULT_SCALE = 1;
const DEFAULT_MAP_SCALE = 0.3;
const DEFAULT_STRIDE_PX = 32;
const DEFAULT_MAP_STRIDE_PX = 64;
/** Epochs without a lower held-out loss after which a plain training ends. */
const DEFAULT_PATIENCE = 3;
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
  const defaults = DEFAULT_TRAINING_SETTINGS;
  const { architecture } = defaults;
  const map = DEFAULT_DENOISING_SETTINGS;
  const comparator = COMPARATOR_DEFAULTS;
  program
    .command('train')
    .description(
      'train GANomaly on a folder of benign scans; write a model bundle and a report (docs/training.md). ' +
        'Options of one score are marked "map:" or "plain:" (reference and paper)',
    )
    .requiredOption('--benign <dir>', 'folder of benign scans, searched with its subfolders')
    .requiredOption('--out <dir>', 'takes checkpoint, metrics, report and the bundle')
    .addOption(
      new Option(
        '--score <name>',
        'what the model is trained for: an anomaly map by put-in solids, or the plain score of the ' +
          "paper or of its authors' code",
      )
        .choices(['map', 'reference', 'paper'])
        .default('map'),
    )
    .addOption(
      new Option('--method <name>', 'train a rival of the paper for comparison instead').choices(
        METHOD_NAMES,
      ),
    )
    .option('--resume', 'continue from the checkpoint in --out', false)
    .option('--seed <n>', 'decides weights, order, flips and solids', whole(0), defaults.seed)
    .option(
      '--hold-out <x>',
      'share of the scans, in blocks of neighbours, that is never trained on and chosen by; plain: 0 for none',
      number(0, 0.5),
      map.holdOut,
    )
    .option(
      '--scale <x...>',
      "model pixels for each of the scan's pixels; map: several may be given " +
        `(default: ${DEFAULT_SCALE}; map: ${DEFAULT_MAP_SCALE})`,
      several(number(SMALLEST, 4)),
    )
    .option(
      '--stride <px>',
      'step from tile to tile in model pixels, screening uses it too ' +
        `(default: ${DEFAULT_STRIDE_PX}; map: ${DEFAULT_MAP_STRIDE_PX})`,
      whole(1),
    )
    .option(
      '--batch <n>',
      `patches or crops in a step (default: ${defaults.batchSize}; map: ${map.batchSize})`,
      whole(2),
    )
    .option(
      '--lr <x>',
      "learning rate; map: the generator's",
      number(SMALLEST),
      defaults.learningRate,
    )
    .option(
      '--beta1 <x>',
      "Adam's β1; map: the generator's",
      number(0, LARGEST_DECAY),
      defaults.beta1,
    )
    .option(
      '--beta2 <x>',
      "Adam's β2; map: the generator's",
      number(0, LARGEST_DECAY),
      defaults.beta2,
    )
    .option(
      '--isize <px>',
      `side of a tile, a power of two (default: ${architecture.isize}; map: ${map.architecture.isize})`,
      powerOfTwo,
    )
    .option(
      '--ngf <n>',
      `feature width (default: ${architecture.ngf}; map: ${map.architecture.ngf})`,
      whole(1),
    )
    .option('--nz <n>', 'size of the latent vector', whole(1), architecture.nz)
    .option('--extra-layers <n>', 'extra 3×3 blocks', whole(0), architecture.extraLayers)
    .option('--w-con <x>', 'weight of L_con', number(0), defaults.contextualWeight)
    .option('--w-enc <x>', 'weight of L_enc', number(0), defaults.encoderWeight)
    .option(
      '--generator-crops <n>',
      'map: crops that the generator is trained on',
      whole(1),
      map.generatorCrops,
    )
    .option(
      '--members <n>',
      'map: comparators, trained one after the other',
      whole(1),
      comparator.members,
    )
    .option(
      '--comparator-crops <n>',
      'map: crops that each comparator is trained on',
      whole(1),
      map.comparatorCrops,
    )
    .option(
      '--comparator-lr <x>',
      'map: learning rate of the comparators',
      number(SMALLEST),
      map.comparatorLearningRate,
    )
    .option(
      '--comparator-width <n>',
      'map: feature width of the comparators',
      whole(1),
      comparator.width,
    )
    .option('--comparator-depth <n>', 'map: levels of the comparators', whole(2), comparator.depth)
    .option(
      '--comparator-blocks <n>',
      'map: 3×3 blocks at each level of the comparators',
      whole(0),
      comparator.extraBlocks,
    )
    .option('--sees-reconstruction', 'map: comparators see x̂ beside the tile', false)
    .option(
      '--solids <families>',
      `map: families of the solids put in, by commas, among ${PART_FAMILIES.join(', ')}`,
      familiesOf,
      map.solidFamilies,
    )
    .option(
      '--mean-radius <n>',
      'map: cells around a cell whose mean it takes',
      whole(0),
      map.mapScore.meanRadius,
    )
    .option(
      '--turns <n>',
      'map: quarter turns that are averaged, 1 or 4',
      turnsOf,
      map.mapScore.turns,
    )
    .option('--snapshot', 'map: write the bundle of the first half of the comparators, too', false)
    .option('--epochs <n>', 'plain: passes over the patches, at most', whole(1), defaults.epochs)
    .option('--patches-per-epoch <n>', 'plain: patches of an epoch (default: all)', whole(1))
    .option(
      '--patience <n>',
      'plain: end after so many epochs without a lower held-out L_con and keep the best weights; ' +
        '0: neither',
      whole(0),
      DEFAULT_PATIENCE,
    )
    .option('--max-steps <n>', 'plain: end after so many steps', whole(1))
    .option('--max-minutes <n>', 'plain: end after so many minutes of training', number(SMALLEST))
    .option('--w-adv <x>', 'plain: weight of L_adv', number(0), defaults.adversarialWeight)
    .option('--checkpoint-minutes <n>', 'time between checkpoints', number(SMALLEST), 10)
    .option('--memory-mb <n>', 'bound on the pictures held in memory', number(1), 1500)
    .option('--description <text>', 'what the model is for', 'trained on benign scans')
    .option('--licence <text>', 'licence of the weights', 'not stated')
    .action((options: TrainOptions, command: Command) => {
      refuseOthersOptions(options, command);
      return train(options, commandLine);
    });
};

/** @throws PhiscanError `arguments-invalid` for what was given and would be left unread */
function refuseOthersOptions({ method, score, holdOut }: TrainOptions, command: Command): void {
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
  if (options.method !== undefined) {
    await trainMethodCommand(options.method, requestOf(options), commandLine);
    return;
  }
  if (options.score === 'map') {
    await trainDenoisingCommand(denoisingRequestOf(options), commandLine);
    return;
  }
  const { stdout, stderr, signal } = commandLine;
  const { trainBundle } = await import('../../src-lab/ganomaly/train-bundle');
  const reading = new ProgressLine(stderr, 'Scans read:');
  const progress = new TrainingProgressLine(stderr);
  const sayStopping = (): void => {
    progress.say('Stopping after this step; Ctrl-C again stops at once.');
  };
  signal.addEventListener('abort', sayStopping, { once: true });
  try {
    const { networks, bundle } = await trainBundle({
      ...requestOf(options),
      onScansRead: (read, total) => reading.draw(read, total),
      onPatches: ({ scanCount, patchCount, heldOutScanCount, heldOutPatchCount, skipped }) => {
        reading.end();
        progress.say(
          `${patchCount} patches from ${scanCount} scans to train on; ` +
            `${heldOutPatchCount} from ${heldOutScanCount} held out.`,
        );
        for (const { path: file, error } of skipped) {
          progress.say(`Left out ${file}: ${error.message}`);
        }
      },
      onProgress: (step) => progress.draw(step),
      signal,
    });
    progress.end();
    await writeLine(stdout, summaryOf(networks));
    if (bundle === null) {
      await writeLine(stdout, 'Stopped. Continue with the same command and --resume.');
      commandLine.exitWith(EXIT.interrupted);
    } else {
      await writeLine(stdout, `Bundle, not calibrated yet: ${bundle.directory}`);
    }
    await writeLine(stdout, `Report: ${path.join(options.out, TRAINING_REPORT_FILE)}`);
  } finally {
    reading.end();
    progress.end();
    signal.removeEventListener('abort', sayStopping);
  }
}

function requestOf(options: TrainOptions): TrainBundleRequest {
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
    scaleFactor: onlyScale(options.scale ?? [DEFAULT_SCALE]),
    stridePx: options.stride ?? DEFAULT_STRIDE_PX,
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

function denoisingRequestOf(options: TrainOptions): TrainDenoisingRequest {
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
    scaleFactors: options.scale ?? [DEFAULT_MAP_SCALE],
    stridePx: options.stride ?? DEFAULT_MAP_STRIDE_PX,
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

function familiesOf(text: string): readonly PartFamily[] {
  return text.split(',').map((name) => {
    const family = PART_FAMILIES.find((known) => known === name);
    if (family !== undefined) return family;
    throw new InvalidArgumentError(`Families among ${PART_FAMILIES.join(', ')} were expected.`);
  });
}

function turnsOf(text: string): 1 | 4 {
  if (text === '1' || text === '4') return text === '1' ? 1 : 4;
  throw new InvalidArgumentError('1 or 4 was expected.');
}

function several<T>(parse: (text: string) => T): (text: string, before?: T[]) => T[] {
  return (text, before = []) => [...before, parse(text)];
}

function summaryOf(networks: TrainedNetworks): string {
  const { end, steps, keptStep, heldOut, epochs, recoveries } = networks;
  const kept =
    heldOut === null
      ? []
      : [`kept step ${keptStep}, held-out L_con ${heldOut.contextual.toFixed(4)}`];
  return (
    [
      `${steps} steps (${epochs.toFixed(2)} epochs) in ${clock(networks.trainingSeconds)}`,
      ...(end === 'early-stop' ? ['ended early, the held-out loss no longer falling'] : []),
      ...(end === 'interrupted' ? [] : kept),
      ...(recoveries > 0 ? [`returned ${recoveries} times to good weights`] : []),
      `discriminator drawn anew ${networks.discriminatorRedraws} times`,
    ].join('; ') + '.'
  );
}

function whole(min: number): (text: string) => number {
  return optionNumber({ min, max: Infinity, integer: true });
}

function number(min: number, max = Infinity): (text: string) => number {
  return optionNumber({ min, max });
}

function powerOfTwo(text: string): number {
  const value = Number(text);
  if (value >= 32 && Number.isInteger(Math.log2(value))) return value;
  throw new InvalidArgumentError('A power of two of at least 32 was expected.');
}
