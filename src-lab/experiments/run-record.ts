import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { RunSpec } from './plan-runs';

const recordSchema = z.strictObject({
  formatVersion: z.literal(1),
  key: z.string(),
  method: z.string(),
  seed: z.int(),
  /** Of a sweep, the point of it. */
  point: z.string().nullable(),
  /** All that decided the figures. */
  settings: z.json(),
  /** The pictures, in words. */
  description: z.string(),
  /** How many pictures a public set holds; null of simulated ones. */
  sourcePictures: z.int().nullable(),
  /** `diverged` where the training or the scores ran away: then there is no figure. */
  state: z.enum(['finished', 'diverged']),
  message: z.string().nullable(),
  training: z.strictObject({
    pictures: z.int(),
    steps: z.int(),
    stepsPlanned: z.int(),
    seconds: z.number(),
  }),
  scoring: z.strictObject({
    normal: z.int(),
    abnormal: z.record(z.string(), z.int()),
    /** False where the time limit came first: then an even share of all pictures was scored. */
    complete: z.boolean(),
    seconds: z.number(),
  }),
  /** Of each class against the normal pictures; empty where diverged. */
  auroc: z.record(z.string(), z.number()),
});

/** A run that is over, as its file holds it. */
export type RunRecord = z.infer<typeof recordSchema>;

/**
 * A finished run's record, or null where there is none.
 * @throws PhiscanError `file-corrupt`, `arguments-invalid` when the file belongs to other settings
 */
export async function readRunRecord(file: string, run: RunSpec): Promise<RunRecord | null> {
  const text = await readIfPresent(file);
  if (text === null) return null;
  const record = parse(file, text);
  if (JSON.stringify(record.settings) !== JSON.stringify(run.settings)) {
    throw new PhiscanError(
      'arguments-invalid',
      `${file} was made with other settings (${JSON.stringify(record.settings)}) than this ` +
        `command asks for (${JSON.stringify(run.settings)}). Give the same again, or another ` +
        'folder with --out.',
    );
  }
  return record;
}

/** Writes so that the file is at every moment absent, the former one or the new one, whole. */
export async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.partial`, text);
  await rename(`${file}.partial`, file);
}

/** The text of a file, or null where there is none. */
export async function readIfPresent(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function parse(file: string, text: string): RunRecord {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new PhiscanError(
      'file-corrupt',
      `${file} should be the record of a finished run, and cannot be understood. Delete it, and ` +
        'the run is made anew.',
      { cause },
    );
  }
}
