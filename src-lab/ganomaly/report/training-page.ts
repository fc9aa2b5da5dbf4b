import { quantile } from '../../evaluation/ranking-metrics';
import { histogramPlot } from '../../report/histogram-plot';
import { htmlText } from '../../report/html-text';
import type { ReportFact } from '../../report/report-page';
import { reportPage, reportSection } from '../../report/report-page';
import type { LoggedLine, MemberFigures } from '../training-metrics';
import type { SampleRow } from '../training-samples';
import { lossPlots, pacePlot } from './loss-plots';

/** Scans of one side of a training. */
export interface ScanSet {
  readonly scanCount: number;
  /** Patches cut from them, where a training counts them. */
  readonly patchCount?: number;
  readonly sha256: string;
  readonly leftOut: readonly { readonly path: string; readonly message: string }[];
}

/** What a training's report is made of. */
export interface TrainingPage {
  /** The bundle's id, or null while there is none. */
  readonly bundleId: string | null;
  /** How the run stands or ended, in a sentence. */
  readonly end: string;
  readonly madeAt: Date;
  readonly score: string;
  readonly steps: number;
  readonly trainingSeconds: number;
  readonly recoveries: number;
  readonly command: string;
  readonly settings: Readonly<Record<string, string | number>>;
  readonly training: ScanSet;
  /** Null where nothing is held out. */
  readonly heldOut: ScanSet | null;
  readonly metrics: readonly LoggedLine[];
  readonly samples: readonly SampleRow[];
  /** Empty for scores without comparators. */
  readonly members: readonly MemberFigures[];
  /** Highest score of each held-out benign bag, by the weights that were kept. */
  readonly benignHighest: readonly number[];
}

/** Rows of samples on the page, the first and the last among them. */
const MOST_ROWS = 12;

/** One page that says how a model was trained: self-contained, no scripts, fit for paper. */
export function trainingPage(page: TrainingPage): string {
  const sections = [
    reportSection('Losses', lossPlots(page.metrics), [
      'Means over the steps since the last point. Dashed uprights are where a stage begins; what lies above an axis is drawn on its edge.',
    ]),
    samples(page),
    page.members.length === 0 ? '' : putInSolids(page),
    histogram(page),
    pace(page),
    scanSets(page),
    settings(page),
  ];
  return reportPage({
    title: page.bundleId === null ? 'Training' : `Training of ${page.bundleId}`,
    lead: [`Score ${page.score}, ${page.madeAt.toISOString().slice(0, 10)}. ${page.end}`],
    facts: facts(page),
    sections: sections.filter((section) => section !== ''),
  });
}

function facts(page: TrainingPage): ReportFact[] {
  const { members, training, heldOut, steps, trainingSeconds } = page;
  const last = members.at(-1);
  const losses = page.metrics.flatMap((line) => line.heldOut ?? []).map((of) => of.contextual);
  return [
    { value: `${training.scanCount}`, title: 'scans trained on' },
    { value: `${heldOut?.scanCount ?? 0}`, title: 'scans held out' },
    { value: steps.toLocaleString('en-GB'), title: 'steps' },
    { value: duration(trainingSeconds), title: 'training time' },
    ...(last === undefined
      ? []
      : [
          { value: percent(last.foundAtFar['0.10']), title: 'put-in solids found at 10 %' },
          { value: last.bagAuroc.toFixed(3), title: 'AUROC of bags with them' },
        ]),
    ...(losses.length === 0
      ? []
      : [{ value: Math.min(...losses).toFixed(4), title: 'lowest held-out L_con' }]),
  ];
}

function samples({ samples: rows, heldOut }: TrainingPage): string {
  // A resumed run can draw a row again.
  const byTitle = [...new Map(rows.map((row) => [row.title, row])).values()];
  if (byTitle.length === 0) return '';
  const last = byTitle.length - 1;
  const shown =
    last < MOST_ROWS
      ? byTitle
      : byTitle.filter((_, row) =>
          Array.from({ length: MOST_ROWS }, (__, point) =>
            Math.round((point * last) / (MOST_ROWS - 1)),
          ).includes(row),
        );
  const lines = shown.map(({ title, pictures }) => {
    const cells = pictures.map(
      (base64) => `<img src="data:image/png;base64,${htmlText(base64)}" alt="${htmlText(title)}">`,
    );
    return `<tr><th scope="row">${htmlText(title)}</th><td>${cells.join('')}</td></tr>`;
  });
  const from = heldOut === null ? 'Training patches' : 'Pictures that are held out from training';
  return reportSection('Samples', `<table class="samples">${lines.join('')}</table>`, [
    `${from}, always the same, as the networks gave them back in the course of the training. Colours are the trade’s for what the networks see; in maps, magenta is what comparators are sure was put in.`,
  ]);
}

