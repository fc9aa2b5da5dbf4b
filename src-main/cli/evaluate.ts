import type { Command } from 'commander';
import type { DetectionReport } from '../../src-lab/evaluation/detection-report';
import { detectionReport } from '../../src-lab/evaluation/detection-report';
import type { MeasuredBag } from '../../src-lab/evaluation/measured-bag';
import type { MethodEvidence } from '../../src-lab/evaluation/method-evidence';
import { gatherEvidence } from '../../src-lab/evaluation/method-evidence';
import { loadRandomGanomaly, RANDOM_GANOMALY } from '../../src-lab/evaluation/random-ganomaly';
import type { Manifest } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { DEFAULT_THRESHOLD } from '../../src-shared/domain/site';
import type { EngineName } from '../engine/engine';
import { selectEngine } from '../engine/select-engine';
import type { CommandLine } from './command-line';
import { EXIT, writeLine } from './command-line';
import { defaultModelDirectory } from './default-model';
import { engineOption } from './engine-option';
import type { EvaluationFolders } from './evaluation-inputs';
import { findEvaluationInputs } from './evaluation-inputs';
import { openEvaluatedModel } from './evaluated-model';
import { evaluationTable } from './evaluation-table';
import { OtherModels } from './other-models';
import { optionNumber } from './option-number';
import { ProgressLine } from './progress-line';
import { screenBags } from './screen-bags';
import { checkPagePath, writeEvaluationPage } from './write-evaluation-page';

interface EvaluateOptions extends EvaluationFolders {
  readonly model?: string;
  readonly beside?: string;
  readonly phi: number;
  readonly engine: EngineName | 'auto';
  readonly bootstrap: number;
  readonly seed: number;
  readonly random: boolean;
  readonly report?: string;
  readonly json: boolean;
}

export function registerEvaluate(program: Command, commandLine: CommandLine): void {
  program
    .command('evaluate')
    .description(
      'measure detection on benign and threat bags, with baselines that learnt nothing beside it',
    )
    .requiredOption('--benign <dir>', 'folder of benign bags, neither trained on nor calibrated on')
    .requiredOption('--threat <dir>', 'folder of bags with threats')
    .option(
      '--model <dir>',
      'model bundle or laboratory model (default: the bundle that comes with the program)',
    )
    .option(
      '--beside <dir>',
      'another calibrated bundle to measure on the same bags, and both together',
    )
    .option('--boxes <file>', 'CSV of boxes on threats: file,class,x,y,w,h')
    .option('--masks <dir>', 'PNG masks of threats, named as their scans')
    .option(
      '--phi <x>',
      'φ at which alarm rates are read',
      optionNumber({ min: 0, max: 1 }),
      DEFAULT_THRESHOLD,
    )
    .addOption(engineOption())
    .option(
      '--bootstrap <n>',
      'rounds of the bootstrap over bags and over blocks of bags, 0 for none',
      optionNumber({ min: 0, max: 100_000, integer: true }),
      1000,
    )
    .option(
      '--seed <n>',
      'seed of the bootstrap, the size-matched windows and the random weights',
      optionNumber({ min: 0, max: 2 ** 31, integer: true }),
      1,
    )
    .option('--no-random', 'leave out the row of random weights, which takes as long as the model')
    .option('--report <file>', 'write an HTML page with plots and the worst bags’ pictures')
    .option('--json', 'print one JSON object', false)
    .action((options: EvaluateOptions) => evaluate(options, commandLine));
}

async function evaluate(options: EvaluateOptions, commandLine: CommandLine): Promise<void> {
  const { stdout, exitWith } = commandLine;
  if (options.report !== undefined) await checkPagePath(options.report);
  const inputs = await findEvaluationInputs(options);
  const directory = options.model ?? (await defaultModelDirectory());
  const { screener, architecture, ...model } = await openEvaluatedModel(directory, options.engine);
  const { recipe } = screener;
  const others = new OtherModels(recipe.calibration);
  try {
    if (options.random) {
      const engine = selectEngine(options.engine);
      others.add(
        RANDOM_GANOMALY,
        await loadRandomGanomaly(engine, { ...recipe, architecture }, options.seed),
      );
    }
    const beside =
      options.beside === undefined ? null : await others.addBeside(options.beside, options.engine);
    const screen = (what: string, bags: typeof inputs.benign) =>
      screenBags(
        what,
        bags,
        screener,
        (scored) => others.measure(scored, commandLine.signal),
        commandLine,
      );
    const benign = await screen('Scoring benign bags', inputs.benign);
    refuseUnscored('benign', options.benign, benign.kept);
    const threat = await screen('Scoring threat bags', inputs.threat);
    refuseUnscored('threat', options.threat, threat.kept);
    const evidence = gatherEvidence(benign.kept, threat.kept, options.seed);
    const figures = await reportWithProgress(
      benign.kept,
      threat.kept,
      evidence,
      { ...options, calibration: recipe.calibration },
      commandLine,
    );
    const report = {
      model: model.id,
      engine: model.engine,
      scoreDefinition: model.scoreDefinition,
      ...(beside !== null && { beside }),
      bootstrap: { rounds: options.bootstrap, seed: options.seed },
      unscored: { benign: benign.unscored, threat: threat.unscored },
      ...figures,
    };
    if (options.report !== undefined) {
      const page = {
        ...report,
        report: figures,
        evidence,
        bootstrapRounds: options.bootstrap,
        benignFolder: options.benign,
        threatFolder: options.threat,
        unscoredBags: benign.unscored.length + threat.unscored.length,
      };
      await writeEvaluationPage(options.report, page, inputs, screener, commandLine);
    }
    if (options.json) await writeLine(stdout, JSON.stringify(report));
    else for (const line of evaluationTable(report)) await writeLine(stdout, line);
    const unscored = benign.unscored.length + threat.unscored.length;
    exitWith(unscored > 0 ? EXIT.someUnscored : EXIT.ok);
  } finally {
    await screener.dispose();
    await others.dispose();
  }
}

function refuseUnscored(what: string, directory: string, kept: readonly MeasuredBag[]): void {
  if (kept.length > 0) return;
  throw new PhiscanError(
    'arguments-invalid',
    `None of the ${what} bags in ${directory} could be scored, so there is nothing to measure. The reason stands above for each of them.`,
  );
}

async function reportWithProgress(
  benign: readonly MeasuredBag[],
  threat: readonly MeasuredBag[],
  evidence: readonly MethodEvidence[],
  { phi, bootstrap, seed, calibration }: EvaluateOptions & Pick<Manifest, 'calibration'>,
  { stderr, signal }: CommandLine,
): Promise<DetectionReport> {
  const progress = new ProgressLine(stderr, 'Bootstrap round');
  try {
    return await detectionReport(benign, threat, evidence, {
      calibration,
      phi,
      bootstrapRounds: bootstrap,
      seed,
      onProgress: (done, total) => {
        progress.draw(done, total);
      },
      signal,
    });
  } finally {
    progress.end();
  }
}
