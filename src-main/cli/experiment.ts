import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { METHOD_NAMES, type MethodName } from '../../src-lab/baselines/anomaly-method';
import {
  DEFAULT_NZ_VALUES,
  DEFAULT_SIZES,
  defaultMethods,
  EXPERIMENT_NAMES,
  type ExperimentName,
  type ExperimentPlan,
  type PublicSetName,
} from '../../src-lab/experiments/experiment-settings';
import { readBundle } from '../engine/bundle/read-bundle';
import type { EngineName } from '../engine/engine';
import { selectEngine } from '../engine/select-engine';
import type { BundleUnderTest } from '../../src-lab/experiments/measure-bundle';
import { EXIT, writeLine, type CommandLine } from './command-line';
import { engineOption } from './engine-option';
import { optionNumber } from './option-number';
import { ProgressLine } from './progress-line';

/** Options as commander gives them, by their camel-cased names. */
interface ExperimentOptions {
  readonly out: string;
  readonly datasets?: string;
  readonly methods?: readonly MethodName[];
  readonly classes?: readonly string[];
  readonly seeds: readonly number[];
  readonly on: PublicSetName;
  readonly nzValues: readonly number[];
  readonly epochs: number;
  readonly batch: number;
  readonly trainPictures: number;
  readonly testPictures: number;
  readonly anoganPictures: number;
  readonly trainBags: number;
  readonly testBags: number;
  readonly ngf: number;
  readonly nz: number;
  readonly lr: number;
  readonly wAdv: number;
  readonly wCon: number;
  readonly wEnc: number;
  readonly minutesPerRun: number;
  readonly checkpointMinutes: number;
  readonly times: boolean;
  readonly model?: string;
  readonly engine: EngineName | 'auto';
}

/** No run is longer than this, however it is asked for. */
const MOST_MINUTES = 90;
const SMALLEST = 1e-9;

export function registerExperiment(program: Command, commandLine: CommandLine): void {
  const { method, ...sizes } = DEFAULT_SIZES;
  program
    .command('experiment')
    .description("run one of the paper's protocols or sweeps, and write a table of it")
    .addArgument(new Argument('<name>', 'what to run').choices(EXPERIMENT_NAMES))
    .requiredOption('--out <dir>', 'takes a file for every run, and the tables')
    .option('--datasets <dir>', 'folder of the public data sets (mnist, cifar10, sweeps)')
    .option('--methods <a,b>', `of ${METHOD_NAMES.join(', ')}`, methodList)
    .option('--classes <a,b>', 'anomalous classes (default: all; of a sweep, one)', list)
    .option('--seeds <a,b>', 'seeds of split, order and weights', seedList, [0, 1])
    .addOption(
      new Option('--on <set>', 'public set of a sweep')
        .choices(['mnist', 'cifar10'])
        .default('mnist'),
    )
    .option('--nz-values <a,b>', 'points of sweep-nz', nzList, DEFAULT_NZ_VALUES)
    .option('--epochs <n>', 'passes over the training pictures', whole(1), sizes.epochs)
    .option('--batch <n>', 'pictures in a step', whole(2), sizes.batchSize)
    .option('--train-pictures <n>', 'trained on at most', whole(2), sizes.trainPictures)
    .option(
      '--test-pictures <n>',
      'scored at most, of the normal and of each class',
      whole(1),
      sizes.testPictures,
    )
    .option('--anogan-pictures <n>', 'the same for anogan', whole(1), sizes.anoganPictures)
    .option('--train-bags <n>', 'simulated for uba and ffob', whole(1), sizes.trainBags)
    .option('--test-bags <n>', 'simulated for each class', whole(1), sizes.testBags)
    .option('--ngf <n>', 'feature width', whole(1), method.ngf)
    .option('--nz <n>', 'size of the latent vector', whole(1), method.nz)
    .option('--lr <x>', 'learning rate', number(SMALLEST), method.learningRate)
    .option('--w-adv <x>', 'weight of L_adv', number(0), method.adversarialWeight)
    .option('--w-con <x>', 'weight of L_con', number(0), method.contextualWeight)
    .option('--w-enc <x>', 'weight of L_enc', number(0), method.encoderWeight)
    .option(
      '--minutes-per-run <m>',
      'a run is cut short after this',
      number(SMALLEST, MOST_MINUTES),
      MOST_MINUTES,
    )
    .option('--checkpoint-minutes <m>', 'time between checkpoints', number(SMALLEST), 2)
    .option('--no-times', 'leave out the scoring times of the methods')
    .option('--model <dir>', 'model bundle to measure beside the methods (uba, ffob)')
    .addOption(engineOption())
    .addHelpText(
      'after',
      '\nThe same command goes on where it was stopped. docs/experiments.md says what each does.' +
        '\nExample: phiscan experiment cifar10 --datasets datasets/ --out out/cifar10',
    )
    .action((name: ExperimentName, options: ExperimentOptions) =>
      experiment(name, options, commandLine),
    );
}

