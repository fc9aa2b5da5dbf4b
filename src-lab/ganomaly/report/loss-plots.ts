import { quantile } from '../../evaluation/ranking-metrics';
import type { PlotLine } from '../../report/line-plot';
import { linePlot } from '../../report/line-plot';
import { lineLegend, lineStyle } from '../../report/line-styles';
import type { LoggedLine } from '../training-metrics';

const LOSS_TITLES: Readonly<Record<string, string>> = {
  contextual: 'L_con, the reconstruction',
  encoder: 'L_enc, the latent vectors',
  adversarial: 'L_adv, the discriminator’s features',
  generator: 'L_G, the generator’s sum',
  discriminator: 'L_D, the cross-entropy',
  highestPlace: 'cross-entropy of the highest places',
};
/** Numbers of a line that are no losses. */
const NO_LOSSES = ['step', 'epoch', 'discriminatorRedraws', 'trainingSeconds'];
const PACES = ['cropsPerSecond', 'patchesPerSecond'];
/** Of the values of a plot, what may lie above it: the first steps dwarf all others. */
const ABOVE_AXIS = 0.02;
const ONE_STAGE = 'training';
const HELD_OUT = 'held out';

type Point = readonly [step: number, value: number];

/** A plot for each loss that a run logged, its stages told apart; a legend where there are several. */
export function lossPlots(metrics: readonly LoggedLine[]): string {
  const stages = stagesOf(metrics);
  const titles = metrics.some((line) => line.heldOut !== undefined)
    ? [...stages, HELD_OUT]
    : stages;
  const plots = lossNames(metrics).flatMap((name) => {
    const title = LOSS_TITLES[name] ?? name;
    const lines = titles.flatMap((lineTitle, at): PlotLine[] => {
      const points =
        lineTitle === HELD_OUT
          ? heldOutPoints(metrics, name)
          : stagePoints(metrics, lineTitle, name);
      return points.length === 0 ? [] : [{ title: lineTitle, ...lineStyle(at), points }];
    });
    return lines.length === 0 ? [] : [plotOf(metrics, title, 'loss', lines)];
  });
  const legend = titles.length > 1 ? lineLegend(titles) : '';
  return `${legend}<div class="plots">${plots.join('')}</div>`;
}

function lossNames(metrics: readonly LoggedLine[]): string[] {
  const numbers = metrics.flatMap((line) =>
    Object.entries(line).flatMap(([name, value]) => (typeof value === 'number' ? [name] : [])),
  );
  return [...new Set(numbers)].filter((name) => ![...NO_LOSSES, ...PACES].includes(name));
}

/** Crops or patches a second over the steps. */
export function pacePlot(metrics: readonly LoggedLine[]): string {
  const lines = stagesOf(metrics).flatMap((stage, at) =>
    PACES.flatMap((name): PlotLine[] => {
      const points = stagePoints(metrics, stage, name);
      return points.length === 0 ? [] : [{ title: stage, ...lineStyle(at), points }];
    }),
  );
  if (lines.length === 0) return '';
  const isCrops = metrics.some((line) => typeof line['cropsPerSecond'] === 'number');
  return plotOf(metrics, isCrops ? 'Crops a second' : 'Patches a second', 'a second', lines, true);
}

function plotOf(
  metrics: readonly LoggedLine[],
  title: string,
  yTitle: string,
  lines: readonly PlotLine[],
  isFromZero = false,
): string {
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
  const top = isFromZero ? Math.max(...values) : quantile(values, 1 - ABOVE_AXIS);
  const from = isFromZero ? 0 : Math.min(...values);
  const margin = 0.05 * (top - from);
  // A run of a single point has no span of its own.
  const to = top > from ? top + margin : from + Math.max(Math.abs(from), 1e-6);
  const low = isFromZero ? 0 : Math.max(0, from - margin);
  return linePlot({
    title,
    xTitle: 'step',
    yTitle,
    xMax: Math.max(1, ...metrics.map(({ step }) => step)),
    yRange: [low, to],
    xMarks: stageStarts(metrics),
    lines: lines.map((line) => ({
      ...line,
      points: line.points.map(([step, value]) => [step, Math.min(to, value)] as const),
    })),
  });
}

function stagesOf(metrics: readonly LoggedLine[]): string[] {
  return [...new Set(metrics.map(({ stage }) => stage ?? ONE_STAGE))];
}

/** The last step before each stage but the first. */
function stageStarts(metrics: readonly LoggedLine[]): number[] {
  return metrics.flatMap(({ stage }, at) => {
    const before = metrics[at - 1];
    return before !== undefined && before.stage !== stage ? [before.step] : [];
  });
}

function stagePoints(metrics: readonly LoggedLine[], stage: string, name: string): Point[] {
  return metrics.flatMap((line): Point[] => {
    const value = line[name];
    return (line.stage ?? ONE_STAGE) === stage && typeof value === 'number'
      ? [[line.step, value]]
      : [];
  });
}

function heldOutPoints(metrics: readonly LoggedLine[], name: string): Point[] {
  return metrics.flatMap(({ step, heldOut }): Point[] => {
    if (heldOut === undefined || (name !== 'contextual' && name !== 'encoder')) return [];
    return [[step, heldOut[name]]];
  });
}
