import { existsSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
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

export async function appendMetrics(file: string, line: MetricsLine): Promise<void> {
  await appendFile(file, JSON.stringify(line) + '\n');
}

/** Drops what a run had logged after its last checkpoint: those steps are done again. */
export async function truncateMetrics(file: string, lastStep: number): Promise<void> {
  if (!existsSync(file)) return;
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  const kept = lines.filter((line) => {
    const { step } = JSON.parse(line) as { step: number };
    return step <= lastStep;
  });
  await writeFile(file, kept.map((line) => line + '\n').join(''));
}
