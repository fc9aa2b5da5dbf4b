import type { Command } from 'commander';
import type { Writable } from 'node:stream';

/** What a command is given besides its own arguments. */
export interface CommandLine {
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Aborts when the person asks to stop (Ctrl-C) or nobody reads the output any more. */
  readonly signal: AbortSignal;
  /** Sets the exit code of a command that ran to its end; 0 otherwise. */
  readonly exitWith: (code: number) => void;
}

/** Adds a command to the program. */
export type RegisterCommand = (program: Command, commandLine: CommandLine) => void;

/** What the command line's exit codes mean. */
export const EXIT = {
  ok: 0,
  /** The command failed; the line on stderr says why. */
  failed: 1,
  /** The command line was wrong; nothing was done. */
  misuse: 2,
  /** The command ran to its end and some scans are unscored. */
  someUnscored: 3,
  /** Stopped by the person. */
  interrupted: 130,
} as const;

/** Writes a line and waits while the reader is slower than the writer. */
export function writeLine(stream: Writable, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(`${line}\n`, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
