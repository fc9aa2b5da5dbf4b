import { relative } from 'node:path';
import { FALSE_ALARM_RATES } from '../detection-figures';
import type { DetectionReport, MethodRow } from '../detection-report';
import type { MethodEvidence } from '../method-evidence';
import { SIZE } from '../method-evidence';
import { highestOf } from '../tile-set';
import { methodTitle } from './figure-list';
import { classTable, figureTable } from './figure-tables';
import { histogramPlot } from '../../report/histogram-plot';
import { htmlText } from '../../report/html-text';
import type { LinePlot } from '../../report/line-plot';
import { linePlot } from '../../report/line-plot';
import { lineLegend, lineStyle } from '../../report/line-styles';
import type { ReportFact } from '../../report/report-page';
import { pngSource, reportPage, reportSection } from '../../report/report-page';
import type { SheetPicture } from './picture-sheet';

/** What a page of an evaluation is made of. */
export interface EvaluationPage {
  /** The model's bundle and what it ran on. */
  readonly model: string;
  readonly engine: string;
  readonly scoreDefinition: string;
  readonly bootstrapRounds: number;
  readonly benignFolder: string;
  readonly threatFolder: string;
  readonly unscoredBags: number;
  readonly madeAt: Date;
  readonly report: DetectionReport;
  readonly evidence: readonly MethodEvidence[];
  readonly misses: readonly SheetPicture[];
  readonly falseAlarms: readonly SheetPicture[];
}

/** Marks per benign bag beyond which nobody would look at a scanner's alarms any more. */
const FROC_MAX = 4;

/** One page that says what was measured: self-contained, no scripts, fit for paper. */
export function evaluationPage(page: EvaluationPage): string {
  const { report, model } = page;
  const sections = [
    reportSection('Figures', figureTable(report), [
      'Under each figure its 95 % interval by bootstrap over bags. The last columns compare the model with darkness on the same draws, by single bags and, where there are enough of them, by blocks of 20 neighbouring scans; the lead is coloured where its interval excludes zero.',
    ]),
    reportSection('Curves', curves(report), []),
    reportSection('Scores', histograms(page), [
      'Benign bags by their highest tile (grey), threat bags by the highest tile over a threat, or anywhere where no threat is known (line).',
    ]),
    Object.keys(report.classes).length === 0
      ? ''
      : reportSection('Classes of threats', classTable(report), []),
    sheet('Worst misses', page.threatFolder, page.misses, report.worst.misses.length, [
      'Threat bags in which nothing over a threat reaches the 10 % level, the lowest first. Known threats are framed in amber, alarms in magenta.',
    ]),
    sheet(
      'Worst false alarms',
      page.benignFolder,
      page.falseAlarms,
      report.worst.falseAlarms.length,
      ['Benign bags above the 10 % level, the highest first.'],
    ),
  ];
  return reportPage({ title: `Evaluation of ${model}`, ...header(page), sections });
}

function header(page: EvaluationPage): { lead: string[]; facts: ReportFact[] } {
  const { n, threat, bag, withinBag, alarmRateAtPhi } = page.report;
  const percent = (share: number) =>
    Number.isNaN(share) ? '–' : `${(100 * share).toFixed(0)}\u2009%`;
  const facts: ReportFact[] = [
    [percent(threat.bagsFoundAtFar['0.10']), 'of bags found at 10 % false alarms'],
    [percent(threat.foundAtFar['0.10']), 'of single threats found'],
    [bag.auroc.toFixed(3), 'bag AUROC'],
    [Number.isNaN(withinBag.hitAt1) ? '–' : withinBag.hitAt1.toFixed(3), 'hit@1'],
  ].map(([value = '', title = '']) => ({ value, title }));
  const rate =
    alarmRateAtPhi === null
      ? 'The bundle is not calibrated.'
      : `By its own scale ${percent(alarmRateAtPhi.benign)} of the benign bags and ${percent(alarmRateAtPhi.threat)} of the threat bags alarm at φ ${alarmRateAtPhi.phi}.`;
  const unscored =
    page.unscoredBags === 0
      ? ''
      : ` ${page.unscoredBags} bags could not be scored and are left out.`;
  const lead = [
    `Score ${page.scoreDefinition} on ${page.engine}, ${page.madeAt.toISOString().slice(0, 10)}.`,
    `${n.benignBags} benign bags (${page.benignFolder}) and ${n.threatBags} threat bags (${page.threatFolder}), with ${n.boxes} known threats in ${n.labelledBags} of them; ${n.patches} tiles.${unscored}`,
    `${rate} ${page.bootstrapRounds} bootstrap rounds.`,
  ];
  return { lead, facts };
}

