import type { DetectionReport, MethodRow } from '../detection-report';
import { FALSE_ALARM_RATES, flatFigures } from '../detection-figures';

/** A figure as people read it. */
export interface ListedFigure {
  /** Its path in the report, such as `threat.foundAtFar.0.10`. */
  readonly path: string;
  readonly title: string;
}

/** Figures that belong together, under one heading. */
export interface FigureGroup {
  readonly title: string;
  readonly figures: readonly ListedFigure[];
}

/** The figures that the model has, in the order in which they are read. */
export function listedFigures(report: DetectionReport): FigureGroup[] {
  const [model] = report.rows;
  if (model === undefined) return [];
  const known = flatFigures(model);
  const chance = model.withinBag.hitAt1Chance;
  return [
    {
      title: 'Threat bags and threats found',
      figures: [
        ...atFar('threat.bagsFoundAtFar', 'bags with an alarm on a threat'),
        ...atFar('threat.foundAtFar', 'single threats found'),
      ],
    },
    {
      title: 'Whole bags, wherever the alarm lies',
      figures: [
        { path: 'bag.auroc', title: 'bag AUROC' },
        ...atFar('bag.tprAtFar', 'threat bags alarming'),
      ],
    },
    {
      title: 'Benign bags cut to the threat bags’ sizes',
      figures: [
        { path: 'sizeMatched.bag.auroc', title: 'bag AUROC, size-matched' },
        ...atFar('sizeMatched.bag.tprAtFar', 'threat bags alarming, size-matched'),
        ...atFar('sizeMatched.threat.bagsFoundAtFar', 'bags found, size-matched'),
        ...atFar('sizeMatched.threat.foundAtFar', 'threats found, size-matched'),
      ],
    },
    {
      title: 'Inside threat bags, where no difference between folders can help',
      figures: [
        { path: 'withinBag.auroc', title: 'tile AUROC inside bags' },
        { path: 'withinBag.hitAt1', title: `hit@1 (chance ${chance.toFixed(3)})` },
        ...atFar('control.alarmRateOutsideBoxesAtFar', 'control: alarms beside the threats'),
      ],
    },
    {
      title: 'Tiles and pixels, threats against all else',
      figures: [
        { path: 'patch.auroc', title: 'tile AUROC' },
        { path: 'patch.aupr', title: 'tile average precision' },
        { path: 'pixel.auroc', title: 'pixel AUROC' },
        { path: 'pixel.aupro', title: 'pixel AUPRO up to 0.3' },
      ],
    },
  ]
    .map(({ title, figures }) => ({
      title,
      figures: figures.filter(({ path }) => isKnown(known[path])),
    }))
    .filter(({ figures }) => figures.length > 0);
}

/** What people call a method. */
export function methodTitle({ name }: Pick<MethodRow, 'name'>): string {
  switch (name) {
    case 'model':
      return 'model';
    case 'darkness':
      return 'darkness';
    case 'size':
      return 'size only';
    case 'random':
      return 'random weights';
    case 'beside':
      return 'beside it';
    case 'both':
      return 'both models';
    default:
      return name;
  }
}

function atFar(path: string, title: string): ListedFigure[] {
  return FALSE_ALARM_RATES.map((rate) => ({
    path: `${path}.${rate}`,
    title: `${title} at ${Number(rate) * 100} %`,
  }));
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined && !Number.isNaN(value);
}
