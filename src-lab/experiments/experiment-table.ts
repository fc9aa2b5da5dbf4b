import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import type { ExperimentPlan, ProtocolName } from './experiment-settings';
import type { InferenceTimes } from './inference-times';
import type { BundleRecord } from './measure-bundle';
import { paperAuroc, paperMilliseconds } from './paper-figures';
import type { RunSpec } from './plan-runs';
import type { RunRecord } from './run-record';

/** A figure over the seeds. */
export interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly seeds: number;
}

export interface TableRow {
  readonly method: string;
  /** Of a sweep, the point of it. */
  readonly point: string | null;
  /** AUROC of each class; null where no run has one. */
  readonly classes: Readonly<Record<string, Spread | null>>;
  /** The plain mean of the classes, over the seeds that have them all. */
  readonly overall: Spread | null;
  /** The paper's figures, by class and overall; null is "not available". */
  readonly paper: Readonly<Record<string, number | null>>;
  readonly runs: { readonly finished: number; readonly diverged: number; readonly planned: number };
  /** Pictures scored in a run at least and at most, normal and of a class. */
  readonly scored: { readonly normal: Range; readonly abnormal: Range };
  readonly trained: { readonly pictures: Range; readonly steps: Range };
  /** Runs whose training or scoring the time limit cut short. */
  readonly cutShort: number;
}
type Range = readonly [number, number] | null;

export interface TimeRow {
  readonly method: string;
  readonly millisecondsPerPatch: number;
  /** Over all threads; not lengthened by what else the machine does. */
  readonly processorMillisecondsPerPatch: number;
  readonly calls: number;
  readonly paperMilliseconds: string | null;
}

/** An experiment's outcome: what is printed, and written as JSON. */
export interface ExperimentTable {
  readonly experiment: string;
  readonly title: string;
  readonly classes: readonly string[];
  readonly rows: readonly TableRow[];
  readonly times: { readonly on: string; readonly rows: readonly TimeRow[] } | null;
  /** What the figures were made on and with, a sentence each. */
  readonly notes: readonly string[];
  /** The command that made it, without its folders. */
  readonly command: string;
}

/** MNIST's and CIFAR-10's sizes in the paper. */
const PAPER_PICTURES: Partial<Record<ProtocolName, number>> = { mnist: 70_000, cifar10: 60_000 };

/**
 * Sums up the runs of a plan, of which some may not be done yet.
 * @param records of the runs that are over, by key
 * @param beside what was measured beside the runs
 */
export function experimentTable(
  plan: ExperimentPlan,
  runs: readonly RunSpec[],
  records: ReadonlyMap<string, RunRecord>,
  beside: { readonly times: InferenceTimes | null; readonly bundle: BundleRecord | null },
  command: string,
): ExperimentTable {
  const { times, bundle } = beside;
  const classes = [...new Set(runs.flatMap((run) => run.classes))];
  const groups = new Map<string, RunSpec[]>();
  for (const run of runs) {
    const name = JSON.stringify([run.point, run.method]);
    groups.set(name, [...(groups.get(name) ?? []), run]);
  }
  const rows = [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [tableRow(first, group, classes, records)];
  });
  return {
    experiment: plan.experiment,
    title: titleOf(plan),
    classes,
    rows: [...rows, ...(bundle === null ? [] : bundleRows(bundle))],
    times: times === null ? null : timeTable(times),
    notes: [...notesOf(plan, runs, records), ...(bundle === null ? [] : [bundleNote(bundle)])],
    command,
  };
}

function tableRow(
  { method, point, protocol }: RunSpec,
  group: readonly RunSpec[],
  classes: readonly string[],
  records: ReadonlyMap<string, RunRecord>,
): TableRow {
  const over = group.flatMap(({ key }) => records.get(key) ?? []);
  const finished = over.filter(({ state }) => state === 'finished');
  const figure = (className: string, seed: number): number[] =>
    finished.flatMap((record) => (record.seed === seed ? (record.auroc[className] ?? []) : []));
  const seeds = [...new Set(group.map(({ seed }) => seed))];
  const overall = seeds.flatMap((seed) => {
    const ofSeed = classes.flatMap((className) => figure(className, seed));
    return ofSeed.length === classes.length ? [mean(ofSeed)] : [];
  });
  const isSweep = point !== null;
  const paperOf = (name: string): [string, number | null] => [
    name,
    isSweep ? null : paperAuroc(protocol, method, name),
  ];
  return {
    method,
    point,
    classes: Object.fromEntries(
      classes.map((name) => [name, spread(seeds.flatMap((seed) => figure(name, seed)))]),
    ),
    overall: spread(overall),
    paper: Object.fromEntries([...classes, 'overall'].map(paperOf)),
    runs: {
      finished: finished.length,
      diverged: over.length - finished.length,
      planned: group.length,
    },
    scored: {
      normal: range(finished.map(({ scoring }) => scoring.normal)),
      abnormal: range(finished.flatMap(({ scoring }) => Object.values(scoring.abnormal))),
    },
    trained: {
      pictures: range(finished.map(({ training }) => training.pictures)),
      steps: range(finished.map(({ training }) => training.steps)),
    },
    cutShort: finished.filter(
      ({ training, scoring }) => !scoring.complete || training.steps < training.stepsPlanned,
    ).length,
  };
}

