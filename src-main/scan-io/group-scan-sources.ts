import { basename, dirname, extname, join } from 'node:path';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { ScanSource } from '../../src-shared/domain/scan';

/** A scan found in a folder: something to read, or the half of a pair, which never can be read. */
export type FoundScan =
  | { readonly state: 'found'; readonly source: ScanSource }
  | { readonly state: 'broken'; readonly path: string; readonly error: PhiscanError };

/** Names that scans have; a folder's other files are left alone. */
const SCAN_EXTENSIONS = [
  '.png',
  '.jpg',
  '.jpeg',
  '.tif',
  '.tiff',
  '.dcm',
  '.dcs',
  '.dicom',
  '.dicos',
];

/** Only these keep a detector's range, so only these come in pairs. */
const PAIR_NAME = /^(.+)_(low|high)(\.(?:png|tiff?|dcm|dcs|dicom|dicos))$/i;
const MASK_NAME = /_mask\.[^.]+$/i;

/** Whether a file in a folder may be a scan, by its name alone. */
export function isScanName(path: string): boolean {
  const name = basename(path);
  if (name.startsWith('.') || MASK_NAME.test(name)) return false;
  return SCAN_EXTENSIONS.includes(extname(name).toLowerCase());
}

/** Whether scans are looked for in a folder of that name. */
export function isScanFolderName(name: string): boolean {
  return !name.startsWith('.') && !name.toLowerCase().endsWith('.masks');
}

/**
 * Turns file paths into scans, sorted by path: `*_low` and `*_high` of the same name and extension
 * become one dual-energy scan, a half without its other half is broken, masks (`*_mask.*`, anything
 * under a `*.masks` folder), hidden files and other extensions are left out.
 */
export function groupScanSources(paths: readonly string[]): FoundScan[] {
  const byPath = new Map<string, FoundScan>();
  const all = new Set(paths);
  for (const path of [...all].sort(compareNames)) {
    const isInMasks = dirname(path)
      .split(/[/\\]/)
      .some((folder) => folder.endsWith('.masks'));
    if (isInMasks || !isScanName(path)) continue;
    const found = groupOne(path, all);
    byPath.set(found.state === 'broken' ? found.path : sortKey(found.source), found);
  }
  return [...byPath.values()];
}

function groupOne(path: string, all: ReadonlySet<string>): FoundScan {
  const half = energyHalf(path);
  if (half === null) return { state: 'found', source: { kind: 'file', path } };
  const { energy, otherPath } = half;
  if (all.has(otherPath)) {
    const [lowPath, highPath] = energy === 'low' ? [path, otherPath] : [otherPath, path];
    return { state: 'found', source: { kind: 'pair', lowPath, highPath } };
  }
  const error = new PhiscanError(
    'energy-pair-incomplete',
    `${basename(path)} is the ${energy}-energy half of a scan; ${basename(otherPath)} is missing beside it. Export the scan again with both files.`,
  );
  return { state: 'broken', path, error };
}

/** The energy that a file of a pair names, and where its other half lies; null for any other file. */
export function energyHalf(path: string): { energy: 'low' | 'high'; otherPath: string } | null {
  const half = PAIR_NAME.exec(basename(path));
  if (half === null) return null;
  const [, stem = '', word = '', extension = ''] = half;
  const energy = word.toLowerCase() === 'low' ? 'low' : 'high';
  // The other half is written in the same case as this one: low/high, Low/High or LOW/HIGH.
  const other = matchCase(energy === 'low' ? 'high' : 'low', word);
  return { energy, otherPath: join(dirname(path), `${stem}_${other}${extension}`) };
}

function matchCase(word: string, model: string): string {
  if (model === model.toUpperCase()) return word.toUpperCase();
  if (model === model.toLowerCase()) return word;
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Path by which a source is listed and named. */
export function sortKey(source: ScanSource): string {
  return source.kind === 'file' ? source.path : source.lowPath;
}

/** By code units, the same on every machine and in every language. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
