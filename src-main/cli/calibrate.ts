import type { Command } from 'commander';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { findBags } from '../../src-lab/evaluation/find-bags';
import { BagScreener } from '../../src-lab/evaluation/screen-bag';
import type { Calibration } from '../../src-shared/domain/model-bundle';
import {
  anomalyScoreAt,
  calibrate,
  RECOMMENDED_CALIBRATION_BAGS,
} from '../../src-shared/screening/calibration';
import { scannerKindOf } from '../../src-shared/screening/scanner-kind';
import { readBundle } from '../engine/bundle/read-bundle';
import { recalibrateBundle } from '../engine/bundle/write-bundle';
import type { EngineName } from '../engine/engine';
import { selectEngine } from '../engine/select-engine';
import type { CommandLine } from './command-line';
import { EXIT, writeLine } from './command-line';
import { rateWords } from './score-table';
import { engineOption } from './engine-option';
import { screenBags } from './screen-bags';

interface CalibrateOptions {
  readonly model: string;
  readonly benign: string;
  readonly out: string;
  readonly engine: EngineName | 'auto';
  readonly scanner?: readonly string[];
  readonly description?: string;
}

export function registerCalibrate(program: Command, commandLine: CommandLine): void {
  program
    .command('calibrate')
    .description('freeze the scale of the score from benign bags that were not trained on')
    .requiredOption('--model <dir>', 'model bundle whose networks are taken')
    .requiredOption('--benign <dir>', 'folder of benign scans that the model was not trained on')
    .requiredOption('--out <dir>', 'folder that takes the new bundle under its own name')
    .addOption(engineOption())
    .option(
      '--scanner <kinds...>',
      'kinds of scanner that the scans come from (default: by pixels)',
    )
    .option('--description <text>', 'what the benign set is, for the manifest')
    .action((options: CalibrateOptions) => calibrateBundle(options, commandLine));
}

async function calibrateBundle(options: CalibrateOptions, commandLine: CommandLine): Promise<void> {
  const { stdout, stderr, exitWith } = commandLine;
  const bundle = await readBundle(options.model);
  const bags = await findBags(options.benign, { benignOnly: true });
  const screener = await BagScreener.load(selectEngine(options.engine), bundle);
  try {
    const { kept, unscored } = await screenBags(
      'Scoring benign bags',
      bags,
      screener,
      ({ anomalyScoreMax, sha256, pixelKinds }) => ({ anomalyScoreMax, sha256, pixelKinds }),
      commandLine,
    );
    const pixelKinds = [...new Set(kept.flatMap((bag) => bag.pixelKinds))].sort();
    const fingerprint = createHash('sha256')
      .update(
        kept
          .map((bag) => bag.sha256)
          .sort()
          .join('\n'),
      )
      .digest('hex');
    const set = options.description ?? path.basename(path.resolve(options.benign));
    const calibration = calibrate(
      kept.map((bag) => bag.anomalyScoreMax),
      {
        scannerKinds: options.scanner ?? pixelKinds.map(scannerKindOf),
        pixelKinds,
        benignSet: `${set}: ${kept.length} benign bags, sha256 ${fingerprint}`,
      },
    );
    const made = await recalibrateBundle({
      parentDirectory: options.out,
      bundle,
      calibration,
      createdAt: new Date(),
    });
    for (const line of describe(calibration)) await writeLine(stdout, line);
    await writeLine(stdout, `Calibrated bundle: ${made.directory}`);
    if (kept.length < RECOMMENDED_CALIBRATION_BAGS) {
      await writeLine(
        stderr,
        `Only ${kept.length} benign bags: rates under about 1 in ${kept.length} are extrapolated, and even 1 in 10 is rough. Use ${RECOMMENDED_CALIBRATION_BAGS} bags or more.`,
      );
    }
    exitWith(unscored.length > 0 ? EXIT.someUnscored : EXIT.ok);
  } finally {
    await screener.dispose();
  }
}

/** The new scale for people: which raw score each φ is now. */
function describe(calibration: Calibration): string[] {
  const { bagMaxima, scannerKinds, pixelKinds, tail } = calibration;
  const thresholds = [0.1, 0.2, 0.4, 0.6].map((phi) => {
    const score = anomalyScoreAt(calibration, phi);
    return `  φ ${phi.toFixed(1)}  A(x) ${score.toPrecision(5).padEnd(10)}  ${rateWords(phi)}`;
  });
  return [
    `${bagMaxima.length} benign bags, scanner kinds: ${scannerKinds.join(', ')}; pictures: ${pixelKinds.join(', ')}`,
    `tail above A(x) ${tail.threshold.toPrecision(5)}: shape ${tail.shape.toFixed(3)}, scale ${tail.scale.toPrecision(4)}`,
    ...thresholds,
  ];
}
