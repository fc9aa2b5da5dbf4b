import path from 'node:path';
import type { LoggedLine, MetricsLine } from './training-metrics';
import { appendMetrics, METRICS_FILE, truncateMetrics } from './training-metrics';
import type { SampleRow } from './training-samples';
import { appendSamples, readSamples, SAMPLES_FILE } from './training-samples';

/** The two files that a run adds to as it goes on, `metrics.jsonl` and `samples.jsonl`. */
export class TrainingLogs {
  private readonly metricsFile: string;
  private readonly samplesFile: string;

  constructor(directory: string) {
    this.metricsFile = path.join(directory, METRICS_FILE);
    this.samplesFile = path.join(directory, SAMPLES_FILE);
  }

  addLine(line: MetricsLine | LoggedLine): Promise<void> {
    return appendMetrics(this.metricsFile, line);
  }

  addSamples(row: Pick<SampleRow, 'step' | 'title'>, pngs: readonly Uint8Array[]): Promise<void> {
    return appendSamples(this.samplesFile, row, pngs);
  }

  async hasSamples(): Promise<boolean> {
    return (await readSamples(this.samplesFile)).length > 0;
  }

  /** Drops what was added after a step: it is done again. */
  async truncate(lastStep: number): Promise<void> {
    for (const file of [this.metricsFile, this.samplesFile]) await truncateMetrics(file, lastStep);
  }
}
