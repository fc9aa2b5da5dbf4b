import { join } from 'node:path';
import type { Command } from 'commander';
import { seamTrial } from '../../src-lab/tip/seam-trial';
import { writeStarterLibrary } from '../../src-lab/tip/write-starter-library';
import { writeTipSheet } from '../../src-lab/tip/write-tip-sheet';
import type { ThreatLibrary } from '../../src-shared/tip/threat-library';
import { libraryCensus } from '../../src-shared/tip/threat-library';
import { threatsPathIn, userDataFolder } from '../app/user-data-folder';
import { importThreats } from '../services/tip/import-threats';
import type { CommandLine } from './command-line';
import { EXIT, writeLine } from './command-line';
import { optionNumber } from './option-number';
import { ProgressLine } from './progress-line';

const WHOLE = { integer: true, min: 0, max: 1_000_000 };

/** Threats of the starter library: four projections each. */
const STARTER_THREATS = 260;

interface LibraryOptions {
  readonly userData: string;
  readonly out?: string;
}

/** `phiscan tip`: threat libraries, and how projected threats look. */
export function registerTip(program: Command, commandLine: CommandLine): void {
  const tip = program
    .command('tip')
    .description('make or import libraries of threats to project into bags, and judge projections');
  registerGenerate(tip, commandLine);
  registerImport(tip, commandLine);
  tip
    .command('sheet')
    .description('write a sheet of projected threats beside really scanned ones, for a person')
    .requiredOption('--out <dir>', 'folder to write to; made where it is missing')
    .option('--seed <s>', 'seed: the same seed gives the same sheet', optionNumber(WHOLE), 1)
    .option('--pictures <n>', 'pairs on it', optionNumber({ ...WHOLE, min: 1, max: 200 }), 12)
    .action((options: { out: string; seed: number; pictures: number }) =>
      sheet(options, commandLine),
    );
  tip
    .command('seams')
    .description(
      'measure whether a classifier tells the borders of projected threats from real ones',
    )
    .option('--seed <s>', 'seed of the bags and threats', optionNumber(WHOLE), 1)
    .option('--pairs <n>', 'pairs of scans', optionNumber({ ...WHOLE, min: 8 }), 80)
    .action(async ({ seed, pairs }: { seed: number; pairs: number }) => {
      const { auc, interval, pieceAuc, pieceInterval, pieces, ...trial } = seamTrial({
        seed,
        pairs,
      });
      const figure = (area: number, { low, high }: typeof interval): string =>
        `AUROC ${area.toFixed(3)} (95 % ${low.toFixed(3)} to ${high.toFixed(3)})`;
      await writeLine(
        commandLine.stdout,
        `Threats: ${figure(auc, interval)}, ${trial.pairs} held-out pairs. Single pieces of border: ${figure(pieceAuc, pieceInterval)}, ${pieces} pieces. 0.5 is chance.`,
      );
    });
}

function registerGenerate(tip: Command, commandLine: CommandLine): void {
  tip
    .command('generate')
    .description('make the starter library of simulated threats')
    .option('--threats <n>', 'how many', optionNumber({ ...WHOLE, min: 1 }), STARTER_THREATS)
    .option('--seed <s>', 'seed: the same seed gives the same threats', optionNumber(WHOLE), 1)
    .option('--user-data <folder>', 'folder of the records', userDataFolder())
    .option('--out <dir>', 'write it elsewhere than into the folder of the records')
    .addHelpText(
      'after',
      '\nGuns, parts of guns, knives and improvised devices, each in two attitudes from two sides.\nExample: phiscan tip generate',
    )
    .action(async (options: LibraryOptions & { threats: number; seed: number }) => {
      const directory = directoryOf(options, 'starter');
      const progress = new ProgressLine(commandLine.stderr, 'Projecting threat');
      const library = await writeStarterLibrary(
        { directory, seed: options.seed, threats: options.threats },
        (done, total) => progress.draw(done, total),
        commandLine.signal,
      );
      progress.end();
      await tellOf(library, directory, commandLine);
    });
}

function registerImport(tip: Command, commandLine: CommandLine): void {
  tip
    .command('import')
    .description("make a library of a site's own scans of threats on air")
    .requiredOption('--from <dir>', 'folder with a folder of scans for each category')
    .requiredOption('--name <name>', 'name of the library')
    .option(
      '--pitch <mm>',
      'millimetres a pixel, for scans that do not say',
      optionNumber({ min: 0.05, max: 10 }),
    )
    .option('--user-data <folder>', 'folder of the records', userDataFolder())
    .option('--out <dir>', 'write it elsewhere than into the folder of the records')
    .action(async (options: LibraryOptions & { from: string; name: string; pitch?: number }) => {
      const { from, name, pitch } = options;
      const directory = directoryOf(options, name.toLowerCase().replace(/[^a-z0-9]+/g, '-'));
      const { library, refused } = await importThreats(
        { from, directory, name, pixelPitchMm: pitch ?? null },
        (done) => commandLine.stderr.write(`\rScan ${done}`),
        commandLine.signal,
      );
      commandLine.stderr.write('\n');
      for (const { message } of refused) await writeLine(commandLine.stderr, message);
      await tellOf(library, directory, commandLine);
      if (refused.length > 0) commandLine.exitWith(EXIT.someUnscored);
    });
}

const directoryOf = ({ out, userData }: LibraryOptions, name: string): string =>
  out ?? join(threatsPathIn(userData), name);

async function tellOf(
  { name, threats }: ThreatLibrary,
  directory: string,
  { stdout }: CommandLine,
): Promise<void> {
  const held = libraryCensus(threats).map(
    (entry) => `${entry.category} ${entry.threats} (${entry.projections} projections)`,
  );
  await writeLine(
    stdout,
    `${name} in ${directory}: ${threats.length} threats: ${held.join(', ')}.`,
  );
}

async function sheet(
  { out, seed, pictures }: { out: string; seed: number; pictures: number },
  { stdout, stderr, signal }: CommandLine,
): Promise<void> {
  const progress = new ProgressLine(stderr, 'Drawing');
  await writeTipSheet(
    { directory: out, seed, pictures },
    (done, total) => progress.draw(done, total),
    signal,
  );
  progress.end();
  await writeLine(stdout, `Open ${join(out, 'index.html')}; the answers stand at its end.`);
}
