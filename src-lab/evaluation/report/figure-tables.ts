import { flatFigures } from '../detection-figures';
import type { DetectionReport, Intervals } from '../detection-report';
import { listedFigures, methodTitle } from './figure-list';
import { htmlText } from '../../report/html-text';

/**
 * All methods beside each other, with intervals, and the model's lead over darkness: by single bags,
 * and by blocks of neighbours where there are bags enough.
 */
export function figureTable(report: DetectionReport): string {
  const { rows, differences, intervals } = report;
  const hasBlocks = Object.values(report.intervalsByBlocks).some((found) => found !== null);
  const blocks = hasBlocks ? ['… by blocks of neighbours'] : [];
  const head = ['', ...rows.map(methodTitle), 'model − darkness', ...blocks].map(
    (title) => `<th scope="col">${htmlText(title)}</th>`,
  );
  const flat = rows.map((row) => flatFigures(row));
  const groups = listedFigures(report).map(({ title, figures }) => {
    const lines = figures.map((figure) => {
      const cells = rows.map((row, at) =>
        cell(flat[at]?.[figure.path], row.intervals, figure.path, at === 0 ? 'own' : ''),
      );
      const path = `difference.${figure.path}`;
      const lead = leadClass(intervals, path);
      const difference = cell(differences[figure.path], intervals, path, lead);
      const byBlocks = hasBlocks ? `<td>${intervalText(report.intervalsByBlocks, path)}</td>` : '';
      return `<tr><td class="name">${htmlText(figure.title)}</td>${cells.join('')}${difference}${byBlocks}</tr>`;
    });
    const width = rows.length + 2 + blocks.length;
    return `<tbody><tr><th colspan="${width}" scope="colgroup">${htmlText(title)}</th></tr>${lines.join('')}</tbody>`;
  });
  return `<table><thead><tr>${head.join('')}</tr></thead>${groups.join('')}</table>`;
}

/** Each class of threats by each method that names places. */
export function classTable({ rows, classes }: DetectionReport): string {
  const placing = rows.filter((row) => Object.keys(row.classes).length > 0);
  const methods = placing.map(
    (row) => `<th colspan="3" scope="colgroup">${htmlText(methodTitle(row))}</th>`,
  );
  const figureTitles = ['threats found at 10 %', 'bags found at 10 %', 'tile AUROC inside bags'];
  const head = ['class', 'threats', 'bags', ...placing.flatMap(() => figureTitles)].map(
    (title) => `<th scope="col">${htmlText(title)}</th>`,
  );
  const lines = Object.entries(classes).map(([name, { threats, bags }]) => {
    const cells = placing.flatMap((row, at) => {
      const figures = row.classes[name];
      const own = at === 0 ? 'own' : '';
      return [
        cell(figures?.foundAtFar['0.10'], row.intervals, `classes.${name}.foundAtFar.0.10`, own),
        cell(
          figures?.bagsFoundAtFar['0.10'],
          row.intervals,
          `classes.${name}.bagsFoundAtFar.0.10`,
          own,
        ),
        cell(figures?.withinBagAuroc, row.intervals, `classes.${name}.withinBagAuroc`, own),
      ];
    });
    return `<tr><td class="name">${htmlText(name)}</td><td>${threats}</td><td>${bags}</td>${cells.join('')}</tr>`;
  });
  return `<table><thead><tr><th colspan="3"></th>${methods.join('')}</tr><tr>${head.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table>`;
}

function cell(
  value: number | undefined,
  intervals: Intervals,
  path: string,
  className: string,
): string {
  const text =
    value === undefined || Number.isNaN(value)
      ? '–'
      : `${signed(value, path)}<br>${intervalText(intervals, path)}`;
  return `<td${className === '' ? '' : ` class="${className}"`}>${text}</td>`;
}

function signed(value: number, path: string): string {
  const text = value.toFixed(3).replace('-', '−');
  return path.startsWith('difference.') && value > 0 ? `+${text}` : text;
}

function intervalText(intervals: Intervals, path: string): string {
  const found = intervals[path];
  if (found === undefined || found === null) return '';
  const [low, high] = [found.low, found.high].map((end) => end.toFixed(3).replace('-', '−'));
  return `<i>${low} to ${high}</i>`;
}

/** Coloured only where the interval excludes zero. */
function leadClass(intervals: Intervals, path: string): string {
  const found = intervals[path];
  if (found === undefined || found === null) return '';
  if (found.low > 0) return 'lead-up';
  return found.high < 0 ? 'lead-down' : '';
}
