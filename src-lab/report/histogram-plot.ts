import { quantile } from '../evaluation/ranking-metrics';
import { htmlText } from './html-text';

export interface HistogramPlot {
  readonly title: string;
  /** Drawn as filled bars. */
  readonly benign: readonly number[];
  /** Drawn as an outline over them; there may be none. */
  readonly threat: readonly number[];
  /** Marked by a line: at most 10 % of the benign values lie above it. */
  readonly level: number;
}

const WIDTH = 540;
const HEIGHT = 210;
const LEFT = 40;
const TOP = 28;
const PLOT_WIDTH = 484;
const PLOT_HEIGHT = 140;
const MOST_BINS = 36;

/**
 * Two histograms over one axis as inline SVG, each as shares of its own values. The axis ends where
 * the last hundredth of all values begins; what lies beyond is counted in the last bin.
 */
export function histogramPlot({ title, benign, threat, level }: HistogramPlot): string {
  const all = [...benign, ...threat].filter(Number.isFinite);
  const from = Math.min(...all);
  const to = Math.max(quantile(all, 0.99), from + Number.MIN_VALUE);
  // Few bags in many bins would show nothing but their own numbers.
  const bins = Math.min(MOST_BINS, Math.max(8, Math.ceil(1.5 * Math.sqrt(all.length))));
  const ofBenign = shares(benign, from, to, bins);
  const ofThreat = shares(threat, from, to, bins);
  const highest = Math.max(...ofBenign, ...ofThreat);
  const x = (bin: number) => LEFT + (PLOT_WIDTH * bin) / bins;
  const y = (share: number) => TOP + PLOT_HEIGHT * (1 - share / highest);
  const bars = ofBenign.map((share, bin) =>
    share === 0
      ? ''
      : `<rect class="benign" x="${x(bin).toFixed(1)}" y="${y(share).toFixed(1)}" width="${(PLOT_WIDTH / bins - 1).toFixed(1)}" height="${(TOP + PLOT_HEIGHT - y(share)).toFixed(1)}"/>`,
  );
  const outline = ofThreat
    .flatMap((share, bin) => [
      `${x(bin).toFixed(1)},${y(share).toFixed(1)}`,
      `${x(bin + 1).toFixed(1)},${y(share).toFixed(1)}`,
    ])
    .join(' ');
  const [benignCount, threatCount] = [benign.length, threat.length];
  const counted =
    `${benignCount} benign` + (threatCount === 0 ? '' : `, ${threatCount} with threats`);
  const at = LEFT + (PLOT_WIDTH * (Math.min(level, to) - from)) / (to - from);
  const base = TOP + PLOT_HEIGHT;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${htmlText(title)}">`,
    `<text class="plot-title" x="${LEFT}" y="14">${htmlText(title)}</text>`,
    ...bars,
    threatCount === 0 ? '' : `<polyline class="threat" points="${outline}"/>`,
    `<line class="base" x1="${LEFT}" x2="${LEFT + PLOT_WIDTH}" y1="${base}" y2="${base}"/>`,
    `<line class="level" x1="${at}" x2="${at}" y1="${TOP - 6}" y2="${base}"/>`,
    levelText(at),
    `<text class="tick" x="${LEFT + PLOT_WIDTH}" y="14" text-anchor="end">${counted}</text>`,
    `<text class="tick" x="${LEFT}" y="${base + 16}">${from.toPrecision(3)}</text>`,
    `<text class="tick" x="${LEFT + PLOT_WIDTH}" y="${base + 16}" text-anchor="end">${to.toPrecision(3)} and more</text>`,
    `<text class="axis" x="${LEFT + PLOT_WIDTH / 2}" y="${base + 32}" text-anchor="middle">score</text>`,
    '</svg>',
  ].join('');
}

/** Beside the level's line, on the side that has room for it. */
function levelText(at: number): string {
  const isLeft = at > LEFT + PLOT_WIDTH / 2;
  return `<text class="tick" x="${at + (isLeft ? -5 : 5)}" y="${TOP + 2}" text-anchor="${isLeft ? 'end' : 'start'}">10 % of benign bags beyond</text>`;
}

function shares(values: readonly number[], from: number, to: number, bins: number): number[] {
  const counts = Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.floor((bins * (value - from)) / (to - from));
    const inside = Math.max(0, Math.min(bins - 1, bin));
    counts[inside] = (counts[inside] ?? 0) + 1;
  }
  return counts.map((count) => (values.length === 0 ? 0 : count / values.length));
}