/** A bundle that screens the test's scans whole, and the darkness of the same patches. */
function bundleRows({ bundle, classes, scored, auroc }: BundleRecord): TableRow[] {
  const abnormal = Object.values(scored.abnormal);
  return [[bundle, auroc.bundle] as const, ['darkness of the patch', auroc.darkness] as const].map(
    ([method, figures]) => ({
      method,
      point: null,
      classes: Object.fromEntries(
        classes.map((name) => [name, spread(figures[name] === undefined ? [] : [figures[name]])]),
      ),
      overall: spread([mean(classes.flatMap((name) => figures[name] ?? []))]),
      paper: Object.fromEntries([...classes, 'overall'].map((name) => [name, null])),
      runs: { finished: 1, diverged: 0, planned: 1 },
      scored: { normal: range([scored.normal]), abnormal: range(abnormal) },
      trained: { pictures: null, steps: null },
      cutShort: 0,
    }),
  );
}

function bundleNote({ bundle, testBags, simulator }: BundleRecord): string {
  return (
    `${bundle} screened the same scans of the test whole (simulator ${simulator}, ${testBags} bags ` +
    'for each class); a patch has the highest score of the tiles that lie on it, and all patches ' +
    'are scored. Darkness: how dark the darkest twentieth of a patch is.'
  );
}

function titleOf({ experiment, sweepOn }: ExperimentPlan): string {
  switch (experiment) {
    case 'mnist':
      return 'MNIST, one class the anomaly';
    case 'cifar10':
      return 'CIFAR-10, one class the anomaly';
    case 'uba':
      return 'UBA protocol on simulated scans';
    case 'ffob':
      return 'FFOB protocol on simulated scans';
    case 'sweep-nz':
      return `Size of the latent vector, on ${sweepOn}`;
    case 'sweep-weights':
      return `Weights of the losses, on ${sweepOn}`;
    default:
      throw missingCaseError(experiment);
  }
}

function notesOf(
  { experiment, sizes, methods }: ExperimentPlan,
  runs: readonly RunSpec[],
  records: ReadonlyMap<string, RunRecord>,
): string[] {
  const { method, epochs, batchSize } = sizes;
  const [first] = runs;
  const over = runs.flatMap(({ key }) => records.get(key) ?? []);
  const notes = [
    `AUROC on the test's pictures, mean over the seeds (least–greatest); weights as training ` +
      'ended, nothing chosen on the test.',
    `ngf ${method.ngf}, ${experiment === 'sweep-nz' ? '' : `nz ${method.nz}, `}${epochs} epochs ` +
      `in batches of ${batchSize}, learning rate ${method.learningRate}, at most ` +
      `${sizes.trainPictures} training pictures; at most ${sizes.testPictures} pictures scored ` +
      'of the normal ones and of each class' +
      (methods.includes('anogan') ? `, ${sizes.anoganPictures} by AnoGAN.` : '.'),
  ];
  const source = over.find(({ sourcePictures }) => sourcePictures !== null)?.sourcePictures ?? null;
  const paper = first === undefined ? undefined : PAPER_PICTURES[first.protocol];
  if (source !== null && paper !== undefined && source !== paper) {
    notes.unshift(
      `Not comparable with the paper: ${source.toLocaleString('en')} pictures, not ` +
        `${paper.toLocaleString('en')}.`,
    );
  }
  if (first?.protocol === 'uba' || first?.protocol === 'ffob') {
    notes.push(
      "The paper's figures were measured on its authors' private scans, these on simulated ones; " +
        "Skip-GANomaly's of 2019 are from memory.",
    );
  }
  notes.push(...new Set(over.map(({ description }) => `Pictures: ${description}.`)));
  notes.push(...over.flatMap(({ key, message }) => (message === null ? [] : `${key}: ${message}`)));
  return notes;
}

function timeTable({ rows, processor, patches }: InferenceTimes): ExperimentTable['times'] {
  return {
    on: `${processor}; calls on ${patches} patches, median`,
    rows: rows.map(({ rounds, ...row }) => ({
      ...row,
      calls: rounds,
      paperMilliseconds: paperMilliseconds(row.method),
    })),
  };
}

function spread(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return { mean: mean(values), min, max, seeds: values.length };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function range(values: readonly number[]): Range {
  return values.length === 0 ? null : [Math.min(...values), Math.max(...values)];
}
