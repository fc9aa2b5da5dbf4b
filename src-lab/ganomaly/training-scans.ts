import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { findScanSources } from '../../src-main/scan-io/find-scan-sources';
import type { FoundScan } from '../../src-main/scan-io/group-scan-sources';
import { sortKey } from '../../src-main/scan-io/group-scan-sources';
import { readSimulationFacts } from '../datasets/simulation-facts';
import { CHECKPOINT_FILE } from './training-checkpoint';

/** All scans of a folder and its subfolders, in the order of their names. */
export async function scansIn(directory: string): Promise<FoundScan[]> {
  const found: FoundScan[] = [];
  for await (const scan of findScanSources(directory)) found.push(scan);
  return found;
}

/**
 * What the simulations say that made some of the scans.
 * @throws PhiscanError `training-impossible` when one of them put threats in.
 */
export async function benignSimulations(found: readonly FoundScan[]): Promise<string[]> {
  const files = found.map((scan) => (scan.state === 'found' ? sortKey(scan.source) : scan.path));
  const summaries: string[] = [];
  for (const directory of new Set(files.map((file) => path.dirname(file)))) {
    const simulation = await readSimulationFacts(directory);
    if (simulation === null) continue;
    if (simulation.hasThreats) {
      throw new PhiscanError(
        'training-impossible',
        `${directory} holds simulated threats (${simulation.summary}), and training sees benign ` +
          'bags alone. Name a folder that was simulated with "--threat none".',
      );
    }
    summaries.push(simulation.summary);
  }
  return summaries;
}

/** @throws PhiscanError `arguments-invalid` where another run's checkpoint would be lost */
export async function prepareOutput(directory: string, resume: boolean): Promise<void> {
  await mkdir(directory, { recursive: true });
  if (resume || !existsSync(path.join(directory, CHECKPOINT_FILE))) return;
  throw new PhiscanError(
    'arguments-invalid',
    `${directory} holds the checkpoint of another training run. Continue it with --resume, or ` +
      'train into another folder.',
  );
}
