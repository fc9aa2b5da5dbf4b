import type { CommandLine } from './command-line';
import { ProgressLine } from './progress-line';

/** What a training draws while it reads and while it trains. */
export interface TrainingLines {
  readonly reading: ProgressLine;
  readonly training: ProgressLine;
}

/** Runs a training with its lines on stderr, and says there that Ctrl-C was heard. */
export async function withTrainingLines<T>(
  { stderr, signal }: CommandLine,
  run: (lines: TrainingLines) => Promise<T>,
): Promise<T> {
  const reading = new ProgressLine(stderr, 'Scans read:');
  const training = new ProgressLine(stderr, 'Training step');
  const sayStopping = (): void => {
    training.say('Stopping after this step; Ctrl-C again stops at once.');
  };
  signal.addEventListener('abort', sayStopping, { once: true });
  try {
    return await run({ reading, training });
  } finally {
    reading.end();
    training.end();
    signal.removeEventListener('abort', sayStopping);
  }
}
