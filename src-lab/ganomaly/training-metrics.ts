import { existsSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { StepLosses } from './ganomaly-training';

/** Name of a run's losses in its folder, one line of JSON each. */
export const METRICS_FILE = 'metrics.jsonl';

/** Means over the steps since the last line, one line of metrics.jsonl. */
export interface MetricsLine extends StepLosses {
  readonly step: number;
  readonly epoch: number;
  readonly discriminatorRedraws: number;
  readonly patchesPerSecond: number;
  readonly trainingSeconds: number;
}

/** Losses on benign bags that are never trained on, by running statistics. */
export interface HeldOutLosses {
  readonly contextual: number;
  readonly encoder: number;
}

/** What the held-out put-in solids say of the first so many comparators together. */
export const memberFiguresSchema = z.strictObject({
  members: z.int(),
  foundAtFar: z.strictObject({ '0.05': z.number(), '0.10': z.number(), '0.20': z.number() }),
  bagAuroc: z.number(),
  benignHighest: z.array(z.number()),
  area: z.strictObject({ slope: z.number(), squares: z.number() }),
});
export type MemberFigures = z.infer<typeof memberFiguresSchema>;

/** A line of metrics.jsonl as either kind of training writes it. */
const loggedLineSchema = z.looseObject({
  step: z.int().min(0),
  stage: z.string().optional(),
  epoch: z.int().min(0).optional(),
  trainingSeconds: z.number().min(0).optional(),
  heldOut: z.object({ contextual: z.number(), encoder: z.number() }).optional(),
  /** A return to the last good weights: where the run had been, and what was found there. */
  recovery: z.object({ fromStep: z.int(), found: z.string() }).optional(),
  /** The put-in solids' figures of the first so many comparators together. */
  putIn: memberFiguresSchema.optional(),
});
export type LoggedLine = z.infer<typeof loggedLineSchema>;

const LOSS_NAMES = ['adversarial', 'contextual', 'encoder', 'generator', 'discriminator'] as const;

/** Mean of each loss over several steps. */
export function meanLosses(steps: readonly StepLosses[]): StepLosses {
  const mean = (name: keyof StepLosses): number =>
    steps.reduce((sum, losses) => sum + losses[name], 0) / steps.length;
  const [adversarial, contextual, encoder, generator, discriminator] = LOSS_NAMES.map(mean) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { adversarial, contextual, encoder, generator, discriminator };
}

export async function appendMetrics(file: string, line: MetricsLine | LoggedLine): Promise<void> {
  await appendFile(file, JSON.stringify(line) + '\n');
}

/** Drops what a run had logged after its last checkpoint: those steps are done again. */
export async function truncateMetrics(file: string, lastStep: number): Promise<void> {
  if (!existsSync(file)) return;
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  const kept = lines.filter((line, index) => {
    try {
      return (JSON.parse(line) as { step: number }).step <= lastStep;
    } catch (error) {
      // A power cut can leave half a line at the end, and it is done again.
      if (index === lines.length - 1) return false;
      throw error;
    }
  });
  await writeFile(file, kept.map((line) => line + '\n').join(''));
}

/** Every line of a run's metrics; none where there is no file. */
export async function readMetrics(file: string): Promise<LoggedLine[]> {
  if (!existsSync(file)) return [];
  return parseLines(await readFile(file, 'utf8'), loggedLineSchema);
}

/** @throws PhiscanError `file-corrupt` where a line is not what the schema says */
export function parseLines<T>(text: string, schema: z.ZodType<T>): T[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line, index) => {
    try {
      return schema.parse(JSON.parse(line));
    } catch (cause) {
      throw new PhiscanError(
        'file-corrupt',
        `Line ${index + 1} of a training's record cannot be read. Train into another folder.`,
        { cause },
      );
    }
  });
}
