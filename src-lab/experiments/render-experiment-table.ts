import type { ExperimentTable, Spread, TableRow } from './experiment-table';

const NOT_AVAILABLE = 'not available';

/** An experiment's outcome as markdown: figures beside the paper's, times, and what they rest on. */
export function renderExperimentTable(table: ExperimentTable): string {
  const parts = [
    `## ${table.title}`,
    `    ${table.command}`,
    figures(table),
    ...(table.times === null ? [] : [times(table.times)]),
    table.notes.map((note) => `- ${note}`).join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

function figures({ classes, rows }: ExperimentTable): string {
  const isSweep = rows.some(({ point }) => point !== null);
  const hasPaper = rows.some(({ paper }) => Object.values(paper).some((value) => value !== null));
  const hasOverall = classes.length > 1;
  const paper = (row: TableRow, name: string): string =>
    row.paper[name]?.toFixed(3) ?? NOT_AVAILABLE;
  const head = [
    'method',
    ...(isSweep ? ['point'] : []),
    ...classes.flatMap((name) => (hasPaper ? [name, 'paper'] : [name])),
    ...(hasOverall ? ['mean of the classes'] : []),
    ...(hasOverall || !hasPaper ? ['paper'] : []),
    'trained on, steps',
    'scored: normal, of a class',
    'runs',
  ];
  const body = rows.map((row) => [
    row.method,
    ...(isSweep ? [row.point ?? ''] : []),
    ...classes.flatMap((name) => {
      const own = spreadText(row.classes[name] ?? null);
      return hasPaper ? [own, paper(row, name)] : [own];
    }),
    ...(hasOverall ? [spreadText(row.overall)] : []),
    ...(hasOverall || !hasPaper ? [paper(row, 'overall')] : []),
    `${rangeText(row.trained.pictures)}, ${rangeText(row.trained.steps)}`,
    `${rangeText(row.scored.normal)}, ${rangeText(row.scored.abnormal)}`,
    runsText(row),
  ]);
  return grid(head, body);
}

function times({ on, rows }: NonNullable<ExperimentTable['times']>): string {
  const head = ['method', 'ms a patch', 'processor ms a patch', 'calls', 'paper, ms an image'];
  const body = rows.map((row) => [
    row.method,
    threeDigits(row.millisecondsPerPatch),
    threeDigits(row.processorMillisecondsPerPatch),
    String(row.calls),
    row.paperMilliseconds ?? NOT_AVAILABLE,
  ]);
  return `Scoring time, all methods in one run (${on}; the paper's machine is not recorded):\n\n${grid(head, body)}`;
}

function threeDigits(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3, useGrouping: false });
}

function spreadText(spread: Spread | null): string {
  if (spread === null) return '–';
  const { mean, min, max, seeds } = spread;
  const text = mean.toFixed(3);
  return seeds === 1 ? text : `${text} (${min.toFixed(3)}–${max.toFixed(3)})`;
}

function rangeText(range: readonly [number, number] | null): string {
  if (range === null) return '–';
  const [least, most] = range;
  return least === most ? String(least) : `${least}–${most}`;
}

function runsText({ runs: { finished, diverged, planned }, cutShort }: TableRow): string {
  const parts = [finished === planned ? String(finished) : `${finished} of ${planned}`];
  if (diverged > 0) parts.push(`${diverged} diverged`);
  if (cutShort > 0) parts.push(`${cutShort} cut short by time`);
  return parts.join(', ');
}

/** A markdown table whose columns line up. */
function grid(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [line(head), line(rule), ...body.map(line)].join('\n');
}