function putInSolids({ members }: TrainingPage): string {
  const head = ['comparators', 'found at 5 %', 'found at 10 %', 'found at 20 %', 'AUROC of bags'];
  const lines = members.map(({ members: count, foundAtFar, bagAuroc }) => {
    const cells = [
      `${count}`,
      ...(['0.05', '0.10', '0.20'] as const).map((rate) => percent(foundAtFar[rate])),
      bagAuroc.toFixed(3),
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const titles = head.map((title) => `<th scope="col">${title}</th>`).join('');
  return reportSection(
    'Put-in solids on held-out bags',
    `<table><thead><tr>${titles}</tr></thead><tbody>${lines.join('')}</tbody></table>`,
    [
      'Random solids are put into benign bags that are never trained on, one at a time. Found is the share of them that score above the level which 5, 10 or 20 % of the same bags reach untouched. No threat is needed for this, and none was seen.',
    ],
  );
}

function histogram({ benignHighest }: TrainingPage): string {
  if (benignHighest.length === 0) return '';
  const plot = histogramPlot({
    title: 'highest score of each bag',
    benign: benignHighest,
    threat: [],
    level: quantile(benignHighest, 0.9),
  });
  return reportSection(
    'Scores of held-out benign bags',
    `<div class="plots histograms">${plot}</div>`,
    ['Raw scores: what they mean in alarms is for calibration to say, on yet other bags.'],
  );
}

function pace({ metrics, recoveries, trainingSeconds, steps }: TrainingPage): string {
  const returns = metrics.flatMap(({ step, stage, recovery }) =>
    recovery === undefined ? [] : [{ step, stage, ...recovery }],
  );
  const lines = returns.map(
    ({ step, stage, fromStep, found }) =>
      `<li>${htmlText(`${stage === undefined ? '' : `${stage}: `}from step ${fromStep} back to step ${step} at half the rate; ${found}`)}</li>`,
  );
  const redraws = metrics.reduce((most, line) => {
    const { discriminatorRedraws } = line;
    return typeof discriminatorRedraws === 'number' ? Math.max(most, discriminatorRedraws) : most;
  }, 0);
  const said = [
    `${steps.toLocaleString('en-GB')} steps in ${duration(trainingSeconds)} of training.`,
    recoveries === 0
      ? 'The training never ran away.'
      : `The training ran away and returned to good weights ${recoveries} times.`,
    ...(redraws > 0 ? [`The discriminator collapsed and was drawn anew ${redraws} times.`] : []),
  ];
  return reportSection(
    'Pace and recoveries',
    `<div class="plots">${pacePlot(metrics)}</div><ul>${lines.join('')}</ul>`,
    said,
  );
}

function scanSets({ training, heldOut }: TrainingPage): string {
  const sides = [
    { title: 'trained on', set: training },
    ...(heldOut === null ? [] : [{ title: 'held out', set: heldOut }]),
  ];
  const lines = sides.map(({ title, set }) => {
    const patches = set.patchCount === undefined ? '' : `, ${set.patchCount} patches`;
    return `<tr><th scope="row">${title}</th><td>${set.scanCount} scans${patches}</td><td class="name">sha256 ${htmlText(set.sha256)}</td></tr>`;
  });
  const leftOut = sides
    .flatMap(({ set }) => set.leftOut)
    .map(({ path, message }) => `<li>${htmlText(`${path}: ${message}`)}</li>`);
  const list = leftOut.length === 0 ? '' : `<p>Left out:</p><ul>${leftOut.join('')}</ul>`;
  return reportSection('Scans', `<table>${lines.join('')}</table>${list}`, [
    'Held out are whole blocks of neighbouring scans, evenly over the folder.',
  ]);
}

function settings({ settings: values, command }: TrainingPage): string {
  const lines = Object.entries(values).map(
    ([name, value]) =>
      `<li><span>--${htmlText(name)}</span> <b>${htmlText(String(value))}</b></li>`,
  );
  return reportSection(
    'Settings',
    `<ul class="settings">${lines.join('')}</ul><p class="command">${htmlText(command)}</p>`,
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}\u2009%`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
