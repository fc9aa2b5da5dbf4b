import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Leaves a bench's figures where `npm run bench -- console` gathers them, under `console`. */
export function writeFigures(bench: string, figures: Readonly<Record<string, unknown>>): void {
  const folder = process.env['PHISCAN_BENCH_OUT'];
  if (folder === undefined) throw new Error('PHISCAN_BENCH_OUT names the folder for the figures');
  writeFileSync(path.join(folder, `${bench}.json`), JSON.stringify(figures));
}

/** The median and the 95th percentile, by the nearest rank. */
export function percentiles(values: readonly number[]): { p50: number; p95: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
  const round = (value: number): number => Math.round(value * 10) / 10;
  return { p50: round(at(0.5)), p95: round(at(0.95)) };
}
