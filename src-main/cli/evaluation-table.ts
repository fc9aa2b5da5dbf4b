import { flatFigures } from '../../src-lab/evaluation/detection-figures';
import type { DetectionReport, Intervals } from '../../src-lab/evaluation/detection-report';
import { listedFigures, methodTitle } from '../../src-lab/evaluation/report/figure-list';
import { rateWords } from './score-table';

export interface EvaluationReport extends DetectionReport {
  readonly model: string;
  readonly engine: string;
  readonly beside?: { readonly model: string; readonly scoreDefinition: string };
}

const TITLE_WIDTH = 46;
const CELL_WIDTH = 22;

/**
 * The figures for people: the model, darkness and the others, each with its 95 % interval, and the
 * interval of the model's lead over darkness.
 */
export function evaluationTable(report: EvaluationReport): string[] {
  const { n, alarmRateAtPhi, rows } = report;
  const head = [
    `model ${report.model} on ${report.engine}`,
    `${n.benignBags} benign bags, ${n.threatBags} threat bags, ${n.boxes} known threats in ${n.labelledBags} of them, ${n.patches} tiles`,
  ];
  const { beside } = report;
  if (beside !== undefined) {
    head.push(
      `beside it ${beside.model}, which scores by ${beside.scoreDefinition}; both: the more unusual of the two by their own scales`,
    );
  }
  if (alarmRateAtPhi !== null) {
    const { phi, benign, threat } = alarmRateAtPhi;
    head.push(
      `φ ${phi} (${rateWords(phi)}): ${percent(benign)} of benign and ${percent(threat)} of threat bags alarm`,
    );
  } else head.push('not calibrated: no alarm rate at φ');
  const titles = [...rows.map(methodTitle), 'model − darkness'];
  return [
    ...head,
    '',
    line('', titles),
    ...listedFigures(report).flatMap(({ title, figures }) => [
      '',
      title,
      ...figures.map((figure) => line(`  ${figure.title}`, cellsOf(report, figure.path))),
    ]),
    ...classLines(report),
  ];
}

function cellsOf({ rows, differences, intervals }: EvaluationReport, path: string): string[] {
  return [
    ...rows.map((row) => cell(flatFigures(row)[path], row.intervals, path)),
    cell(differences[path], intervals, `difference.${path}`),
  ];
}

function cell(value: number | undefined, intervals: Intervals, path: string): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  const found = intervals[path];
  return found === undefined || found === null
    ? value.toFixed(3)
    : `${value.toFixed(3)} [${found.low.toFixed(3)}, ${found.high.toFixed(3)}]`;
}

function line(title: string, cells: readonly string[]): string {
  return [title.padEnd(TITLE_WIDTH), ...cells.map((text) => text.padEnd(CELL_WIDTH))]
    .join('  ')
    .trimEnd();
}

function classLines({ classes, baseline }: EvaluationReport): string[] {
  const names = Object.keys(classes);
  if (names.length === 0) return [];
  return [
    '',
    `${'class'.padEnd(16)}  threats  bags   found at 10 %: model  darkness   within-bag AUROC: model  darkness`,
    ...names.flatMap((name) => {
      const model = classes[name];
      const dark = baseline.classes[name];
      if (model === undefined || dark === undefined) return [];
      return [
        [
          name.padEnd(16),
          String(model.threats).padStart(7),
          String(model.bags).padStart(4),
          percent(model.foundAtFar['0.10']).padStart(22),
          percent(dark.foundAtFar['0.10']).padStart(8),
          model.withinBagAuroc.toFixed(3).padStart(24),
          dark.withinBagAuroc.toFixed(3).padStart(8),
        ].join('  '),
      ];
    }),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
