import type { TrainBundleRequest } from '../../src-lab/ganomaly/train-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { clock } from './clock';
import type { CommandLine } from './command-line';
import { EXIT, writeLine } from './command-line';
import { withTrainingLines } from './training-lines';

/**
 * `phiscan train --method`: one of the systems that the paper compares, into a laboratory model.
 * @param request as for the product's own training
 * @throws PhiscanError as `trainMethod`, and `arguments-invalid` for extra layers, which only the
 * product's networks have
 */
export async function trainMethodCommand(
  method: string,
  request: TrainBundleRequest,
  commandLine: CommandLine,
): Promise<void> {
  const { architecture, ...settings } = request.settings;
  const { isize, nc, nz, ngf, extraLayers } = architecture;
  if (extraLayers > 0) {
    throw new PhiscanError(
      'arguments-invalid',
      '--extra-layers was given, and with --method the networks have none. Leave one of them out.',
    );
  }
  const { stdout, signal } = commandLine;
  const { trainMethod } = await import('../../src-lab/baselines/train-method');
  const trained = await withTrainingLines(commandLine, ({ reading, training }) =>
    trainMethod({
      ...request,
      method,
      settings: {
        ...{ isize, nc, nz, ngf, seed: settings.seed },
        learningRate: settings.learningRate,
        beta1: settings.beta1,
        beta2: settings.beta2,
        adversarialWeight: settings.adversarialWeight,
        contextualWeight: settings.contextualWeight,
        encoderWeight: settings.encoderWeight,
      },
      batchSize: settings.batchSize,
      epochs: settings.epochs,
      patchesPerEpoch: settings.patchesPerEpoch,
      maxSteps: settings.maxSteps,
      onScansRead: (read, total) => reading.draw(read, total),
      onPatches: ({ scanCount, patchCount, skipped }) => {
        reading.end();
        training.say(`${patchCount} patches from ${scanCount} scans.`);
        for (const { path, error } of skipped) training.say(`Left out ${path}: ${error.message}`);
      },
      onProgress: ({ step, stepsTotal }) => training.draw(step, stepsTotal),
      signal,
    }),
  );
  await writeLine(stdout, `${trained.steps} steps in ${clock(trained.trainingSeconds)}.`);
  if (trained.modelDirectory === null) {
    await writeLine(stdout, 'Stopped. Continue with the same command and --resume.');
    commandLine.exitWith(EXIT.interrupted);
  } else {
    await writeLine(stdout, `Laboratory model: ${trained.modelDirectory}`);
  }
}
