import path from 'node:path';
import { TRAINING_REPORT_FILE } from '../../src-lab/ganomaly/report/write-training-report';
import type { TrainDenoisingRequest } from '../../src-lab/ganomaly/train-denoising-bundle';
import type { CommandLine } from './command-line';
import { EXIT, writeLine } from './command-line';
import { ProgressLine } from './progress-line';
import { clock } from './training-progress-line';

/** `phiscan train` for an anomaly map: the denoising generator and its comparators. */
export async function trainDenoisingCommand(
  request: TrainDenoisingRequest,
  commandLine: CommandLine,
): Promise<void> {
  const { stdout, stderr, signal } = commandLine;
  const { trainDenoisingBundle } = await import('../../src-lab/ganomaly/train-denoising-bundle');
  const reading = new ProgressLine(stderr, 'Scans read:');
  const progress = new ProgressLine(stderr, 'Training step');
  const sayStopping = (): void => {
    progress.say('Stopping after this step; Ctrl-C again stops at once.');
  };
  signal.addEventListener('abort', sayStopping, { once: true });
  try {
    const { networks, bundle, snapshot } = await trainDenoisingBundle({
      ...request,
      onScansRead: (read, total) => reading.draw(read, total),
      onScans: ({ training, heldOut }) => {
        reading.end();
        progress.say(`${training.scanCount} scans to train on, ${heldOut.scanCount} held out.`);
        for (const { path: file, error } of [...training.skipped, ...heldOut.skipped]) {
          progress.say(`Left out ${file}: ${error.message}`);
        }
      },
      onProgress: ({ step, steps, stage, losses, cropsPerSecond, secondsLeft }) => {
        const words = Object.entries(losses).map(([name, loss]) => `${name} ${loss.toFixed(4)}`);
        progress.draw(
          step,
          steps,
          `${stage}: ${words.join(', ')} · ${cropsPerSecond.toFixed(0)} crops/s · ${clock(secondsLeft)} left`,
        );
      },
      onMember: (members, { foundAtFar, bagAuroc }) => {
        progress.say(
          `${members} comparators on held-out benign bags: ${percent(foundAtFar['0.10'])} of the ` +
            `put-in solids found where 10 % of the bags alarm, AUROC of bags ${bagAuroc.toFixed(3)}.`,
        );
      },
      signal,
    });
    progress.end();
    await writeLine(
      stdout,
      `${networks.steps} steps in ${clock(networks.trainingSeconds)}` +
        (networks.recoveries > 0
          ? `; returned ${networks.recoveries} times to good weights.`
          : '.'),
    );
    const report = path.join(request.outDirectory, TRAINING_REPORT_FILE);
    await writeLine(stdout, `Report: ${report}`);
    if (bundle === null) {
      await writeLine(stdout, 'Stopped. Continue with the same command and --resume.');
      commandLine.exitWith(EXIT.interrupted);
      return;
    }
    if (snapshot !== null) await writeLine(stdout, `Snapshot at half: ${snapshot.directory}`);
    await writeLine(stdout, `Bundle, not calibrated yet: ${bundle.directory}`);
  } finally {
    reading.end();
    progress.end();
    signal.removeEventListener('abort', sayStopping);
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
