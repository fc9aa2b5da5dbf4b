import { readFile } from 'node:fs/promises';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Box } from '../../src-shared/domain/screening-outcome';

/** Where a known threat lies on a bag: ground truth for evaluation, never for training. */
export interface Threat {
  readonly class: string;
  /** Which of the bag's views, from 0. */
  readonly view: number;
  /** In that view's pixels. */
  readonly box: Box;
}

const COLUMNS = ['file', 'class', 'x', 'y', 'w', 'h'] as const;

/**
 * Reads boxes drawn on threats: comma-separated values with a head row that names at least file,
 * class, x, y, w, h (pixels of the scan's first view); further columns are left alone.
 * @returns the threats of each file, by file name without folders
 * @throws PhiscanError `arguments-invalid` with the line that cannot be understood
 */
export async function readThreatBoxes(path: string): Promise<Map<string, Threat[]>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new PhiscanError('arguments-invalid', `The boxes file ${path} cannot be read.`, {
      cause,
    });
  }
  return parseThreatBoxes(text, path);
}

/** @param path only names the file in messages */
export function parseThreatBoxes(text: string, path: string): Map<string, Threat[]> {
  const [head = '', ...rows] = text.split(/\r?\n/);
  const names = head.split(',').map((name) => name.trim().toLowerCase());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new PhiscanError(
      'arguments-invalid',
      `${path} was expected to begin with the columns ${COLUMNS.join(',')}; ${missing.join(', ')} is missing.`,
    );
  }
  const threats = new Map<string, Threat[]>();
  rows.forEach((row, index) => {
    if (row.trim() === '') return;
    const cells = row.split(',').map((cell) => cell.trim());
    const cell = (column: (typeof COLUMNS)[number]) => cells[names.indexOf(column)] ?? '';
    const sides = (['x', 'y', 'w', 'h'] as const).map((column) =>
      cell(column) === '' ? Number.NaN : Number(cell(column)),
    );
    const [x = Number.NaN, y = Number.NaN, width = Number.NaN, height = Number.NaN] = sides;
    if (!sides.every(Number.isFinite) || width <= 0 || height <= 0 || cell('file') === '') {
      throw new PhiscanError(
        'arguments-invalid',
        `Line ${index + 2} of ${path} was expected to give file, class and a box of numbers with a size; it reads "${row}".`,
      );
    }
    const ofFile = threats.get(cell('file')) ?? [];
    ofFile.push({ class: cell('class'), view: 0, box: { x, y, width, height } });
    threats.set(cell('file'), ofFile);
  });
  return threats;
}
