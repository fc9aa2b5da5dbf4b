import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { ScanSource } from '../../src-shared/domain/scan';
import { findScanSources } from '../../src-main/scan-io/find-scan-sources';
import { sortKey } from '../../src-main/scan-io/group-scan-sources';
import type { Threat } from './threat-boxes';

/** A bag to score: one scan, or the scans that a simulation lists as views of one bag. */
export interface Bag {
  readonly name: string;
  readonly sources: readonly ScanSource[];
  /** Known threats; null where nothing is known about where they lie. */
  readonly threats: readonly Threat[] | null;
  /** Why the bag cannot be read at all. */
  readonly error: PhiscanError | null;
}

/** What is read of a simulation's own list; the simulator may write more. */
const simulationSchema = z.looseObject({
  threat: z.string(),
  bags: z.union([
    z.int(),
    z.array(
      z.looseObject({
        files: z.array(z.string()).min(1),
        threats: z.array(
          z.looseObject({
            class: z.string(),
            view: z.int().min(0),
            box: z.looseObject({
              x: z.number(),
              y: z.number(),
              width: z.number().positive(),
              height: z.number().positive(),
            }),
          }),
        ),
      }),
    ),
  ]),
});

interface FolderFacts {
  /** `none`, a kind of threat, or null in a folder that no simulation made. */
  readonly threat: string | null;
  /** Index of the bag that a file belongs to, by file name. */
  readonly bagOfFile: ReadonlyMap<string, number>;
  readonly threatsOfBag: readonly (readonly Threat[])[];
}

/**
 * The bags in a folder and its subfolders, in order of their names. Threats come from the
 * folder's simulation.json where there is one, else from the boxes given.
 * @throws PhiscanError `arguments-invalid` when a simulation.json cannot be understood, or when
 * `benignOnly` and one of the folders holds simulated threats.
 */
export async function findBags(
  directory: string,
  options: {
    readonly benignOnly?: boolean;
    readonly boxes?: ReadonlyMap<string, readonly Threat[]>;
  } = {},
): Promise<Bag[]> {
  const folders = new Map<string, FolderFacts>();
  const bags = new Map<string, Bag>();
  for await (const found of findScanSources(directory)) {
    const file = found.state === 'found' ? sortKey(found.source) : found.path;
    const folder = path.dirname(file);
    const facts = folders.get(folder) ?? (await readFolderFacts(folder));
    folders.set(folder, facts);
    if (options.benignOnly === true && facts.threat !== null && facts.threat !== 'none') {
      throw new PhiscanError(
        'arguments-invalid',
        `Benign bags alone were expected; ${folder} holds simulated threats (${facts.threat}). Name a folder of benign scans.`,
      );
    }
    const simulated = facts.bagOfFile.get(path.basename(file));
    const key = simulated === undefined ? file : path.join(folder, `#${simulated}`);
    const known = bags.get(key);
    const threats =
      simulated === undefined
        ? (options.boxes?.get(path.basename(file)) ?? null)
        : (facts.threatsOfBag[simulated] ?? null);
    bags.set(key, {
      name: known?.name ?? file,
      sources: [...(known?.sources ?? []), ...(found.state === 'found' ? [found.source] : [])],
      threats,
      error: known?.error ?? (found.state === 'broken' ? found.error : null),
    });
  }
  return [...bags.values()];
}

async function readFolderFacts(folder: string): Promise<FolderFacts> {
  const file = path.join(folder, 'simulation.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { threat: null, bagOfFile: new Map(), threatsOfBag: [] };
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
  const { threat, bags } = parsed.data;
  const list = typeof bags === 'number' ? [] : bags;
  return {
    threat,
    bagOfFile: new Map(
      list.flatMap(({ files }, index) => files.map((name) => [path.basename(name), index])),
    ),
    threatsOfBag: list.map(({ threats }) =>
      threats.map(({ class: name, view, box }) => ({ class: name, view, box })),
    ),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
