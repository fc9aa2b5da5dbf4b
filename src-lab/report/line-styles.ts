import { htmlText } from './html-text';

/** Told apart without colours, too. */
export const LINE_STYLES = [
  { colour: '#b0146f', dash: '' },
  { colour: '#14181f', dash: '6 3' },
  { colour: '#3d7a9e', dash: '2 3' },
  { colour: '#b57b12', dash: '8 3 2 3' },
  { colour: '#4d8a4a', dash: '1 2' },
  { colour: '#6a4fb3', dash: '10 4' },
  { colour: '#a0522d', dash: '4 2 1 2' },
] as const;

/** The style of the line with this number; the numbering goes round. */
export function lineStyle(at: number): { readonly colour: string; readonly dash: string } {
  return LINE_STYLES[at % LINE_STYLES.length] ?? LINE_STYLES[0];
}

/** What the lines of several plots stand for, in the order of their styles. */
export function lineLegend(titles: readonly string[]): string {
  const entries = titles.map((title, at) => {
    const { colour, dash } = lineStyle(at);
    return `<li><svg viewBox="0 0 34 10"><line x1="0" x2="34" y1="5" y2="5" stroke="${colour}" stroke-width="2.4" stroke-dasharray="${dash}"/></svg>${htmlText(title)}</li>`;
  });
  return `<ul class="legend">${entries.join('')}</ul>`;
}
