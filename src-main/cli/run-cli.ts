import { Command, CommanderError } from 'commander';
import type { Writable } from 'node:stream';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { CommandLine, RegisterCommand } from './command-line';
import { EXIT, writeLine } from './command-line';
import { programVersion } from './program-version';
import { registerCalibrate } from './calibrate';
import { registerCreateSupervisor } from './create-supervisor';
import { registerEvaluate } from './evaluate';
import { registerExperiment } from './experiment';
import { registerScore } from './score';
import { registerSimulate } from './simulate';
import { registerTip } from './tip';
import { registerTrain } from './train';

const COMMANDS: readonly RegisterCommand[] = [
  registerScore,
  registerSimulate,
  registerTrain,
  registerCalibrate,
  registerEvaluate,
  registerExperiment,
  registerCreateSupervisor,
  registerTip,
];

/** Where a command line writes; a test listens in. */
export interface CliStreams {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

const HELP_WORDS = ['help', '--help', '-h', '--version', '-V'];

/** Whether a program's first argument asks for the command line instead of the window. */
export function isCliCommand(name: string | undefined): boolean {
  const { program } = buildProgram(process, new AbortController().signal);
  return (
    name !== undefined &&
    (HELP_WORDS.includes(name) || program.commands.some((command) => command.name() === name))
  );
}

/**
 * Runs the command line: the Node entry in a checkout, the program itself with a subcommand and
 * no window in a package. Ctrl-C stops cleanly; a second one at once.
 * @param argv the arguments after the program's own name
 * @returns the exit code (EXIT)
 */
export async function runCli(
  argv: readonly string[],
  streams: CliStreams = process,
): Promise<number> {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort();
  };
  // Nobody reads on, as in `phiscan score … | head`: stop as on Ctrl-C instead of failing loudly.
  const onOutputError = (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  streams.stdout.on('error', onOutputError);
  try {
    const { program, exitCode } = buildProgram(streams, stop.signal);
    await program.parseAsync(argv, { from: 'user' });
    return stop.signal.aborted ? EXIT.interrupted : exitCode();
  } catch (error) {
    if (!stop.signal.aborted) return await exitCodeOf(error, streams);
    if (error instanceof PhiscanError) streams.stderr.write(`${error.message}\n`);
    return EXIT.interrupted;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    streams.stdout.off('error', onOutputError);
  }
}

function buildProgram(
  { stdout, stderr }: CliStreams,
  signal: AbortSignal,
): { program: Command; exitCode: () => number } {
  let code: number = EXIT.ok;
  const commandLine: CommandLine = {
    stdout,
    stderr,
    signal,
    exitWith: (chosen) => {
      code = chosen;
    },
  };
  const program = new Command('phiscan')
    .description('Screens X-ray baggage scans with a model that knows only benign bags.')
    .version(programVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
    })
    .showHelpAfterError('See phiscan help, or phiscan COMMAND --help.');
  for (const register of COMMANDS) register(program, commandLine);
  return { program, exitCode: () => code };
}

/** Says on stderr what went wrong, and chooses the exit code. */
async function exitCodeOf(error: unknown, { stderr }: CliStreams): Promise<number> {
  // Commander has printed its own line.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.misuse;
  if (error instanceof PhiscanError) {
    await writeLine(stderr, error.message);
    return error.code === 'arguments-invalid' ? EXIT.misuse : EXIT.failed;
  }
  throw error;
}
