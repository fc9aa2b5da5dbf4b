import path from 'node:path';
import { TRAINING_REPORT_FILE } from '../../src-lab/ganomaly/report/write-training-report';
import type { TrainedNetworks, TrainingProgress } from '../../src-lab/ganomaly/training-run';
import type { TrainBundleRequest } from '../../src-lab/ganomaly/train-bundle';
import { calibrateHeldOut, refuseFewHeldOut } from './calibrate-held-out';
import { clock } from './clock';
import type { CommandLine } from './command-line';
import { EXIT, writeLine } from './command-line';
import { withTrainingLines } from './training-lines';

/** `phiscan train` for a plain score: GANomaly as published. */
export async function trainPlainCommand(
  request: TrainBundleRequest,
  calibrate: boolean,
  commandLine: CommandLine,
): Promise<void> {
  const { stdout, signal } = commandLine;
  const { trainBundle } = await import('../../src-lab/ganomaly/train-bundle');
  const { networks, bundle, heldOutScans } = await withTrainingLines(
    commandLine,
    ({ reading, training }) =>
      trainBundle({
        ...request,
        onScansRead: (read, total) => reading.draw(read, total),
        onPatches: ({ scanCount, patchCount, heldOutScanCount, heldOutPatchCount, skipped }) => {
          reading.end();
          training.say(
            `${patchCount} patches from ${scanCount} scans to train on; ` +
              `${heldOutPatchCount} from ${heldOutScanCount} held out.`,
          );
          for (const { path: file, error } of skipped) {
            training.say(`Left out ${file}: ${error.message}`);
          }
          if (calibrate) refuseFewHeldOut(heldOutScanCount);
        },
        onProgress: (progress) => {
          const { metrics, stepsTotal } = progress;
          training.draw(metrics.step, stepsTotal, progressWords(progress));
        },
        signal,
      }),
  );
  await writeLine(stdout, summaryOf(networks));
  await writeLine(stdout, `Report: ${path.join(request.outDirectory, TRAINING_REPORT_FILE)}`);
  if (bundle === null) {
    await writeLine(stdout, 'Stopped. Continue with the same command and --resume.');
    commandLine.exitWith(EXIT.interrupted);
    return;
  }
  await writeLine(stdout, `Bundle, not calibrated yet: ${bundle.directory}`);
  if (!calibrate) return;
  const { benignDirectory: benign, outDirectory: out } = request;
  await calibrateHeldOut(bundle, heldOutScans, { benign, out }, commandLine);
}

function progressWords({ metrics, epochs, secondsLeft }: TrainingProgress): string {
  const { epoch, contextual, adversarial, encoder, discriminator } = metrics;
  return (
    `epoch ${epoch + 1} of ${epochs} · ${clock(secondsLeft)} left · ` +
    `${metrics.patchesPerSecond} patches/s · ` +
    `con ${contextual.toFixed(4)} adv ${adversarial.toFixed(4)} enc ${encoder.toFixed(4)} ` +
    `D ${discriminator.toFixed(4)}`
  );
}

function summaryOf(networks: TrainedNetworks): string {
  const { end, steps, keptStep, heldOut, epochs, recoveries } = networks;
  const kept =
    heldOut === null
      ? []
      : [`kept step ${keptStep}, held-out L_con ${heldOut.contextual.toFixed(4)}`];
  return (
    [
      `${steps} steps (${epochs.toFixed(2)} epochs) in ${clock(networks.trainingSeconds)}`,
      ...(end === 'early-stop' ? ['ended early, the held-out loss no longer falling'] : []),
      ...(end === 'interrupted' ? [] : kept),
      ...(recoveries > 0 ? [`returned ${recoveries} times to good weights`] : []),
      `discriminator drawn anew ${networks.discriminatorRedraws} times`,
    ].join('; ') + '.'
  );
}
