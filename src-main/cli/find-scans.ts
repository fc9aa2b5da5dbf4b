import { findScanSources } from '../scan-io/find-scan-sources';
import type { FoundScan } from '../scan-io/group-scan-sources';
import { sortKey } from '../scan-io/group-scan-sources';

/** A scan to read, or what stands where one was looked for, under the path that names it. */
export type NamedScan = FoundScan & { readonly name: string };

/** The scans at several paths, one after the other; only names are held. */
export async function* findScans(paths: readonly string[]): AsyncGenerator<NamedScan> {
  for (const path of paths) {
    for await (const found of findScanSources(path)) {
      yield { ...found, name: found.state === 'found' ? sortKey(found.source) : found.path };
    }
  }
}
