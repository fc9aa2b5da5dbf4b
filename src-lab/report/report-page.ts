import { htmlText } from './html-text';
import { PAGE_STYLE } from './page-style';

/** A figure at the head of a page, with what it is. */
export interface ReportFact {
  readonly value: string;
  readonly title: string;
}

export interface ReportPage {
  readonly title: string;
  /** Sentences under the title. */
  readonly lead: readonly string[];
  readonly facts: readonly ReportFact[];
  /** HTML, as `reportSection` gives it. */
  readonly sections: readonly string[];
}

/** One page of a report: self-contained, no scripts, fit for paper. */
export function reportPage({ title, lead, facts, sections }: ReportPage): string {
  const said = lead.map((line) => `<p class="lead">${htmlText(line)}</p>`).join('');
  const figures = facts
    .map((fact) => `<li><b>${htmlText(fact.value)}</b><span>${htmlText(fact.title)}</span></li>`)
    .join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${htmlText(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header><h1>${htmlText(title)}</h1>${said}<ul class="facts">${figures}</ul></header>
${sections.join('\n')}
</body>
</html>
`;
}

/** @param body HTML */
export function reportSection(title: string, body: string, notes: readonly string[] = []): string {
  const said = notes.map((note) => `<p class="note">${htmlText(note)}</p>`).join('');
  return `<section><h2>${htmlText(title)}</h2>${said}${body}</section>`;
}

/** A picture that lies in the page itself. */
export function pngSource(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
