import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { LatentScoreDefinition } from '../../src-shared/screening/tile-scores';
import { METHOD_NAMES } from '../../src-lab/baselines/anomaly-method';
import {
  COMPARATOR_DEFAULTS,
  DEFAULT_DENOISING_SETTINGS,
} from '../../src-lab/ganomaly/denoising-settings';
import { DEFAULT_TRAINING_SETTINGS } from '../../src-lab/ganomaly/training-settings';
import type { PartFamily } from '../../src-lab/put-in/solid-part';
import { PART_FAMILIES } from '../../src-lab/put-in/solid-part';
import { optionNumber } from './option-number';

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
  readonly calibrate: boolean;
  readonly checkpointMinutes: number;
  readonly memoryMb: number;
  readonly description: string;
  readonly licence: string;
  readonly resume: boolean;
}

/** Model pixels for each of the scan's, and the step from tile to tile, where none are given. */
export const TRAIN_TILING = {
  plain: { scale: 1, stridePx: 32 },
  map: { scale: 0.3, stridePx: 64 },
} as const;

/** Options that must be over 0 are at least this. */
const SMALLEST = 1e-9;
/** Adam's decays must be under 1. */
const LARGEST_DECAY = 0.999999;
/** Epochs without a lower held-out loss after which a plain training ends. */
const DEFAULT_PATIENCE = 3;

/** Adds every option of `phiscan train`, with the recipes' own defaults. */
export function addTrainOptions(command: Command): void {
  addSharedOptions(command);
  addMapOptions(command);
  addPlainOptions(command);
  addRunOptions(command);
}

/** What both kinds of training read, though some with other defaults. */
function addSharedOptions(command: Command): void {
  const defaults = DEFAULT_TRAINING_SETTINGS;
  const { architecture } = defaults;
  const map = DEFAULT_DENOISING_SETTINGS;
  command
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
        `(default: ${TRAIN_TILING.plain.scale}; map: ${TRAIN_TILING.map.scale})`,
      several(number(SMALLEST, 4)),
    )
    .option(
      '--stride <px>',
      'step from tile to tile in model pixels, screening uses it too ' +
        `(default: ${TRAIN_TILING.plain.stridePx}; map: ${TRAIN_TILING.map.stridePx})`,
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
    .option('--w-enc <x>', 'weight of L_enc', number(0), defaults.encoderWeight);
}

/** What a training for a map alone reads. */
function addMapOptions(command: Command): void {
  const map = DEFAULT_DENOISING_SETTINGS;
  const comparator = COMPARATOR_DEFAULTS;
  command
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
    .option('--snapshot', 'map: write the bundle of the first half of the comparators, too', false);
}

/** What a training for a plain score alone reads. */
function addPlainOptions(command: Command): void {
  const defaults = DEFAULT_TRAINING_SETTINGS;
  command
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
    .option('--w-adv <x>', 'plain: weight of L_adv', number(0), defaults.adversarialWeight);
}

/** What decides how a run goes on, and what the manifest says of it. */
function addRunOptions(command: Command): void {
  command
    .option('--checkpoint-minutes <n>', 'time between checkpoints', number(SMALLEST), 10)
    .option('--memory-mb <n>', 'bound on the pictures held in memory', number(1), 1500)
    .option(
      '--calibrate',
      'make the scale of the score from the held-out scans when training has ended, too',
      false,
    )
    .option('--description <text>', 'what the model is for', 'trained on benign scans')
    .option('--licence <text>', 'licence of the weights', 'not stated');
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
