import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { PatchFacts, TrainBundleRequest } from '../../src-lab/ganomaly/train-bundle';
import { trainBundle } from '../../src-lab/ganomaly/train-bundle';
import type { TrainedNetworks, TrainingProgress } from '../../src-lab/ganomaly/run-training';
import { DEFAULT_TRAINING_SETTINGS } from '../../src-lab/ganomaly/training-settings';

/** Options as commander gives them, by their camel-cased names. */
interface TrainOptions {
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

/** Ctrl-C's exit code by convention: 128 + SIGINT. */
const EXIT_INTERRUPTED = 130;

export function registerTrain(program: Command): void {
  const defaults = DEFAULT_TRAINING_SETTINGS;
  const { architecture } = defaults;
  program
    .command('train')
    .description('train GANomaly on a folder of benign scans and write a model bundle')
    .requiredOption('--benign <dir>', 'folder of benign scans, searched with its subfolders')
    .requiredOption('--out <dir>', 'takes checkpoint.bin, metrics.jsonl and the bundle')
    .option('--seed <n>', 'decides weights, order and flips', wholeFrom(0), defaults.seed)
    .option('--epochs <n>', 'passes over the patches', wholeFrom(1), defaults.epochs)
    .option('--patches-per-epoch <n>', 'patches of an epoch (default: all)', wholeFrom(1))
    .option('--max-steps <n>', 'end after so many steps', wholeFrom(1))
    .option('--max-minutes <n>', 'end after so many minutes of training', positive)
    .option('--batch <n>', 'patches in a step', wholeFrom(2), defaults.batchSize)
    .option('--lr <x>', 'learning rate of both Adams', positive, defaults.learningRate)
    .option('--beta1 <x>', "Adam's β1", share, defaults.beta1)
    .option('--beta2 <x>', "Adam's β2", share, defaults.beta2)
    .option('--isize <px>', 'side of a patch, a power of two', powerOfTwo, architecture.isize)
    .option('--ngf <n>', 'feature width', wholeFrom(1), architecture.ngf)
    .option('--nz <n>', 'size of the latent vector', wholeFrom(1), architecture.nz)
    .option('--extra-layers <n>', 'extra 3×3 blocks', wholeFrom(0), architecture.extraLayers)
    .option('--w-adv <x>', 'weight of L_adv', notNegative, defaults.adversarialWeight)
    .option('--w-con <x>', 'weight of L_con', notNegative, defaults.contextualWeight)
    .option('--w-enc <x>', 'weight of L_enc', notNegative, defaults.encoderWeight)
    .option('--scale <x>', "model pixels for each of the scan's pixels", positive, 1)
    .option('--stride <px>', 'step from patch to patch in model pixels', wholeFrom(1), 32)
    .option('--checkpoint-minutes <n>', 'time between checkpoints', positive, 10)
    .option('--memory-mb <n>', 'bound on the pictures held in memory', positive, 1500)
    .option('--description <text>', 'what the model is for', 'trained on benign scans')
    .option('--licence <text>', 'licence of the weights', 'not stated')
    .option('--resume', 'continue from the checkpoint in --out', false)
    .action(async (options: TrainOptions) => {
      await train(options);
    });
}

async function train(options: TrainOptions): Promise<void> {
  const interrupt = new AbortController();
  const onInterrupt = (): void => {
    if (interrupt.signal.aborted) process.exit(EXIT_INTERRUPTED);
    interrupt.abort();
    console.error('\nStopping after this step. Press Ctrl-C again to stop at once.');
  };
  process.on('SIGINT', onInterrupt);
  const progress = new ProgressLine(process.stderr);
  try {
    const { networks, bundle } = await trainBundle({
      ...requestOf(options),
      onScansRead: (read, total) => progress.scans(read, total),
      onPatches: (patches) => progress.patches(patches),
      onProgress: (step) => progress.training(step),
      signal: interrupt.signal,
    });
    progress.end();
    console.log(summaryOf(networks));
    if (bundle === null) {
      console.log(`Stopped. Continue with the same command and --resume.`);
      process.exitCode = EXIT_INTERRUPTED;
    } else {
      console.log(`Bundle, not calibrated yet: ${bundle.directory}`);
    }
  } finally {
    progress.end();
    process.off('SIGINT', onInterrupt);
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

/** One line that is redrawn on a terminal; lines of their own, fewer of them, elsewhere. */
class ProgressLine {
  private linesDrawn = 0;
  private lastPlainMs = 0;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  scans(read: number, total: number): void {
    this.draw(`Reading scans ${bar(read / total)} ${read} of ${total}`, read === total);
  }

  patches({ scanCount, patchCount, skipped }: PatchFacts): void {
    this.end();
    this.stream.write(`${patchCount} patches from ${scanCount} scans.\n`);
    for (const { path, error } of skipped) {
      this.stream.write(`Left out ${path}: ${error.message}\n`);
    }
  }

  training({ metrics, epochs, stepsTotal, secondsLeft }: TrainingProgress): void {
    const { step, epoch, contextual, adversarial, encoder, discriminator } = metrics;
    this.draw(
      `Training ${bar(step / stepsTotal)} step ${step} of ${stepsTotal}, ` +
        `epoch ${epoch + 1} of ${epochs} · ${metrics.patchesPerSecond} patches/s · ` +
        `con ${contextual.toFixed(4)} adv ${adversarial.toFixed(4)} enc ${encoder.toFixed(4)} ` +
        `D ${discriminator.toFixed(4)} · ${clock(secondsLeft)} left`,
      false,
    );
  }

  end(): void {
    if (this.linesDrawn > 0 && this.stream.isTTY) this.stream.write('\n');
    this.linesDrawn = 0;
  }

  private draw(text: string, always: boolean): void {
    if (this.stream.isTTY) {
      this.stream.write(`\r\x1b[2K${text.slice(0, Math.max(20, this.stream.columns - 1))}`);
      this.linesDrawn = 1;
      return;
    }
    const nowMs = performance.now();
    if (!always && nowMs - this.lastPlainMs < PLAIN_LINE_INTERVAL_MS) return;
    this.lastPlainMs = nowMs;
    this.stream.write(`${text}\n`);
  }
}

const PLAIN_LINE_INTERVAL_MS = 15_000;

function bar(share: number): string {
  const filled = Math.round(20 * Math.min(1, share));
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${Math.floor(100 * share)} %`;
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`A whole number from ${least} was expected.`);
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('A number over 0 was expected.');
}

function notNegative(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('A number of at least 0 was expected.');
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value < 1) return value;
  throw new InvalidArgumentError('A number from 0 to under 1 was expected.');
}

function powerOfTwo(text: string): number {
  const value = Number(text);
  if (value >= 32 && Number.isInteger(Math.log2(value))) return value;
  throw new InvalidArgumentError('A power of two of at least 32 was expected.');
}
