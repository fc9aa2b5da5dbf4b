import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { ScanSource } from '../../src-shared/domain/scan';
import { findScanSources } from '../../src-main/scan-io/find-scan-sources';
import { sortKey } from '../../src-main/scan-io/group-scan-sources';
import type { Threat } from './threat-boxes';

/** A bag to score: one scan of it. */
export interface Bag {
  /** The path that names the scan. */
  readonly name: string;
  /** What to read, or why nothing can be. */
  readonly source: ScanSource | PhiscanError;
  /** Known threats; null where nothing is known about where they lie. */
  readonly threats: readonly Threat[] | null;
  /** Files that mask the threats of the first view; null where there are none. */
  readonly masks: readonly string[] | null;
}

/** What is read of a simulation's own list; the simulator writes more. */
const simulationSchema = z.looseObject({
  threat: z.string(),
  entries: z
    .array(
      z.looseObject({
        files: z.array(z.string()).min(1),
        threats: z.array(
          z.looseObject({
            className: z.string(),
            mask: z.string().nullish(),
            box: z.looseObject({
              x: z.number(),
              y: z.number(),
              width: z.number().positive(),
              height: z.number().positive(),
            }),
          }),
        ),
      }),
    )
    .default([]),
});

interface FolderFacts {
  /** `none`, a kind of threat, or null in a folder that no simulation made. */
  readonly threat: string | null;
  /** Threats of each listed scan, by the name of any of its files. */
  readonly threatsOfFile: ReadonlyMap<string, readonly Threat[]>;
  /** Paths of their masks, likewise. */
  readonly masksOfFile: ReadonlyMap<string, readonly string[]>;
}

/**
 * The bags in a folder and its subfolders, in order of their names. Threats and masks come from
 * the folder's simulation.json where there is one, else from the boxes and masks given.
 * @throws PhiscanError `arguments-invalid` when a simulation.json cannot be understood, or when
 * `benignOnly` and one of the folders holds simulated threats.
 */
export async function findBags(
  directory: string,
  options: {
    readonly benignOnly?: boolean;
    /** By the name of a scan's file. */
    readonly boxes?: ReadonlyMap<string, readonly Threat[]>;
    /** By the name of a scan's file without its ending. */
    readonly masks?: ReadonlyMap<string, string>;
  } = {},
): Promise<Bag[]> {
  const folders = new Map<string, FolderFacts>();
  const bags: Bag[] = [];
  for await (const found of findScanSources(directory)) {
    const name = found.state === 'found' ? sortKey(found.source) : found.path;
    const folder = path.dirname(name);
    const facts = folders.get(folder) ?? (await readFolderFacts(folder));
    folders.set(folder, facts);
    if (options.benignOnly === true && facts.threat !== null && facts.threat !== 'none') {
      throw new PhiscanError(
        'arguments-invalid',
        `Benign bags alone were expected; ${folder} holds simulated threats (${facts.threat}). Name a folder of benign scans.`,
      );
    }
    const file = path.basename(name);
    const mask = options.masks?.get(path.parse(file).name);
    bags.push({
      name,
      source: found.state === 'found' ? found.source : found.error,
      threats: facts.threatsOfFile.get(file) ?? options.boxes?.get(file) ?? null,
      masks: facts.masksOfFile.get(file) ?? (mask === undefined ? null : [mask]),
    });
  }
  return bags;
}

async function readFolderFacts(folder: string): Promise<FolderFacts> {
  const file = path.join(folder, 'simulation.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { threat: null, threatsOfFile: new Map(), masksOfFile: new Map() };
    }
    throw error;
  }
  const parsed = simulationSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new PhiscanError(
      'arguments-invalid',
      `${file} should say which threats were simulated, and cannot be understood: ${z.prettifyError(parsed.error)} Simulate the folder again.`,
    );
  }
  const { threat, entries } = parsed.data;
  const threatsOfFile = new Map<string, readonly Threat[]>();
  const masksOfFile = new Map<string, readonly string[]>();
  for (const { files, threats } of entries) {
    const known = threats.map(({ className, box }) => ({ class: className, view: 0, box }));
    const masks = threats.flatMap(({ mask }) =>
      typeof mask === 'string' ? [path.join(folder, mask)] : [],
    );
    for (const listed of files) {
      threatsOfFile.set(path.basename(listed), known);
      // A threat without a mask would count as benign.
      if (masks.length > 0 && masks.length === threats.length) {
        masksOfFile.set(path.basename(listed), masks);
      }
    }
  }
  return { threat, threatsOfFile, masksOfFile };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
