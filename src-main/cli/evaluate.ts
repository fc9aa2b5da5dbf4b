import type { Command } from 'commander';
import { detectionReport } from '../../src-lab/evaluation/detection-report';
import { findBags } from '../../src-lab/evaluation/find-bags';
import { measureBag } from '../../src-lab/evaluation/measured-bag';
import { BagScreener } from '../../src-lab/evaluation/screen-bag';
import { readThreatBoxes } from '../../src-lab/evaluation/threat-boxes';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { DEFAULT_THRESHOLD } from '../../src-shared/domain/site';
import { readBundle } from '../engine/bundle/read-bundle';
import type { EngineName } from '../engine/engine';
import { selectEngine } from '../engine/select-engine';
import type { CommandLine } from './command-line';
import { EXIT, writeLine } from './command-line';
import { defaultModelDirectory } from './default-model';
import { engineOption } from './engine-option';
import { evaluationTable } from './evaluation-table';
import { optionNumber } from './option-number';
import { screenBags } from './screen-bags';

interface EvaluateOptions {
  readonly model?: string;
  readonly benign: string;
  readonly threat: string;
  readonly boxes?: string;
  readonly phi: number;
  readonly engine: EngineName | 'auto';
  readonly bootstrap: number;
  readonly seed: number;
  readonly json: boolean;
}

export function registerEvaluate(program: Command, commandLine: CommandLine): void {
  program
    .command('evaluate')
    .description(
      'measure detection on benign and threat bags, with the darkness baseline beside it',
    )
    .requiredOption('--benign <dir>', 'folder of benign bags, neither trained on nor calibrated on')
    .requiredOption('--threat <dir>', 'folder of bags with threats')
    .option('--model <dir>', 'model bundle (default: the one that comes with the program)')
    .option('--boxes <file>', 'CSV of boxes on threats: file,class,x,y,w,h')
    .option(
      '--phi <x>',
      'φ at which alarm rates are read',
      optionNumber({ min: 0, max: 1 }),
      DEFAULT_THRESHOLD,
    )
    .addOption(engineOption())
    .option(
      '--bootstrap <n>',
      'rounds of the bootstrap over bags, 0 for none',
      optionNumber({ min: 0, max: 100_000, integer: true }),
      1000,
    )
    .option(
      '--seed <n>',
      'seed of the bootstrap',
      optionNumber({ min: 0, max: 2 ** 31, integer: true }),
      1,
    )
    .option('--json', 'print one JSON object', false)
    .action((options: EvaluateOptions) => evaluate(options, commandLine));
}

async function evaluate(options: EvaluateOptions, commandLine: CommandLine): Promise<void> {
  const { stdout, exitWith } = commandLine;
  const bundle = await readBundle(options.model ?? (await defaultModelDirectory()));
  const boxes = options.boxes === undefined ? undefined : await readThreatBoxes(options.boxes);
  const benignBags = await findBags(options.benign, { benignOnly: true });
  const threatBags = await findBags(options.threat, boxes === undefined ? {} : { boxes });
  refuseEmpty(options.benign, benignBags.length);
  refuseEmpty(options.threat, threatBags.length);
  if (boxes !== undefined && !threatBags.some((bag) => bag.threats !== null)) {
    throw new PhiscanError(
      'arguments-invalid',
      `None of the files in ${options.boxes ?? ''} lies in ${options.threat}. Name the boxes of these scans.`,
    );
  }
  const engine = selectEngine(options.engine);
  const screener = await BagScreener.load(engine, bundle);
  try {
    const screen = (what: string, bags: typeof benignBags) =>
      screenBags(what, bags, screener, (scored) => measureBag(scored), commandLine);
    const benign = await screen('Scoring benign bags', benignBags);
    const threat = await screen('Scoring threat bags', threatBags);
    const report = {
      model: bundle.manifest.id,
      engine: engine.name,
      scoreDefinition: bundle.manifest.scoreDefinition,
      bootstrap: { rounds: options.bootstrap, seed: options.seed },
      unscored: { benign: benign.unscored, threat: threat.unscored },
      ...(await detectionReport(benign.kept, threat.kept, {
        calibration: bundle.manifest.calibration,
        phi: options.phi,
        bootstrapRounds: options.bootstrap,
        seed: options.seed,
        signal: commandLine.signal,
      })),
    };
    if (options.json) await writeLine(stdout, JSON.stringify(report));
    else for (const line of evaluationTable(report)) await writeLine(stdout, line);
    const unscored = benign.unscored.length + threat.unscored.length;
    exitWith(unscored > 0 ? EXIT.someUnscored : EXIT.ok);
  } finally {
    await screener.dispose();
  }
}

function refuseEmpty(directory: string, bags: number): void {
  if (bags > 0) return;
  throw new PhiscanError('arguments-invalid', `No scan was found in ${directory}.`);
}
