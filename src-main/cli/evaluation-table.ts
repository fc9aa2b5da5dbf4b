import type { DetectionReport } from '../../src-lab/evaluation/detection-report';
import { FALSE_ALARM_RATES } from '../../src-lab/evaluation/detection-figures';
import { rateWords } from './score-table';

export interface EvaluationReport extends DetectionReport {
  readonly model: string;
  readonly engine: string;
}

interface Row {
  readonly title: string;
  readonly model: number;
  readonly baseline: number;
  /** Path of the figure in the report's intervals, where it has one. */
  readonly path?: string;
}

/** The figures for people: the model, its 95 % interval, darkness, and the interval of the difference. */
export function evaluationTable(report: EvaluationReport): string[] {
  const { n, alarmRateAtPhi } = report;
  const head = [
    `model ${report.model} on ${report.engine}`,
    `${n.benignBags} benign bags, ${n.threatBags} threat bags, ${n.boxes} known threats in ${n.labelledBags} of them, ${n.patches} tiles`,
  ];
  if (alarmRateAtPhi !== null) {
    const { phi, benign, threat } = alarmRateAtPhi;
    head.push(
      `φ ${phi} (${rateWords(phi)}): ${percent(benign).trim()} of benign and ${percent(threat).trim()} of threat bags alarm`,
    );
  } else head.push('not calibrated: no alarm rate at φ');
  return [
    ...head,
    '',
    `${''.padEnd(44)}  ${'model'.padEnd(26)}  ${'darkness'.padEnd(26)}  model − darkness`,
    ...rowsOf(report).map((row) => formatRow(row, report)),
    ...classLines(report),
  ];
}

function rowsOf(report: EvaluationReport): Row[] {
  const { bag, withinBag, threat, patch, baseline } = report;
  const rows: Row[] = [
    { title: 'bag AUROC', model: bag.auroc, baseline: baseline.bag.auroc, path: 'bag.auroc' },
    ...FALSE_ALARM_RATES.map((rate) => ({
      title: `threat bags alarming at ${percentName(rate)} false alarms`,
      model: bag.tprAtFar[rate],
      baseline: baseline.bag.tprAtFar[rate],
      path: `bag.tprAtFar.${rate}`,
    })),
  ];
  if (report.n.boxes === 0) return rows;
  return [
    ...rows,
    ...FALSE_ALARM_RATES.map((rate) => ({
      title: `… alarming on a threat at ${percentName(rate)}`,
      model: threat.bagsFoundAtFar[rate],
      baseline: baseline.threat.bagsFoundAtFar[rate],
      path: `threat.bagsFoundAtFar.${rate}`,
    })),
    ...FALSE_ALARM_RATES.map((rate) => ({
      title: `single threats found at ${percentName(rate)}`,
      model: threat.foundAtFar[rate],
      baseline: baseline.threat.foundAtFar[rate],
      path: `threat.foundAtFar.${rate}`,
    })),
    {
      title: 'within-bag tile AUROC',
      model: withinBag.auroc,
      baseline: baseline.withinBag.auroc,
      path: 'withinBag.auroc',
    },
    {
      title: `hit@1 (chance ${withinBag.hitAt1Chance.toFixed(3)})`,
      model: withinBag.hitAt1,
      baseline: baseline.withinBag.hitAt1,
      path: 'withinBag.hitAt1',
    },
    {
      title: 'tile AUROC, threats against benign bags',
      model: patch.auroc,
      baseline: baseline.patch.auroc,
    },
    { title: 'tile average precision', model: patch.aupr, baseline: baseline.patch.aupr },
  ];
}

function formatRow({ title, model, baseline, path }: Row, report: EvaluationReport): string {
  const cell = (value: number, name: string) =>
    `${value.toFixed(3)}${path === undefined ? '' : interval(report, `${name}${path}`)}`.padEnd(26);
  const difference =
    path === undefined ? '' : interval(report, `difference.${path}`).replace(/^ /, '');
  return `${title.padEnd(44)}  ${cell(model, '')}  ${cell(baseline, 'baseline.')}  ${difference}`.trimEnd();
}

function interval({ intervals }: EvaluationReport, path: string): string {
  const found = intervals[path];
  return found === undefined || found === null
    ? ''
    : ` [${found.low.toFixed(3)}, ${found.high.toFixed(3)}]`;
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

function percentName(rate: string): string {
  return `${Number(rate) * 100} %`;
}
