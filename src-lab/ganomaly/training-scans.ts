import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { findScanSources } from '../../src-main/scan-io/find-scan-sources';
import type { FoundScan } from '../../src-main/scan-io/group-scan-sources';
import { sortKey } from '../../src-main/scan-io/group-scan-sources';
import type { SkippedScan } from '../datasets/scan-patches';
import { readSimulationFacts } from '../datasets/simulation-facts';
import { CHECKPOINT_FILE } from './training-checkpoint';

/** Scans whose names follow one another are often the same bag: they are held out together. */
const BLOCK_SCANS = 20;

/** All scans of a folder and its subfolders, in the order of their names. */
export async function scansIn(directory: string): Promise<FoundScan[]> {
  const found: FoundScan[] = [];
  for await (const scan of findScanSources(directory)) found.push(scan);
  return found;
}

/** The scans that were not left out, each to be named by its path. */
export function scansKept(
  found: readonly FoundScan[],
  skipped: readonly SkippedScan[],
): FoundScan[] {
  const paths = new Set(skipped.map((scan) => scan.path));
  return found.filter((scan) => !paths.has(pathOf(scan)));
}

/** The path that names a scan. */
export function pathOf(scan: FoundScan): string {
  return scan.state === 'found' ? sortKey(scan.source) : scan.path;
}

/**
 * What the simulations say that made some of the scans.
 * @throws PhiscanError `training-impossible` when one of them put threats in.
 */
export async function benignSimulations(found: readonly FoundScan[]): Promise<string[]> {
  const files = found.map(pathOf);
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

/**
 * Sets whole blocks of neighbouring scans aside, evenly over the folder.
 * @throws PhiscanError `training-impossible` when a side would be left empty
 */
export function holdOut(
  found: readonly FoundScan[],
  share: number,
): { training: FoundScan[]; heldOut: FoundScan[] } {
  const blockScans = Math.max(1, Math.min(BLOCK_SCANS, Math.floor((found.length * share) / 2)));
  const every = Math.max(2, Math.round(1 / share));
  const isHeldOut = (index: number) => Math.floor(index / blockScans) % every === every - 1;
  const training = found.filter((_, index) => !isHeldOut(index));
  const heldOut = found.filter((_, index) => isHeldOut(index));
  if (training.length === 0 || heldOut.length === 0) {
    throw new PhiscanError(
      'training-impossible',
      `${found.length} scans were found, too few to train on some and choose by others. ` +
        'Give a folder with more benign scans, 100 or more for a model to be used.',
    );
  }
  return { training, heldOut };
}
