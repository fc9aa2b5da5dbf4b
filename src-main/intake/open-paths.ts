import type { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { ScanSource } from '../../src-shared/domain/scan';
import { findScanSources } from '../scan-io/find-scan-sources';
import type { FoundScan } from '../scan-io/group-scan-sources';
import { energyHalf } from '../scan-io/group-scan-sources';

export interface OpenedPaths {
  readonly added: number;
  /** Paths that could not be looked into. */
  readonly faults: readonly PhiscanError[];
}

/**
 * Takes the scans at files and folders into the queue, in the order given; each is taken as it is
 * found, so that a long folder shows its first bags at once. A scan that the paths name twice, as
 * both files of an energy pair do, is taken once.
 */
export async function openPaths(
  paths: readonly string[],
  arrive: (source: ScanSource) => Promise<unknown>,
): Promise<OpenedPaths> {
  const taken = new Set<string>();
  const faults: PhiscanError[] = [];
  for (const path of paths) {
    for await (const found of findScanSources(path)) {
      const source = sourceOf(found);
      if (source === null) {
        if (found.state === 'broken') faults.push(found.error);
        continue;
      }
      const key = JSON.stringify(source);
      if (taken.has(key)) continue;
      taken.add(key);
      await arrive(source);
    }
  }
  return { added: taken.size, faults };
}

/** A half without its other half is a bag too: as a pair it can't be read, so it is shown as unscored. */
function sourceOf(found: FoundScan): ScanSource | null {
  if (found.state === 'found') return found.source;
  const half = energyHalf(found.path);
  if (half === null || found.error.code !== 'energy-pair-incomplete') return null;
  const { energy, otherPath } = half;
  return energy === 'low'
    ? { kind: 'pair', lowPath: found.path, highPath: otherPath }
    : { kind: 'pair', lowPath: otherPath, highPath: found.path };
}
