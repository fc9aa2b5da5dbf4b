import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { PhiscanError } from '../src-shared/domain/phiscan-error';
import { benchBundle } from './bench-bundle';
import type { ScanBenchFigures } from './scan-bench';
import { scanBench } from './scan-bench';
import type { ScoringBenchFigures } from './scoring-bench';
import { scoringBench } from './scoring-bench';
import type { DefaultTrainingFigures } from './stage-bench';
import type { TrainingBenchFigures } from './training-bench';
import { trainingBench } from './training-bench';

const PARTS = ['scan', 'scoring', 'training'] as const;
type Part = (typeof PARTS)[number];

interface BenchFigures {
  readonly machine: { readonly cpu: string; readonly threads: number; readonly node: string };
  scan?: ScanBenchFigures;
  scoring?: ScoringBenchFigures;
  training?: TrainingBenchFigures | { readonly notMeasured: string };
}

/** `npm run bench -- [scoring|training|scan] [--json]`: figures of this machine, now. */
async function main(args: readonly string[]): Promise<number> {
  const isJson = args.includes('--json');
  const named = args.filter((arg) => arg !== '--json');
  const unknown = named.find((arg) => !PARTS.some((part) => part === arg));
  if (unknown !== undefined) {
    process.stderr.write(
      `Expected scoring, training or scan, and --json; found ${JSON.stringify(unknown)}.\n`,
    );
    return 2;
  }
  const parts = PARTS.filter((part) => named.length === 0 || named.includes(part));
  const figures: BenchFigures = {
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      threads: cpus().length,
      node: process.version,
    },
  };
  for (const part of parts) {
    if (!isJson) process.stdout.write(`measuring ${part} …\n`);
    Object.assign(figures, parts.length === 1 ? await measure(part) : await measureApart(part));
  }
  process.stdout.write(isJson ? `${JSON.stringify(figures)}\n` : `${describe(figures)}\n`);
  return 0;
}

type PartFigures = Omit<BenchFigures, 'machine'>;

/** A part of several gets a process of its own: memory and idle engine threads outlive a part. */
async function measureApart(part: Part): Promise<PartFigures> {
  const program = process.argv[1] ?? '';
  const { stdout } = await promisify(execFile)(process.execPath, [program, part, '--json']);
  return JSON.parse(stdout) as PartFigures;
}

async function measure(part: Part): Promise<PartFigures> {
  if (part === 'training') return { training: await trainingOrExcuse() };
  const folder = await mkdtemp(path.join(tmpdir(), 'phiscan-bench-'));
  try {
    const bundle = await benchBundle(path.resolve('models'), folder);
    return part === 'scan'
      ? { scan: await scanBench(bundle) }
      : { scoring: await scoringBench(bundle) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function trainingOrExcuse(): Promise<NonNullable<BenchFigures['training']>> {
  try {
    return await trainingBench();
  } catch (error) {
    if (error instanceof PhiscanError && error.code === 'training-impossible') {
      return { notMeasured: error.message };
    }
    throw error;
  }
}

function describe({ machine, scan, scoring, training }: BenchFigures): string {
  const lines = [`${machine.cpu}, ${machine.threads} threads, Node ${machine.node}`];
  if (scan !== undefined) {
    lines.push('', `scan: ${scan.bundleId} on ${scan.runtime}`);
    for (const { scan: name, scale, tiles, ms, widthPx, heightPx } of scan.scans) {
      lines.push(
        `  ${name}, ${widthPx}×${heightPx}, ${scale} scale, ${tiles} tiles: ${whole(ms.total)} ms` +
          ` = read ${whole(ms.read)} + tile ${whole(ms.tile)} + score ${whole(ms.score)}` +
          ` + map ${whole(ms.map)}`,
      );
    }
    lines.push(`  peak memory of this process: ${whole(scan.peakMemoryBytes / 1e6)} MB`);
  }
  if (scoring !== undefined) {
    lines.push(
      '',
      `scoring: ${scoring.bundleId} on ${scoring.runtime}`,
      `  ${whole(scoring.tilesPerSecond)} tiles/s (best ${whole(scoring.bestTilesPerSecond)}), ` +
        `${scoring.megaMultiplyAddsPerTile.toFixed(1)} million multiply-adds a tile`,
      `${peakLine(scoring)}; ${whole(100 * scoring.bestShareOfPeak)} % by the best run`,
    );
  }
  if (training !== undefined) lines.push('', ...trainingLines(training));
  return lines.join('\n');
}

function trainingLines(training: NonNullable<BenchFigures['training']>): string[] {
  if ('notMeasured' in training) return [`training: not measured. ${training.notMeasured}`];
  return [
    `plain training: ngf ${training.ngf}, batches of ${training.batchSize}, on the ${training.device}`,
    `  ${training.patchesPerSecond.toFixed(1)} patches/s, ${whole(training.medianStepMs)} ms a step`,
    peakLine(training),
    `  8 h run: ${thousands(training.extrapolatedPatchesIn8Hours)} patches (extrapolated)`,
    ...defaultTrainingLines(training.defaultTraining),
  ];
}

function defaultTrainingLines(of: DefaultTrainingFigures): string[] {
  const stages = [
    ['denoiser', of.denoiser],
    ['comparator', of.comparator],
  ] as const;
  return [
    `the default training (score map), batches of ${of.batchSize}:`,
    ...stages.map(
      ([name, stage]) =>
        `  ${name}: ${stage.cropsPerSecond.toFixed(1)} crops/s, ${whole(stage.medianStepMs)} ms a ` +
        `step (${whole(stage.medianDrawMs)} ms of it drawing crops), ` +
        `${whole(stage.megaMultiplyAddsPerCrop)} million multiply-adds a crop, ` +
        `${whole(stage.gflops)} GFLOP/s, ${whole(100 * stage.shareOfPeak)} % of the peak`,
    ),
    `  a default run: ${whole(of.extrapolatedMinutesOfDefaultRun)} min; 8 h run: ` +
      `${thousands(of.extrapolatedCropsIn8Hours)} crops (both extrapolated)`,
  ];
}

function peakLine(of: {
  readonly gflops: number;
  readonly matmulPeakGflops: number;
  readonly shareOfPeak: number;
  readonly loadAverage: number;
}): string {
  return (
    `  ${whole(of.gflops)} GFLOP/s, ${whole(100 * of.shareOfPeak)} % of this machine's ` +
    `matrix-multiply peak of ${whole(of.matmulPeakGflops)} GFLOP/s ` +
    `(load before the run: ${of.loadAverage.toFixed(1)})`
  );
}

const whole = (value: number) => value.toFixed(0);
const thousands = (value: number) => value.toLocaleString('en-GB');

// A native engine may keep threads that would hold the process.
process.exit(await main(process.argv.slice(2)));
