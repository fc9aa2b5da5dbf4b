import { InvalidArgumentError, Option } from 'commander';
import { METHOD_NAMES } from '../../src-lab/baselines/anomaly-method';
import type { TrainBundleRequest } from '../../src-lab/ganomaly/train-bundle';
import type { TrainedNetworks } from '../../src-lab/ganomaly/run-training';
import { DEFAULT_TRAINING_SETTINGS } from '../../src-lab/ganomaly/training-settings';
import type { CommandLine, RegisterCommand } from './command-line';
import { EXIT, writeLine } from './command-line';
import { optionNumber } from './option-number';
import { ProgressLine } from './progress-line';
import { trainMethodCommand } from './train-method';
import { clock, TrainingProgressLine } from './training-progress-line';

/** Options as commander gives them, by their camel-cased names. */
interface TrainOptions {
  readonly method?: string;
  readonly benign: string;
  readonly out: string;
  readonly seed: number;
  readonly epochs: number;
  readonly patchesPerEpoch?: number;
  readonly maxSteps?: number;
  readonly maxMinutes?: number;
  readonly batch: number;
  readonly lr: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly isize: number;
  readonly ngf: number;
  readonly nz: number;
  readonly extraLayers: number;
  readonly wAdv: number;
  readonly wCon: number;
  readonly wEnc: number;
  readonly scale: number;
  readonly stride: number;
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

export const registerTrain: RegisterCommand = (program, commandLine) => {
  const defaults = DEFAULT_TRAINING_SETTINGS;
  const { architecture } = defaults;
  program
    .command('train')
    .description('train GANomaly on a folder of benign scans and write a model bundle')
    .requiredOption('--benign <dir>', 'folder of benign scans, searched with its subfolders')
    .requiredOption('--out <dir>', 'takes checkpoint.bin, metrics.jsonl and the bundle')
    .addOption(
      new Option('--method <name>', 'train a rival of the paper for comparison instead').choices(
        METHOD_NAMES,
      ),
    )
    .option('--seed <n>', 'decides weights, order and flips', whole(0), defaults.seed)
    .option('--epochs <n>', 'passes over the patches', whole(1), defaults.epochs)
    .option('--patches-per-epoch <n>', 'patches of an epoch (default: all)', whole(1))
    .option('--max-steps <n>', 'end after so many steps', whole(1))
    .option('--max-minutes <n>', 'end after so many minutes of training', number(SMALLEST))
    .option('--batch <n>', 'patches in a step', whole(2), defaults.batchSize)
    .option('--lr <x>', 'learning rate of both Adams', number(SMALLEST), defaults.learningRate)
    .option('--beta1 <x>', "Adam's β1", number(0, LARGEST_DECAY), defaults.beta1)
    .option('--beta2 <x>', "Adam's β2", number(0, LARGEST_DECAY), defaults.beta2)
    .option('--isize <px>', 'side of a patch, a power of two', powerOfTwo, architecture.isize)
    .option('--ngf <n>', 'feature width', whole(1), architecture.ngf)
    .option('--nz <n>', 'size of the latent vector', whole(1), architecture.nz)
    .option('--extra-layers <n>', 'extra 3×3 blocks', whole(0), architecture.extraLayers)
    .option('--w-adv <x>', 'weight of L_adv', number(0), defaults.adversarialWeight)
    .option('--w-con <x>', 'weight of L_con', number(0), defaults.contextualWeight)
    .option('--w-enc <x>', 'weight of L_enc', number(0), defaults.encoderWeight)
    .option('--scale <x>', "model pixels for each of the scan's pixels", number(SMALLEST, 4), 1)
    .option('--stride <px>', 'step from patch to patch in model pixels', whole(1), 32)
    .option('--checkpoint-minutes <n>', 'time between checkpoints', number(SMALLEST), 10)
    .option('--memory-mb <n>', 'bound on the pictures held in memory', number(1), 1500)
    .option('--description <text>', 'what the model is for', 'trained on benign scans')
    .option('--licence <text>', 'licence of the weights', 'not stated')
    .option('--resume', 'continue from the checkpoint in --out', false)
    .action((options: TrainOptions) => train(options, commandLine));
};

async function train(options: TrainOptions, commandLine: CommandLine): Promise<void> {
  if (options.method !== undefined) {
    await trainMethodCommand(options.method, requestOf(options), commandLine);
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
      onPatches: ({ scanCount, patchCount, skipped }) => {
        reading.end();
        progress.say(`${patchCount} patches from ${scanCount} scans.`);
        for (const { path, error } of skipped) progress.say(`Left out ${path}: ${error.message}`);
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
        isize: options.isize,
        nc: DEFAULT_TRAINING_SETTINGS.architecture.nc,
        nz: options.nz,
        ngf: options.ngf,
        extraLayers: options.extraLayers,
      },
      seed: options.seed,
      epochs: options.epochs,
      batchSize: options.batch,
      patchesPerEpoch: options.patchesPerEpoch ?? null,
      maxSteps: options.maxSteps ?? null,
      learningRate: options.lr,
      beta1: options.beta1,
      beta2: options.beta2,
      adversarialWeight: options.wAdv,
      contextualWeight: options.wCon,
      encoderWeight: options.wEnc,
    },
    scaleFactor: options.scale,
    stridePx: options.stride,
    resume: options.resume,
    maxMinutes: options.maxMinutes ?? null,
    checkpointMinutes: options.checkpointMinutes,
    memoryBytes: options.memoryMb * 2 ** 20,
    description: options.description,
    licence: options.licence,
  };
}

function summaryOf({
  steps,
  epochs,
  trainingSeconds,
  discriminatorRedraws,
}: TrainedNetworks): string {
  return (
    `${steps} steps (${epochs.toFixed(2)} epochs) in ${clock(trainingSeconds)}; ` +
    `discriminator drawn anew ${discriminatorRedraws} times.`
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
