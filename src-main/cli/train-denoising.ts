import path from 'node:path';
import { TRAINING_REPORT_FILE } from '../../src-lab/ganomaly/report/write-training-report';
import type {
  TrainDenoisingRequest,
  TrainedDenoisingBundle,
} from '../../src-lab/ganomaly/train-denoising-bundle';
import { calibrateHeldOut, refuseFewHeldOut } from './calibrate-held-out';
import { clock } from './clock';
import type { CommandLine } from './command-line';
import { EXIT, writeLine } from './command-line';
import { withTrainingLines } from './training-lines';

/** `phiscan train` for an anomaly map: the denoising generator and its comparators. */
export async function trainDenoisingCommand(
  request: TrainDenoisingRequest,
  calibrate: boolean,
  commandLine: CommandLine,
): Promise<void> {
  const { stdout } = commandLine;
  const { networks, bundle, snapshot, heldOutScans } = await trainWithLines(
    request,
    calibrate,
    commandLine,
  );
  await writeLine(
    stdout,
    `${networks.steps} steps in ${clock(networks.trainingSeconds)}` +
      (networks.recoveries > 0 ? `; returned ${networks.recoveries} times to good weights.` : '.'),
  );
  await writeLine(stdout, `Report: ${path.join(request.outDirectory, TRAINING_REPORT_FILE)}`);
  if (bundle === null) {
    await writeLine(stdout, 'Stopped. Continue with the same command and --resume.');
    commandLine.exitWith(EXIT.interrupted);
    return;
  }
  if (snapshot !== null) await writeLine(stdout, `Snapshot at half: ${snapshot.directory}`);
  await writeLine(stdout, `Bundle, not calibrated yet: ${bundle.directory}`);
  if (!calibrate) return;
  const { benignDirectory: benign, outDirectory: out } = request;
  await calibrateHeldOut(bundle, heldOutScans, { benign, out }, commandLine);
}

async function trainWithLines(
  request: TrainDenoisingRequest,
  calibrate: boolean,
  commandLine: CommandLine,
): Promise<TrainedDenoisingBundle> {
  const { trainDenoisingBundle } = await import('../../src-lab/ganomaly/train-denoising-bundle');
  return withTrainingLines(commandLine, ({ reading, training: line }) =>
    trainDenoisingBundle({
      ...request,
      onScansRead: (read, total) => reading.draw(read, total),
      onScans: ({ training, heldOut }) => {
        reading.end();
        line.say(`${training.scanCount} scans to train on, ${heldOut.scanCount} held out.`);
        for (const { path: file, error } of [...training.skipped, ...heldOut.skipped]) {
          line.say(`Left out ${file}: ${error.message}`);
        }
        if (calibrate) refuseFewHeldOut(heldOut.scanCount);
      },
      onProgress: ({ step, steps, stage, losses, cropsPerSecond, secondsLeft }) => {
        const words = Object.entries(losses).map(([name, loss]) => `${name} ${loss.toFixed(4)}`);
        line.draw(
          step,
          steps,
          `${stage}: ${words.join(', ')} · ${cropsPerSecond.toFixed(0)} crops/s · ${clock(secondsLeft)} left`,
        );
      },
      onMember: (members, { foundAtFar, bagAuroc }) => {
        line.say(
          `${members} comparators on held-out benign bags: ${percent(foundAtFar['0.10'])} of the ` +
            `put-in solids found where 10 % of the bags alarm, AUROC of bags ${bagAuroc.toFixed(3)}.`,
        );
      },
      signal: commandLine.signal,
    }),
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
