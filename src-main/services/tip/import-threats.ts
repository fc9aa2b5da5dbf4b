import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ErrorRecord } from '../../../src-shared/domain/phiscan-error';
import { PhiscanError, toErrorRecord } from '../../../src-shared/domain/phiscan-error';
import type { ThreatLibrary } from '../../../src-shared/tip/threat-library';
import { categorySchema } from '../../../src-shared/tip/threat-library';
import { findScanSources } from '../../scan-io/find-scan-sources';
import type { FoundScan } from '../../scan-io/group-scan-sources';
import { sortKey } from '../../scan-io/group-scan-sources';
import { readScan } from '../../scan-io/read-scan';
import { ThreatLibraryWriter } from '../../scan-io/tip/threat-library-folder';
import { threatOnAir } from './threat-on-air';

export interface ImportPlan {
  /** A folder of scans for each category, named for it. */
  readonly from: string;
  readonly directory: string;
  readonly name: string;
  /** For scans that do not say theirs. */
  readonly pixelPitchMm: number | null;
}

export interface ImportOutcome {
  readonly library: ThreatLibrary;
  /** Scans that were left out, with the reason. */
  readonly refused: readonly ErrorRecord[];
}

/**
 * Makes a threat library of a site's own scans: each scan is one threat on air, the folder that it
 * lies in its category. Scans that cannot be used are left out and named.
 * @throws PhiscanError `arguments-invalid` for a folder that is laid out otherwise,
 *   `threat-library-invalid` where no scan could be used, `cancelled`
 */
export async function importThreats(
  plan: ImportPlan,
  onProgress: (done: number) => void,
  signal?: AbortSignal,
): Promise<ImportOutcome> {
  await mkdir(plan.directory, { recursive: true });
  const writer = new ThreatLibraryWriter(plan.directory);
  const refused: ErrorRecord[] = [];
  for (const category of await categoriesIn(plan.from)) {
    for await (const found of findScanSources(join(plan.from, category))) {
      if (signal?.aborted === true) {
        throw new PhiscanError('cancelled', 'The import was stopped. Import the library again.');
      }
      try {
        await addThreat(writer, found, category, plan.pixelPitchMm);
      } catch (fault) {
        refused.push(toErrorRecord(fault));
      }
      onProgress(writer.threats.length + refused.length);
    }
  }
  const [first] = refused;
  if (writer.threats.length === 0 && first !== undefined) {
    throw new PhiscanError(
      'threat-library-invalid',
      `None of the ${refused.length} scans in ${plan.from} could be used. The first: ${first.message}`,
    );
  }
  const library = await writer.finish({
    name: plan.name,
    origin: 'imported',
    description: `${writer.threats.length} threats on air, imported from ${plan.from}`,
  });
  return { library, refused };
}

async function categoriesIn(from: string): Promise<readonly string[]> {
  const entries = await readdir(from, { withFileTypes: true }).catch((error: unknown) => {
    throw layout(`The folder ${from} could not be read`, error);
  });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (names.length === 0) throw layout(`${from} holds no folders`);
  const wrong = names.find((name) => !categorySchema.safeParse(name).success);
  if (wrong !== undefined) {
    throw layout(`“${wrong}” cannot be a category: use lower-case letters, figures and hyphens`);
  }
  return names.sort();
}

const layout = (found: string, cause?: unknown): PhiscanError =>
  new PhiscanError(
    'arguments-invalid',
    `${found}. A folder to import from holds one folder for each category, such as gun, knife or explosive, with the scans of its threats in it.`,
    cause === undefined ? undefined : { cause },
  );

async function addThreat(
  writer: ThreatLibraryWriter,
  found: FoundScan,
  category: string,
  pixelPitchMm: number | null,
): Promise<void> {
  if (found.state === 'broken') throw found.error;
  const name = sortKey(found.source);
  const { views } = await readScan(found.source);
  const attitude = views.map((view) => threatOnAir({ view, name, pixelPitchMm }));
  const number = String(writer.threats.length + 1).padStart(4, '0');
  const label = name.split(/[\\/]/).at(-1) ?? name;
  await writer.add({ id: `${category}-${number}`, category, name: label.slice(0, 80) }, [attitude]);
}
