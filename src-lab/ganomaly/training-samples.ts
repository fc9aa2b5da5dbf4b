import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { TileBatch } from '../../src-main/engine/engine';
import { writePngRgb8 } from '../../src-main/scan-io/raster/write-png';
import { parseLines } from './training-metrics';

/** Name of the pictures that a run makes as it goes on, one line of JSON a row. */
export const SAMPLES_FILE = 'samples.jsonl';

const sampleRowSchema = z.strictObject({
  /** The run's step after which the row was made; 0 for what never changes. */
  step: z.int().min(0),
  title: z.string(),
  /** PNG files as base64, the same samples in the same order in every row. */
  pictures: z.array(z.base64()),
});

/** The same few samples, as the networks see them at one point of the training. */
export type SampleRow = z.infer<typeof sampleRowSchema>;

export async function appendSamples(
  file: string,
  { step, title }: Pick<SampleRow, 'step' | 'title'>,
  pngs: readonly Uint8Array[],
): Promise<void> {
  const row: SampleRow = {
    step,
    title,
    pictures: pngs.map((png) => Buffer.from(png).toString('base64')),
  };
  await appendFile(file, JSON.stringify(row) + '\n');
}

/** Tiles of colours in [−1, 1] as PNG files. */
export function tilePictures({ count, height, width, values }: TileBatch): Uint8Array[] {
  const length = values.length / count;
  return Array.from({ length: count }, (_, index) => {
    const tile = values.subarray(index * length, (index + 1) * length);
    const rgb = Uint8Array.from(tile, (value) => Math.round((value + 1) * 127.5));
    return writePngRgb8(width, height, rgb);
  });
}

/** All rows in the order in which they were made; none where there is no file. */
export async function readSamples(file: string): Promise<SampleRow[]> {
  if (!existsSync(file)) return [];
  return parseLines(await readFile(file, 'utf8'), sampleRowSchema);
}