async function experiment(
  name: ExperimentName,
  options: ExperimentOptions,
  { stdout, stderr, signal, exitWith }: CommandLine,
): Promise<void> {
  const { findMethod } = await import('../../src-lab/baselines/find-method');
  const { requireTensorflow } = await import('../../src-lab/ganomaly/tensorflow-runtime');
  const { runExperiment } = await import('../../src-lab/experiments/run-experiment');
  const { renderExperimentTable } =
    await import('../../src-lab/experiments/render-experiment-table');
  const progress = new PhaseLines(stderr);
  const plan = planOf(name, options);
  const bundle = await openBundle(options);
  const { table, stopped } = await runExperiment(requireTensorflow(), {
    plan,
    bundle,
    methodOf: findMethod,
    directory: options.out,
    datasets: options.datasets ?? null,
    minutesPerRun: options.minutesPerRun,
    checkpointMinutes: options.checkpointMinutes,
    measureTimes: options.times && !name.startsWith('sweep-'),
    command: commandOf(plan),
    onBags: (done, total) => progress.draw('Simulated bag', done, total),
    onRun: ({ key }, index, total) => progress.say(`Run ${index + 1} of ${total}: ${key}`),
    onProgress: ({ phase, done, total }) => progress.draw(`  ${phase}`, done, total),
    onRunOver: ({ state, auroc }) => {
      const figures = Object.entries(auroc).map(([of, value]) => `${of} ${value.toFixed(3)}`);
      progress.say(`  ${state}: AUROC ${figures.join(', ') || '–'}`);
    },
    signal,
  });
  progress.end();
  await bundle?.model.dispose();
  await writeLine(stdout, renderExperimentTable(table));
  if (stopped) {
    await writeLine(stderr, 'Stopped. The same command goes on from here.');
    exitWith(EXIT.interrupted);
  }
}

async function openBundle({ model, engine }: ExperimentOptions): Promise<BundleUnderTest | null> {
  if (model === undefined) return null;
  const bundle = await readBundle(model);
  return { manifest: bundle.manifest, model: await selectEngine(engine).load(bundle) };
}

function planOf(experiment: ExperimentName, options: ExperimentOptions): ExperimentPlan {
  return {
    experiment,
    methods: options.methods ?? defaultMethods(experiment),
    classes: options.classes ?? null,
    seeds: options.seeds,
    sweepOn: options.on,
    nzValues: options.nzValues,
    sizes: {
      epochs: options.epochs,
      batchSize: options.batch,
      trainPictures: options.trainPictures,
      testPictures: options.testPictures,
      anoganPictures: options.anoganPictures,
      trainBags: options.trainBags,
      testBags: options.testBags,
      method: {
        ...DEFAULT_SIZES.method,
        ngf: options.ngf,
        nz: options.nz,
        learningRate: options.lr,
        adversarialWeight: options.wAdv,
        contextualWeight: options.wCon,
        encoderWeight: options.wEnc,
      },
    },
  };
}

/** The command that makes the same runs, with every option that decides them. */
function commandOf(plan: ExperimentPlan): string {
  const { experiment, methods, classes, seeds, sweepOn, nzValues, sizes } = plan;
  const isSweep = experiment.startsWith('sweep-');
  const isSimulated = experiment === 'uba' || experiment === 'ffob';
  const { method } = sizes;
  const words: (string | number)[] = ['phiscan', 'experiment', experiment, '--out', 'DIR'];
  if (!isSimulated) words.push('--datasets', 'DIR');
  if (isSweep) words.push('--on', sweepOn);
  if (experiment === 'sweep-nz') words.push('--nz-values', nzValues.join(','));
  words.push('--methods', methods.join(','));
  if (classes !== null) words.push('--classes', classes.join(','));
  words.push('--seeds', seeds.join(','), '--epochs', sizes.epochs, '--batch', sizes.batchSize);
  words.push('--train-pictures', sizes.trainPictures, '--test-pictures', sizes.testPictures);
  if (methods.includes('anogan')) words.push('--anogan-pictures', sizes.anoganPictures);
  if (isSimulated) words.push('--train-bags', sizes.trainBags, '--test-bags', sizes.testBags);
  words.push('--ngf', method.ngf, '--nz', method.nz, '--lr', method.learningRate);
  words.push('--w-adv', method.adversarialWeight, '--w-con', method.contextualWeight);
  words.push('--w-enc', method.encoderWeight);
  return words.join(' ');
}

/** One progress line for each phase, lines of their own between them. */
class PhaseLines {
  #line: ProgressLine | null = null;
  #phase = '';

  constructor(private readonly stream: CommandLine['stderr']) {}

  draw(phase: string, done: number, total: number): void {
    if (this.#line === null || phase !== this.#phase) {
      this.end();
      this.#line = new ProgressLine(this.stream, phase);
      this.#phase = phase;
    }
    this.#line.draw(done, total);
  }

  say(text: string): void {
    this.end();
    this.stream.write(`${text}\n`);
  }

  end(): void {
    this.#line?.end();
    this.#line = null;
  }
}

function list(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.every((word) => word !== '')) return [...new Set(words)];
  throw new InvalidArgumentError('Names with commas between them were expected.');
}

function methodList(text: string): MethodName[] {
  return list(text).map((word) => {
    const name = METHOD_NAMES.find((known) => known === word);
    if (name !== undefined) return name;
    throw new InvalidArgumentError(`"${word}" is none of ${METHOD_NAMES.join(', ')}.`);
  });
}

function seedList(text: string): number[] {
  return list(text).map(whole(0));
}

function nzList(text: string): number[] {
  return list(text).map(whole(1));
}

function whole(min: number): (text: string) => number {
  return optionNumber({ min, max: Number.MAX_SAFE_INTEGER, integer: true });
}

function number(min: number, max = Infinity): (text: string) => number {
  return optionNumber({ min, max });
}
