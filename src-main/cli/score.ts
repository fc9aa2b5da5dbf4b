import type { Command } from 'commander';
import type { ModelBundle } from '../../src-shared/domain/model-bundle';
import { PhiscanError, toErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { ScanOutcome } from '../../src-shared/domain/screening-outcome';
import { DEFAULT_THRESHOLD } from '../../src-shared/domain/site';
import { bagAlarm } from '../../src-shared/screening/alarm-regions';
import { readBundle } from '../engine/bundle/read-bundle';
import type { EngineName } from '../engine/engine';
import { LocalScreener } from '../engine/host/local-screener';
import type { ScreenerFacts } from '../engine/screener';
import type { CommandLine } from './command-line';
import { EXIT, writeLine } from './command-line';
import { defaultModelDirectory } from './default-model';
import { engineOption } from './engine-option';
import { findScans } from './find-scans';
import { optionNumber } from './option-number';
import type { ScoringFacts } from './score-line';
import { scoreLines } from './score-line';
import { tableHead, tableRow, tableSummary } from './score-table';
import { OverlayWriter } from './write-overlays';

interface ScoreOptions {
  readonly model?: string;
  readonly engine: EngineName | 'auto';
  readonly phi: number;
  readonly scanner?: string;
  readonly json: boolean;
  readonly overlay?: string;
}

export function registerScore(program: Command, commandLine: CommandLine): void {
  program
    .command('score')
    .description('screen scans: files, pairs of files, or folders searched with their subfolders')
    .argument('<paths...>', 'scans or folders of scans')
    .option('--model <dir>', 'model bundle (default: the one that comes with the program)')
    .addOption(engineOption())
    .option(
      '--phi <x>',
      'alarm above this displayScore',
      optionNumber({ min: 0, max: 1 }),
      DEFAULT_THRESHOLD,
    )
    .option('--scanner <kind>', 'kind of scanner, as the calibration names it (default: by pixels)')
    .option('--json', 'print one JSON object a line', false)
    .option('--overlay <dir>', 'write each view with heat and frames drawn on it as PNG')
    .addHelpText(
      'after',
      '\nExit code: 0 all scored, 3 some not scored, 2 wrong command line.\nExample: phiscan score scans/ --phi 0.4 --overlay out/',
    )
    .action((paths: string[], options: ScoreOptions) => score(paths, options, commandLine));
}

async function score(
  paths: readonly string[],
  options: ScoreOptions,
  commandLine: CommandLine,
): Promise<void> {
  const overlays = options.overlay === undefined ? null : await OverlayWriter.into(options.overlay);
  const loaded = await loadScreener(options);
  try {
    await scoreAll(paths, options, loaded, overlays, commandLine);
  } finally {
    await loaded.screener.dispose();
  }
}

/** Enough for the scan in hand, which an overlay reads a second time; no scan comes back later. */
const CACHE_BYTES = 64 * 1024 * 1024;

interface Loaded {
  readonly screener: LocalScreener;
  readonly bundle: ModelBundle | null;
  readonly facts: ScreenerFacts | null;
  /** Why nothing can be scored: every scan is then reported as unscored, none as clear. */
  readonly failure: PhiscanError | null;
}

async function loadScreener(options: ScoreOptions): Promise<Loaded> {
  const screener = new LocalScreener({ cacheBytes: CACHE_BYTES });
  try {
    const bundle = await readBundle(options.model ?? (await defaultModelDirectory()));
    const facts = await screener.load(bundle, options.engine);
    return { screener, bundle, facts, failure: null };
  } catch (error) {
    if (!(error instanceof PhiscanError)) throw error;
    // A folder that is no bundle was named wrongly; a bundle that fails is a fault of its own.
    if (error.code === 'bundle-missing') {
      throw new PhiscanError('arguments-invalid', error.message, { cause: error });
    }
    return { screener, bundle: null, facts: null, failure: error };
  }
}

async function scoreAll(
  paths: readonly string[],
  options: ScoreOptions,
  { screener, bundle, facts, failure }: Loaded,
  overlays: OverlayWriter | null,
  { stdout, stderr, signal, exitWith }: CommandLine,
): Promise<void> {
  const calibration = bundle?.manifest.calibration ?? null;
  const scoring: ScoringFacts = {
    threshold: options.phi,
    calibration,
    scannerKind: options.scanner ?? null,
    engine: facts?.engine ?? 'none',
    model: facts?.bundleId ?? 'none',
  };
  if (failure !== null) await writeLine(stderr, failure.message);
  else if (calibration === null) {
    await writeLine(
      stderr,
      'This model bundle is not calibrated: raw scores only, nothing can alarm. Make its scale with `phiscan calibrate`.',
    );
  }
  if (!options.json) await writeLine(stdout, tableHead());

  const counts = { scans: 0, alarms: 0, unscored: 0, elapsedMs: 0 };
  let notCovered = 0;
  for await (const found of findScans(paths)) {
    if (signal.aborted) return;
    const startedMs = performance.now();
    let outcome: ScanOutcome;
    if (failure !== null) outcome = unscored(failure);
    else if (found.state === 'broken') outcome = unscored(found.error);
    else outcome = await screener.screen(found.source, undefined, signal);
    const elapsedMs = performance.now() - startedMs;
    // Cancelled scans are neither scored nor failed: the run ends before them.
    if (isAborted(signal)) return;
    const { state } = bagAlarm(outcome, options.phi);
    counts.scans += 1;
    counts.elapsedMs += elapsedMs;
    if (state === 'alarm') counts.alarms += 1;
    if (state === 'unscored') counts.unscored += 1;
    for (const line of scoreLines(found.name, outcome, scoring, elapsedMs)) {
      if (!('state' in line) && calibration !== null && !line.calibrated) notCovered += 1;
      await writeLine(stdout, options.json ? JSON.stringify(line) : tableRow(line, calibration));
    }
    if (overlays !== null && found.state === 'found') {
      await overlays.write(found.name, found.source, outcome, screener, options.phi);
    }
  }

  if (counts.scans === 0) {
    throw new PhiscanError(
      'arguments-invalid',
      `No scan was found in ${paths.join(', ')}. Scans are PNG, JPEG, TIFF, DICOM and DICOS files.`,
    );
  }
  if (!options.json) await writeLine(stdout, `\n${tableSummary(counts, scoring)}`);
  if (notCovered > 0) {
    await writeLine(
      stderr,
      `Not calibrated for this scanner: ${notCovered} ${notCovered === 1 ? 'view is' : 'views are'} of a kind that the model's calibration (${calibration?.scannerKinds.join(', ') ?? ''}) does not cover, so φ does not mean its rate there.`,
    );
  }
  exitWith(counts.unscored > 0 ? EXIT.someUnscored : EXIT.ok);
}

function unscored(error: PhiscanError): ScanOutcome {
  return { state: 'unscored', error: toErrorRecord(error) };
}

/** Asked again after an await, since the signal may have aborted in between. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
