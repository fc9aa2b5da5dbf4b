import { access, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bag } from '../../src-lab/evaluation/find-bags';
import type { MethodEvidence } from '../../src-lab/evaluation/method-evidence';
import { MODEL } from '../../src-lab/evaluation/measured-bag';
import type { EvaluationPage } from '../../src-lab/evaluation/report/evaluation-page';
import { evaluationPage } from '../../src-lab/evaluation/report/evaluation-page';
import type { SheetPicture } from '../../src-lab/evaluation/report/picture-sheet';
import { sheetPicture } from '../../src-lab/evaluation/report/picture-sheet';
import type { BagScreener } from '../../src-lab/evaluation/screen-bag';
import type { WorstBag } from '../../src-lab/evaluation/worst-bags';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { CommandLine } from './command-line';
import type { EvaluationInputs } from './evaluation-inputs';
import { ProgressLine } from './progress-line';

/** Pictures on each sheet. */
const SHEET_BAGS = 12;

/**
 * Checks before the long work that the page can be written after it.
 * @throws PhiscanError `arguments-invalid`
 */
export async function checkPagePath(file: string): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  try {
    await access(folder);
  } catch (cause) {
    throw new PhiscanError(
      'arguments-invalid',
      `The report is to be written to ${file}, and there is no folder ${folder}. Make it, or name another file with --report.`,
      { cause },
    );
  }
}

/**
 * Writes the page of an evaluation: screens the worst bags once more to draw them.
 * @throws PhiscanError `cancelled`
 */
export async function writeEvaluationPage(
  file: string,
  page: Omit<EvaluationPage, 'misses' | 'falseAlarms' | 'madeAt'>,
  inputs: EvaluationInputs,
  screener: BagScreener,
  commandLine: CommandLine,
): Promise<void> {
  const { misses, falseAlarms } = page.report.worst;
  const draw = (what: string, worst: readonly WorstBag[], bags: readonly Bag[]) =>
    drawSheet(what, worst.slice(0, SHEET_BAGS), bags, page.evidence, screener, commandLine);
  const html = evaluationPage({
    ...page,
    madeAt: new Date(),
    misses: await draw('Drawing misses', misses, inputs.threat),
    falseAlarms: await draw('Drawing false alarms', falseAlarms, inputs.benign),
  });
  await writeFile(file, html);
}

async function drawSheet(
  what: string,
  worst: readonly WorstBag[],
  bags: readonly Bag[],
  evidence: readonly MethodEvidence[],
  screener: BagScreener,
  { stderr, signal }: CommandLine,
): Promise<SheetPicture[]> {
  const model = evidence.find(({ name }) => name === MODEL);
  if (model === undefined) throw new RangeError('There is no evidence of the model.');
  const weights = new Float64Array(model.benign.length + model.threat.length).fill(1);
  const scale = {
    benignHighest: model.benign.map(({ highest }) => highest),
    level: model.figures.levels(weights)['0.10'],
  };
  const pictures: SheetPicture[] = [];
  const progress = new ProgressLine(stderr, what);
  try {
    for (const [index, bag] of worst.entries()) {
      const found = bags.find(({ name }) => name === bag.name);
      if (found === undefined) continue;
      const scored = await screener.screen(found, signal);
      if (scored.state === 'unscored') {
        throw new PhiscanError(scored.error.code, scored.error.message);
      }
      pictures.push({ bag, png: sheetPicture(scored, scale) });
      progress.draw(index + 1, worst.length);
    }
  } finally {
    progress.end();
  }
  return pictures;
}
