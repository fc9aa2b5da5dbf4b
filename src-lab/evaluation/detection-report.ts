import type { Calibration } from '../../src-shared/domain/model-bundle';
import { displayScore } from '../../src-shared/screening/calibration';
import type { Interval } from './bootstrap';
import { bootstrapIntervals } from './bootstrap';
import type { DetectionCurves, DetectionFigures } from './detection-figures';
import { flatFigures } from './detection-figures';
import type { MeasuredBag } from './measured-bag';
import { DARKNESS, MODEL, tilesOf } from './measured-bag';
import type { MethodEvidence } from './method-evidence';
import type { WorstBags } from './worst-bags';
import { worstBags } from './worst-bags';

/** Neighbouring scans are often the same bag again: this many are drawn together. */
export const BLOCK_LENGTH = 20;

export type Intervals = Readonly<Record<string, Interval | null>>;

/** The figures of one method, with 95 % intervals by the figure's path. */
export interface MethodRow extends DetectionFigures {
  readonly name: string;
  readonly intervals: Intervals;
  readonly intervalsByBlocks: Intervals;
  readonly curves: MethodCurves;
}

/** Points of the curves, from the highest level down, thinned to at most `CURVE_POINTS` each. */
export interface MethodCurves {
  /** [false-alarm rate, share of threat bags, precision] of whole bags. */
  readonly bags: readonly (readonly number[])[];
  /** The same of tiles: those on threats against those of benign bags. */
  readonly patches: readonly (readonly number[])[];
  /** [marks per benign bag, share of threats found]. */
  readonly froc: readonly (readonly number[])[];
}

const CURVE_POINTS = 200;

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
  /** What the model gets wrong at 10 % false alarms. */
  readonly worst: WorstBags;
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
 * Everything that the evidence says about detection: the model, the baselines on the same bags,
 * and every other method that the bags were scored by.
 * @param benign in the order of their names, in which neighbours are alike
 * @param methods gathered from the same bags
 * @throws PhiscanError `cancelled`
 */
export async function detectionReport(
  benign: readonly MeasuredBag[],
  threat: readonly MeasuredBag[],
  methods: readonly MethodEvidence[],
  options: ReportOptions,
): Promise<DetectionReport> {
  const weights = new Float64Array(benign.length + threat.length).fill(1);
  const found = methods.map(({ name, figures }) => ({
    name,
    figures: figures.figures(weights),
    curves: figures.curves(weights),
  }));
  const model = figuresOf(found, MODEL);
  const baseline = figuresOf(found, DARKNESS);
  const modelEvidence = methodOf(methods, MODEL);
  const { '0.10': level } = modelEvidence.figures.levels(weights);
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
    alarmRateAtPhi: alarmRateAtPhi(modelEvidence, options),
    baseline,
    differences: differencesOf(model, baseline),
    intervals: headIntervals(byBags),
    intervalsByBlocks: headIntervals(byBlocks),
    rows: found.map(({ name, figures, curves }) => ({
      name,
      ...figures,
      curves: thinnedCurves(curves),
      intervals: intervalsOf(byBags, name),
      intervalsByBlocks: intervalsOf(byBlocks, name),
    })),
    worst: worstBags(modelEvidence, benign, threat, level),
    n: countBags(benign, threat),
  };
}

function alarmRateAtPhi(
  { benign, threat }: MethodEvidence,
  { calibration, phi }: { readonly calibration: Calibration | null; readonly phi: number },
): DetectionReport['alarmRateAtPhi'] {
  if (calibration === null) return null;
  const rate = (bags: MethodEvidence['benign']) =>
    bags.filter(({ highest }) => displayScore(calibration, highest) > phi).length / bags.length;
  return { phi, benign: rate(benign), threat: rate(threat) };
}

interface NamedFigures {
  readonly name: string;
  readonly figures: DetectionFigures;
}

function figuresOf(found: readonly NamedFigures[], name: string): DetectionFigures {
  return methodOf(found, name).figures;
}

function methodOf<Method extends { readonly name: string }>(
  methods: readonly Method[],
  name: string,
): Method {
  const found = methods.find((method) => method.name === name);
  if (found === undefined) throw new RangeError(`There is no evidence of ${name}.`);
  return found;
}

const SEPARATOR = ': ';
const DIFFERENCE = 'difference';

/** Every method's figures and the differences, each as `method: path`. */
function comparedFigures(
  methods: readonly MethodEvidence[],
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

function thinnedCurves({ bags, patches, froc }: DetectionCurves): MethodCurves {
  return {
    bags: thinned(bags.map((point) => [point.falseRate, point.recall, point.precision])),
    patches: thinned(patches.map((point) => [point.falseRate, point.recall, point.precision])),
    froc: thinned(froc.map((point) => [point.marksPerBag, point.found])),
  };
}

/** The first, the last, and others at even steps, with as many digits as a plot can show. */
function thinned(points: readonly (readonly number[])[]): number[][] {
  const kept = Math.min(points.length, CURVE_POINTS);
  return Array.from({ length: kept }, (_, at) => {
    const index = kept === 1 ? 0 : Math.round((at * (points.length - 1)) / (kept - 1));
    return (points[index] ?? []).map((value) => Number(value.toFixed(5)));
  });
}
