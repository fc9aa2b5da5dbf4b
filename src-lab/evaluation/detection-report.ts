import type { Calibration } from '../../src-shared/domain/model-bundle';
import { displayScore } from '../../src-shared/screening/calibration';
import type { BagEvidence } from './bag-evidence';
import { bagEvidence, sizeEvidence } from './bag-evidence';
import type { Interval } from './bootstrap';
import { bootstrapIntervals } from './bootstrap';
import type { DetectionFigures } from './detection-figures';
import { flatFigures, MethodFigures } from './detection-figures';
import type { MeasuredBag } from './measured-bag';
import { DARKNESS, MODEL, tilesOf } from './measured-bag';
import type { SizeWindow } from './size-windows';
import { sizeWindows } from './size-windows';

/** The scan's area in pixels as the bag's score: what the pictures' sizes alone give away. */
export const SIZE = 'size';

/** Neighbouring scans are often the same bag again: this many are drawn together. */
export const BLOCK_LENGTH = 20;

export type Intervals = Readonly<Record<string, Interval | null>>;

/** The figures of one method, with 95 % intervals by the figure's path. */
export interface MethodRow extends DetectionFigures {
  readonly name: string;
  readonly intervals: Intervals;
  readonly intervalsByBlocks: Intervals;
}

export interface DetectionReport extends DetectionFigures {
  /** Share of bags that alarm at φ by the bundle's own scale; null without a calibration. */
  readonly alarmRateAtPhi: {
    readonly phi: number;
    readonly benign: number;
    readonly threat: number;
  } | null;
  /** The same figures of darkness, on its own tiles. */
  readonly baseline: DetectionFigures;
  /** Model minus baseline, by the figure's path. */
  readonly differences: Readonly<Record<string, number>>;
  /**
   * 95 % intervals by bootstrap over bags, by the figure's path; `baseline.…` is darkness,
   * `difference.…` the model minus darkness on the same draws.
   */
  readonly intervals: Intervals;
  /** The same by bootstrap over blocks of neighbouring bags; null where there are too few. */
  readonly intervalsByBlocks: Intervals;
  /** Every method with the same figures, the model first. */
  readonly rows: readonly MethodRow[];
  readonly n: {
    readonly benignBags: number;
    readonly threatBags: number;
    readonly labelledBags: number;
    readonly boxes: number;
    readonly patches: number;
  };
}

