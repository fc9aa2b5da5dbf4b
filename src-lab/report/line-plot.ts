import { axisTicks, tickText } from './axis-ticks';
import { htmlText } from './html-text';

export interface PlotLine {
  readonly title: string;
  readonly colour: string;
  /** SVG dash pattern, so that lines can be told apart without colours. */
  readonly dash: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LinePlot {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Right end of the x axis, which begins at 0. */
  readonly xMax: number;
  /** Ends of the y axis; 0 and 1 when not given. */
  readonly yRange?: readonly [from: number, to: number];
  /** Places on the x axis that are marked by an upright line. */
  readonly xMarks?: readonly number[];
  readonly lines: readonly PlotLine[];
  /** What a method that knows nothing would do. */
  readonly diagonal?: boolean;
}

const WIDTH = 360;
const HEIGHT = 330;
const LEFT = 46;
const TOP = 30;
const SIDE = 244;

/** A plot of curves as inline SVG; the legend stands elsewhere. */
export function linePlot(plot: LinePlot): string {
  const { title, xTitle, yTitle, xMax, lines, diagonal, yRange = [0, 1], xMarks = [] } = plot;
  const [yFrom, yTo] = yRange;
  const x = (value: number) => LEFT + (SIDE * value) / xMax;
  const y = (value: number) => TOP + SIDE * (1 - (value - yFrom) / (yTo - yFrom));
  const grid = [
    ...axisTicks(yFrom, yTo).flatMap((tick) => [
      `<line class="grid" x1="${LEFT}" x2="${LEFT + SIDE}" y1="${y(tick)}" y2="${y(tick)}"/>`,
      `<text class="tick" x="${LEFT - 6}" y="${y(tick) + 3.5}" text-anchor="end">${tickText(tick)}</text>`,
    ]),
    ...axisTicks(0, xMax).flatMap((tick) => [
      `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${TOP}" y2="${TOP + SIDE}"/>`,
      `<text class="tick" x="${x(tick)}" y="${TOP + SIDE + 15}" text-anchor="middle">${tickText(tick)}</text>`,
    ]),
    ...xMarks.map(
      (mark) =>
        `<line class="chance" x1="${x(mark)}" x2="${x(mark)}" y1="${TOP}" y2="${TOP + SIDE}"/>`,
    ),
  ];
  const paths = lines.map(({ points, colour, dash }) => {
    const inside = clipped(points, xMax);
    const steps = inside.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`).join(' ');
    return `<polyline points="${steps}" fill="none" stroke="${colour}" stroke-width="1.8" stroke-dasharray="${dash}"/>`;
  });
  const chance =
    diagonal === true
      ? `<line class="chance" x1="${x(0)}" y1="${y(0)}" x2="${x(xMax)}" y2="${y(1)}"/>`
      : '';
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${htmlText(title)}">`,
    `<text class="plot-title" x="${LEFT}" y="16">${htmlText(title)}</text>`,
    ...grid,
    chance,
    ...paths,
    `<text class="axis" x="${LEFT + SIDE / 2}" y="${TOP + SIDE + 36}" text-anchor="middle">${htmlText(xTitle)}</text>`,
    `<text class="axis" transform="translate(12 ${TOP + SIDE / 2}) rotate(-90)" text-anchor="middle">${htmlText(yTitle)}</text>`,
    '</svg>',
  ].join('');
}

/** The points up to the axis' right end, with the line's last part cut there. */
function clipped(
  points: readonly (readonly [number, number])[],
  xMax: number,
): (readonly [number, number])[] {
  const kept: (readonly [number, number])[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (point[0] <= xMax) kept.push(point);
    else {
      if (last !== undefined) {
        const share = (xMax - last[0]) / (point[0] - last[0]);
        kept.push([xMax, last[1] + share * (point[1] - last[1])]);
      }
      break;
    }
  }
  return kept;
}
