import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log that grows beyond this is set aside when the program starts; the one before goes. */
const MAX_BYTES = 5 * 1024 * 1024;

export interface LogFile {
  write(line: string): void;
  /** With the stack, for whoever mends it. */
  fault(what: string, fault: unknown): void;
}

/**
 * The program's own log: what ran and what went wrong, never what a bag held or who decided; that
 * is in the records. A line that cannot be written is told on stderr and the program goes on.
 */
export function openLogFile(path: string, now: () => Date): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  if (sizeOf(path) > MAX_BYTES) renameSync(path, `${path}.1`);
  const write = (line: string): void => {
    const stamped = `${now().toISOString()} ${line.replaceAll('\n', '\n  ')}\n`;
    try {
      appendFileSync(path, stamped);
    } catch (fault) {
      process.stderr.write(`The log ${path} cannot be written (${String(fault)}): ${stamped}`);
    }
  };
  return {
    write,
    fault: (what, fault) => {
      const detail = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
      write(`${what}: ${detail}`);
    },
  };
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
