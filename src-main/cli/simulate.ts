import { Option, type Command } from 'commander';
import { SIMULATOR_VERSION } from '../../src-lab/simulator/simulator-version';
import { THREAT_KINDS, type ThreatKind } from '../../src-lab/simulator/threats/make-threat';
import { SIMULATION_FORMATS, type SimulationFormat } from '../../src-lab/simulator/write-bag-files';
import { writeSimulation } from '../../src-lab/simulator/write-simulation';
import { EXIT, writeLine, type CommandLine } from './command-line';
import { optionNumber } from './option-number';
import { ProgressLine } from './progress-line';

interface SimulateOptions {
  readonly bags: number;
  readonly seed: number;
  readonly first: number;
  readonly threat: ThreatKind;
  readonly format: SimulationFormat;
  readonly out: string;
  readonly width?: number;
  readonly height?: number;
}

export function registerSimulate(program: Command, commandLine: CommandLine): void {
  const whole = { integer: true, min: 0, max: Number.MAX_SAFE_INTEGER };
  const pixels = { integer: true, min: 64, max: 8192 };
  program
    .command('simulate')
    .description('make scans of simulated bags, for training, tests and demonstrations')
    .requiredOption('--bags <n>', 'how many bags', optionNumber({ ...whole, min: 1 }))
    .requiredOption('--out <dir>', 'folder to write to; made where it is missing')
    .option('--seed <s>', 'seed: the same seed gives the same bags', optionNumber(whole), 1)
    .addOption(
      new Option('--threat <kind>', 'threat in every bag, for testing only')
        .choices(THREAT_KINDS)
        .default('none'),
    )
    .addOption(
      new Option('--format <format>', '16-bit low/high pairs, DICOS objects, or pseudo-colour')
        .choices(SIMULATION_FORMATS)
        .default('png16'),
    )
    .option('--first <i>', 'index of the first bag of the seed', optionNumber(whole), 0)
    .option('--width <px>', 'width of every picture (default: by the bag)', optionNumber(pixels))
    .option('--height <px>', 'height of every picture (default: by the bag)', optionNumber(pixels))
    .addHelpText(
      'after',
      '\nThreats get a mask each, in bag-….masks/. simulation.json lists what was made.\nExample: phiscan simulate --bags 20 --seed 7 --threat mixed --out simulated/',
    )
    .action((options: SimulateOptions) => simulate(options, commandLine));
}

async function simulate(
  options: SimulateOptions,
  { stdout, stderr, signal, exitWith }: CommandLine,
): Promise<void> {
  const progress = new ProgressLine(stderr, 'Simulating bag');
  const { written, stopped } = await writeSimulation(
    {
      seed: options.seed,
      first: options.first,
      bags: options.bags,
      threat: options.threat,
      format: options.format,
      directory: options.out,
      ...(options.width === undefined ? {} : { widthPx: options.width }),
      ...(options.height === undefined ? {} : { heightPx: options.height }),
    },
    (done, total) => progress.draw(done, total),
    signal,
  );
  progress.end();
  const bags = `${written} of ${options.bags} bags`;
  await writeLine(
    stdout,
    `${stopped ? 'Stopped: ' : ''}wrote ${bags} to ${options.out} (simulator ${SIMULATOR_VERSION}, seed ${options.seed}, threat ${options.threat}).`,
  );
  if (stopped) exitWith(EXIT.interrupted);
}