export interface ReportOptions {
  readonly calibration: Calibration | null;
  readonly phi: number;
  /** 0 leaves the intervals out. */
  readonly bootstrapRounds: number;
  readonly seed: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Everything that measured bags say about detection: the model, the baselines on the same bags,
 * and every other method that the bags were scored by.
 * @param benign in the order of their names, in which neighbours are alike
 * @throws PhiscanError `cancelled`
 */
export async function detectionReport(
  benign: readonly MeasuredBag[],
  threat: readonly MeasuredBag[],
  options: ReportOptions,
): Promise<DetectionReport> {
  const windows = sizeWindows(benign, threat, { seed: options.seed });
  const methods = methodNames(benign).map((name) => ({
    name,
    figures: methodFigures(benign, threat, name, windows),
  }));
  const weights = new Float64Array(benign.length + threat.length).fill(1);
  const found = methods.map(({ name, figures }) => ({ name, figures: figures.figures(weights) }));
  const model = figuresOf(found, MODEL);
  const baseline = figuresOf(found, DARKNESS);
  const intervals = (blockLength: number, half: 0 | 1) =>
    options.bootstrapRounds === 0
      ? Promise.resolve({})
      : bootstrapIntervals(
          [benign.length, threat.length],
          (draw) => comparedFigures(methods, draw),
          {
            rounds: options.bootstrapRounds,
            seed: options.seed,
            blockLength,
            onProgress: (done, total) => options.onProgress?.(half * total + done, 2 * total),
            ...(options.signal === undefined ? {} : { signal: options.signal }),
          },
        );
  const byBags = await intervals(1, 0);
  const byBlocks = await intervals(BLOCK_LENGTH, 1);
  return {
    ...model,
    alarmRateAtPhi: alarmRateAtPhi(benign, threat, options),
    baseline,
    differences: differencesOf(model, baseline),
    intervals: headIntervals(byBags),
    intervalsByBlocks: headIntervals(byBlocks),
    rows: found.map(({ name, figures }) => ({
      name,
      ...figures,
      intervals: intervalsOf(byBags, name),
      intervalsByBlocks: intervalsOf(byBlocks, name),
    })),
    n: countBags(benign, threat),
  };
}

/** The model, darkness, size, then whatever else scored the bags. */
function methodNames(bags: readonly MeasuredBag[]): string[] {
  return [...new Set([MODEL, DARKNESS, SIZE, ...(bags[0]?.tiles.keys() ?? [])])];
}

function methodFigures(
  benign: readonly MeasuredBag[],
  threat: readonly MeasuredBag[],
  method: string,
  windows: readonly (readonly SizeWindow[])[],
): MethodFigures {
  const evidenceOf = (bag: MeasuredBag, cut?: readonly SizeWindow[]): BagEvidence =>
    method === SIZE ? sizeEvidence(bag, cut) : bagEvidence(bag, method, cut);
  return new MethodFigures(
    benign.map((bag, at) => evidenceOf(bag, windows[at])),
    threat.map((bag) => evidenceOf(bag)),
  );
}

function alarmRateAtPhi(
  benign: readonly MeasuredBag[],
  threat: readonly MeasuredBag[],
  { calibration, phi }: { readonly calibration: Calibration | null; readonly phi: number },
): DetectionReport['alarmRateAtPhi'] {
  if (calibration === null) return null;
  const rate = (bags: readonly MeasuredBag[]) =>
    bags.filter((bag) => displayScore(calibration, bagEvidence(bag, MODEL).highest) > phi).length /
    bags.length;
  return { phi, benign: rate(benign), threat: rate(threat) };
}

interface NamedFigures {
  readonly name: string;
  readonly figures: DetectionFigures;
}

function figuresOf(found: readonly NamedFigures[], name: string): DetectionFigures {
  const named = found.find((method) => method.name === name);
  if (named === undefined) throw new RangeError(`There are no figures of ${name}.`);
  return named.figures;
}

const SEPARATOR = ': ';
const DIFFERENCE = 'difference';

/** Every method's figures and the differences, each as `method: path`. */
function comparedFigures(
  methods: readonly { readonly name: string; readonly figures: MethodFigures }[],
  weights: Float64Array,
): Record<string, number> {
  const found = methods.map(({ name, figures }) => ({ name, figures: figures.figures(weights) }));
  const compared: Record<string, number> = {};
  const add = (name: string, flat: Readonly<Record<string, number>>) => {
    for (const [path, value] of Object.entries(flat)) compared[name + SEPARATOR + path] = value;
  };
  for (const { name, figures } of found) add(name, flatFigures(figures));
  add(DIFFERENCE, differencesOf(figuresOf(found, MODEL), figuresOf(found, DARKNESS)));
  return compared;
}

function differencesOf(
  model: DetectionFigures,
  baseline: DetectionFigures,
): Record<string, number> {
  const other = flatFigures(baseline);
  return Object.fromEntries(
    Object.entries(flatFigures(model)).map(([path, value]) => [
      path,
      value - (other[path] ?? Number.NaN),
    ]),
  );
}

function intervalsOf(all: Intervals, name: string): Record<string, Interval | null> {
  const head = name + SEPARATOR;
  return Object.fromEntries(
    Object.entries(all)
      .filter(([path]) => path.startsWith(head))
      .map(([path, interval]) => [path.slice(head.length), interval]),
  );
}

function headIntervals(all: Intervals): Intervals {
  const prefixed = (name: string, prefix: string) =>
    Object.entries(intervalsOf(all, name)).map(([path, interval]) => [prefix + path, interval]);
  return Object.fromEntries([
    ...prefixed(MODEL, ''),
    ...prefixed(DARKNESS, 'baseline.'),
    ...prefixed(DIFFERENCE, 'difference.'),
  ]) as Intervals;
}

function countBags(
  benign: readonly MeasuredBag[],
  threat: readonly MeasuredBag[],
): DetectionReport['n'] {
  const labelled = threat.filter(({ threats }) => threats !== null && threats.length > 0);
  const tiles = (bag: MeasuredBag) =>
    tilesOf(bag, MODEL).reduce((sum, { values }) => sum + values.length, 0);
  return {
    benignBags: benign.length,
    threatBags: threat.length,
    labelledBags: labelled.length,
    boxes: labelled.reduce((sum, { threats }) => sum + (threats?.length ?? 0), 0),
    patches: [...benign, ...threat].reduce((sum, bag) => sum + tiles(bag), 0),
  };
}