function curves({ rows }: DetectionReport): string {
  const plots: LinePlot[] = [
    {
      title: 'ROC of bags',
      xTitle: 'share of benign bags that alarm',
      yTitle: 'share of threat bags that alarm',
      xMax: 1,
      diagonal: true,
      lines: linesOf(rows, (row) => [[0, 0], ...row.curves.bags.map(([x, y]) => [x, y])]),
    },
    {
      title: 'Precision and recall of bags',
      xTitle: 'share of threat bags that alarm',
      yTitle: 'share of alarms that are threat bags',
      xMax: 1,
      lines: linesOf(rows, (row) =>
        row.curves.bags.map(([, recall, precision]) => [recall, precision]),
      ),
    },
    {
      title: 'FROC: single threats',
      xTitle: 'marks per benign bag',
      yTitle: 'share of threats found',
      xMax: FROC_MAX,
      lines: linesOf(rows, (row) => row.curves.froc.map(([x, y]) => [x, y])),
    },
    {
      title: 'ROC of tiles',
      xTitle: 'share of benign bags’ tiles',
      yTitle: 'share of tiles on threats',
      xMax: 1,
      diagonal: true,
      lines: linesOf(rows, (row) =>
        row.curves.patches.length === 0
          ? []
          : [[0, 0], ...row.curves.patches.map(([x, y]) => [x, y])],
      ),
    },
    {
      title: 'Precision and recall of tiles',
      xTitle: 'share of tiles on threats',
      yTitle: 'share of high tiles that are on threats',
      xMax: 1,
      lines: linesOf(rows, (row) =>
        row.curves.patches.map(([, recall, precision]) => [recall, precision]),
      ),
    },
  ];
  const drawn = plots.filter(({ lines }) => lines.length > 0).map(linePlot);
  return `${lineLegend(rows.map(methodTitle))}<div class="plots">${drawn.join('')}</div>`;
}

function linesOf(
  rows: readonly MethodRow[],
  pointsOf: (row: MethodRow) => (readonly (number | undefined)[])[],
): LinePlot['lines'] {
  return rows.flatMap((row, at) => {
    const points = pointsOf(row).map(([x = 0, y = 0]) => [x, y] as const);
    return points.length === 0 ? [] : [{ title: methodTitle(row), ...lineStyle(at), points }];
  });
}

function histograms({ evidence }: EvaluationPage): string {
  const plots = evidence
    .filter(({ name }) => name !== SIZE)
    .map((method) => {
      const { benign, threat, figures } = method;
      const weights = new Float64Array(benign.length + threat.length).fill(1);
      const anyInside = threat.some(({ inside }) => inside !== null);
      return histogramPlot({
        title: methodTitle(method),
        benign: benign.map(({ highest }) => highest),
        threat: threat.flatMap(({ inside, highest }) => {
          if (inside !== null) return [highestOf(inside.threats.map((one) => one.highest))];
          return anyInside ? [] : [highest];
        }),
        level: figures.levels(weights)[FALSE_ALARM_RATES[1]],
      });
    });
  return `<div class="plots histograms">${plots.join('')}</div>`;
}

function sheet(
  title: string,
  folder: string,
  pictures: readonly SheetPicture[],
  total: number,
  notes: readonly string[],
): string {
  if (pictures.length === 0) return reportSection(title, '<p>None.</p>', []);
  const figures = pictures.map(({ bag, png }) => {
    const said = [
      ...bag.classes,
      `score ${bag.anomalyScore.toPrecision(4)}`,
      `reached by ${(100 * bag.benignShare).toFixed(0)} % of benign bags`,
    ].join(' · ');
    const name = htmlText(relative(folder, bag.name));
    return `<figure><img src="${pngSource(png)}" alt="${name}"><figcaption>${name}<br><span>${htmlText(said)}</span></figcaption></figure>`;
  });
  const count = pictures.length === total ? `${total}` : `${pictures.length} of ${total}`;
  return reportSection(
    `${title} (${count})`,
    `<div class="sheet">${figures.join('')}</div>`,
    notes,
  );
}
