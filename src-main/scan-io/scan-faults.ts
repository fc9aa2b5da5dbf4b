import { PhiscanError } from '../../src-shared/domain/phiscan-error';

/** What a person can do about a file that does not hold the whole scan. */
const NEXT_STEP = 'Scan the bag again or decide by eye.';

/** The file ends before the picture does. `found` says where, e.g. "after 12 of 40 rows". */
export function truncated(format: string, found: string, cause?: unknown): PhiscanError {
  return new PhiscanError(
    'file-truncated',
    `The file is cut short: the ${format} picture ends ${found}. ${NEXT_STEP}`,
    { cause },
  );
}

/** The file contradicts itself. `found` is a sentence without its full stop. */
export function corrupt(format: string, found: string, cause?: unknown): PhiscanError {
  return new PhiscanError(
    'file-corrupt',
    `The file is damaged: ${found} (${format}). ${NEXT_STEP}`,
    { cause },
  );
}

/** The file is sound, but says things in a way that Phiscan does not read. */
export function unsupported(format: string, found: string, wanted: string): PhiscanError {
  return new PhiscanError(
    'format-unsupported',
    `This ${format} file holds ${found}, which Phiscan does not read. ${wanted}`,
  );
}
