import type { Command } from 'commander';
import { Option } from 'commander';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bag } from '../../src-lab/evaluation/find-bags';
import { findBags } from '../../src-lab/evaluation/find-bags';
import type { ResplitFigures } from '../../src-lab/evaluation/calibration-resplits';
import { resplitCalibration } from '../../src-lab/evaluation/calibration-resplits';
import { BagScreener } from '../../src-lab/evaluation/screen-bag';
import { isTrainingScan, refuseTrainingScan } from '../../src-lab/evaluation/refuse-training-scan';
import type { ModelBundle, ScoreDefinition } from '../../src-shared/domain/model-bundle';
import { scoreDefinitionSchema } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { calibrate, RECOMMENDED_CALIBRATION_BAGS } from '../../src-shared/screening/calibration';
import { scannerKindOf } from '../../src-shared/screening/scanner-kind';
import { readBundle } from '../engine/bundle/read-bundle';
import { recalibrateBundle } from '../engine/bundle/write-bundle';
import type { EngineName } from '../engine/engine';
import { selectEngine } from '../engine/select-engine';
import { calibrationLines, resplitLine } from './calibration-lines';
import type { CommandLine } from './command-line';
import { EXIT, writeLine } from './command-line';
import { engineOption } from './engine-option';
import { optionNumber } from './option-number';
import { screenBags } from './screen-bags';

interface ScaleOptions {
  /** Takes the new bundle under its own name. */
  readonly out: string;
  readonly engine: EngineName | 'auto';
  readonly scanner?: readonly string[];
  readonly checkResplits?: number;
  readonly record?: string;
  /** Leaves copies of training scans out instead of refusing the set for them. */
  readonly leaveTrainedOut?: boolean;
}

interface CalibrateOptions extends ScaleOptions {
  readonly model: string;
  readonly benign: string;
  readonly description?: string;
  readonly score?: ScoreDefinition;
}

/** φ at which resplits check the promised rate, and their seed. */
const CHECKED_AT = [0.2, 0.4];
const RESPLIT_SEED = 1;

export function registerCalibrate(program: Command, commandLine: CommandLine): void {
  program
    .command('calibrate')
    .description('freeze the scale of the score from benign bags that were not trained on')
    .requiredOption('--model <dir>', 'model bundle whose networks are taken')
    .requiredOption('--benign <dir>', 'folder of benign scans that the model was not trained on')
    .requiredOption('--out <dir>', 'folder that takes the new bundle under its own name')
    .addOption(
      new Option(
        '--score <name>',
        'what the new bundle scores by: the plain score of the paper or of its authors’ code, or ' +
          'the anomaly map where the model has one (default: as the model)',
      ).choices(scoreDefinitionSchema.options),
    )
    .addOption(engineOption())
    .option(
      '--scanner <kinds...>',
      'kinds of scanner that the scans come from (default: by pixels)',
    )
    .option('--description <text>', 'what the benign set is, for the manifest')
    .option(
      '--check-resplits <n>',
      'split the bags into halves n times and check the rates that one half promises on the other',
      optionNumber({ min: 1, max: 10_000, integer: true }),
    )
    .option('--record <file>', 'write the bags’ highest scores and the check to a JSON file')
    .action(async (options: CalibrateOptions) => {
      const bundle = scoredBy(await readBundle(options.model), options.score);
      const bags = await findBags(options.benign, { benignOnly: true });
      const set = options.description ?? path.basename(path.resolve(options.benign));
      await calibrateOn(bundle, { bags, set }, options, commandLine);
    });
}

/**
 * Makes a bundle with its scale from benign bags that were not trained on, and says what it
 * promises.
 * @param benign the bags, and what the manifest calls them
 */
export async function calibrateOn(
  bundle: ModelBundle,
  { bags, set }: { readonly bags: readonly Bag[]; readonly set: string },
  options: ScaleOptions,
  commandLine: CommandLine,
): Promise<void> {
  const { stdout, stderr, exitWith } = commandLine;
  const screener = await BagScreener.load(selectEngine(options.engine), bundle);
  try {
    const { kept: scored, unscored } = await screenBags(
      'Scoring benign bags',
      bags,
      screener,
      ({ bag, anomalyScoreMax, sha256, pixelKinds }) => {
        if (options.leaveTrainedOut === true && isTrainingScan(bundle, sha256)) return null;
        refuseTrainingScan(bundle, { name: bag.name, sha256 });
        return { anomalyScoreMax, sha256, pixelKinds };
      },
      commandLine,
    );
    const kept = scored.filter((bag) => bag !== null);
    if (kept.length < scored.length) {
      const copies = scored.length - kept.length;
      await writeLine(stderr, `Left out ${copies} that are copies of scans trained on.`);
    }
    const pixelKinds = [...new Set(kept.flatMap((bag) => bag.pixelKinds))].sort();
    const fingerprint = createHash('sha256')
      .update(
        kept
          .map((bag) => bag.sha256)
          .sort()
          .join('\n'),
      )
      .digest('hex');
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
    for (const line of calibrationLines(calibration)) await writeLine(stdout, line);
    const resplits = checkResplits(calibration.bagMaxima, options.checkResplits);
    for (const figures of resplits) await writeLine(stdout, resplitLine(figures));
    await writeLine(stdout, `Calibrated bundle: ${made.directory}`);
    for (const warning of warningsOf(bundle, kept.length)) await writeLine(stderr, warning);
    if (options.record !== undefined) {
      const record = {
        model: bundle.manifest.id,
        runtime: screener.runtime,
        benignSet: calibration.benignSet,
        scannerKinds: calibration.scannerKinds,
        resplits: { seed: RESPLIT_SEED, figures: resplits },
        bagMaxima: calibration.bagMaxima,
      };
      await writeFile(options.record, `${JSON.stringify(record)}\n`);
    }
    exitWith(unscored.length > 0 ? EXIT.someUnscored : EXIT.ok);
  } finally {
    await screener.dispose();
  }
}

/**
 * The same networks under another score, which a new scale is then made of.
 * @throws PhiscanError `arguments-invalid` for a map where the model has none
 */
function scoredBy(bundle: ModelBundle, score: ScoreDefinition | undefined): ModelBundle {
  const { manifest } = bundle;
  if (score === undefined) return bundle;
  if (score === 'map' && manifest.mapScore === undefined) {
    throw new PhiscanError(
      'arguments-invalid',
      `The model ${manifest.id} has no anomaly map to score by. Leave --score out, or name a ` +
        'model that phiscan train --score map made.',
    );
  }
  return { ...bundle, manifest: { ...manifest, scoreDefinition: score } };
}

function checkResplits(
  bagMaxima: readonly number[],
  resplits: number | undefined,
): ResplitFigures[] {
  if (resplits === undefined) return [];
  return resplitCalibration(bagMaxima, { thresholds: CHECKED_AT, resplits, seed: RESPLIT_SEED });
}

function warningsOf({ manifest }: ModelBundle, bags: number): string[] {
  const warnings: string[] = [];
  if (manifest.training.scanHashes === undefined) {
    warnings.push(
      'The model does not list the scans that it was trained on, so nothing shows whether some of these are among them. The scale holds only if none are.',
    );
  }
  if (bags < RECOMMENDED_CALIBRATION_BAGS) {
    warnings.push(
      `Only ${bags} benign bags: rates under about 1 in ${bags} are extrapolated, and even 1 in 10 is rough. Use ${RECOMMENDED_CALIBRATION_BAGS} bags or more.`,
    );
  }
  return warnings;
}
