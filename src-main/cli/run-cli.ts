import { Command, CommanderError } from 'commander';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { CommandLine } from './command-line';
import { EXIT, writeLine } from './command-line';
import { programVersion } from './program-version';
import { registerScore } from './score';
import { registerTrain } from './train';

/** Whether a program's first argument asks for the command line instead of the window. */
export function isCliCommand(name: string | undefined): boolean {
  const { program } = buildProgram(new AbortController().signal);
  return (
    name !== undefined &&
    (['help', '--help', '-h', '--version', '-V'].includes(name) ||
      program.commands.some((command) => command.name() === name))
  );
}

/**
 * Runs the command line: the Node entry in a checkout, the program itself with a subcommand and
 * no window in a package.
 * @param argv the arguments after the program's own name
 * @returns the exit code (EXIT)
 */
export async function runCli(argv: readonly string[]): Promise<number> {
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
  process.stdout.on('error', onOutputError);
  try {
    const { program, exitCode } = buildProgram(stop.signal);
    await program.parseAsync(argv, { from: 'user' });
    return stop.signal.aborted ? EXIT.interrupted : exitCode();
  } catch (error) {
    return stop.signal.aborted ? EXIT.interrupted : await exitCodeOf(error);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    process.stdout.off('error', onOutputError);
  }
}

function buildProgram(signal: AbortSignal): { program: Command; exitCode: () => number } {
  let code: number = EXIT.ok;
  const commandLine: CommandLine = {
    stdout: process.stdout,
    stderr: process.stderr,
    signal,
    exitWith: (chosen) => {
      code = chosen;
    },
  };
  const program = new Command('phiscan')
    .description('Screens X-ray baggage scans with a model that knows only benign bags.')
    .version(programVersion())
    .exitOverride()
    .showHelpAfterError('See phiscan help, or phiscan COMMAND --help.');
  for (const register of [registerTrain, registerScore]) register(program, commandLine);
  return { program, exitCode: () => code };
}

/** Says on stderr what went wrong, and chooses the exit code. */
async function exitCodeOf(error: unknown): Promise<number> {
  // Commander has printed its own line.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.misuse;
  if (error instanceof PhiscanError) {
    await writeLine(process.stderr, error.message);
    return error.code === 'arguments-invalid' ? EXIT.misuse : EXIT.failed;
  }
  throw error;
}
