import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import type {
  ProjectionEntry,
  ThreatEntry,
  ThreatLibrary,
} from '../../../src-shared/tip/threat-library';
import {
  THREAT_LIBRARY_FILE,
  THREAT_LIBRARY_VERSION,
  threatLibrarySchema,
} from '../../../src-shared/tip/threat-library';
import type { ThreatProjection } from '../../../src-shared/tip/threat-projection';
import { encodeProjectionChannel, sha256Of } from './projection-file';

/**
 * Reads what a threat library holds; its projections are read as they are needed.
 * @throws PhiscanError `threat-library-missing`, `threat-library-invalid`
 */
export async function readThreatLibrary(directory: string): Promise<ThreatLibrary> {
  const path = join(directory, THREAT_LIBRARY_FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new PhiscanError(
      'threat-library-missing',
      `There is no threat library in ${directory}: ${THREAT_LIBRARY_FILE} could not be read. Make one with "phiscan tip generate" or import your own with "phiscan tip import".`,
      { cause: error },
    );
  });
  const parsed = threatLibrarySchema.safeParse(parseJson(text, path));
  if (!parsed.success) throw invalid(path, z.prettifyError(parsed.error));
  const library = parsed.data;
  if (library.schemaVersion > THREAT_LIBRARY_VERSION) {
    throw invalid(
      path,
      `it has version ${library.schemaVersion}, this Phiscan reads up to ${THREAT_LIBRARY_VERSION}`,
    );
  }
  const ids = library.threats.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw invalid(path, `it names the threat ${twice} twice`);
  return library;
}

/** Folders under `directory` that hold a library, in order of name; none where the folder is missing. */
export async function findThreatLibraries(directory: string): Promise<readonly string[]> {
  if (!existsSync(directory)) return [];
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(directory, name))
    .sort();
}

/** Writes a library file by file; `finish` makes it one. */
export class ThreatLibraryWriter {
  readonly #threats: ThreatEntry[] = [];

  constructor(private readonly directory: string) {}

  get threats(): readonly ThreatEntry[] {
    return this.#threats;
  }

  async add(
    threat: Omit<ThreatEntry, 'attitudes'>,
    attitudes: readonly (readonly ThreatProjection[])[],
  ): Promise<void> {
    await mkdir(join(this.directory, threat.category), { recursive: true });
    const written: ProjectionEntry[][] = [];
    for (const [attitude, projections] of attitudes.entries()) {
      const entries: ProjectionEntry[] = [];
      for (const [view, projection] of projections.entries()) {
        const stem = `${threat.category}/${threat.id}-${attitude + 1}-${view + 1}`;
        entries.push(await this.#write(stem, projection));
      }
      written.push(entries);
    }
    this.#threats.push({ ...threat, attitudes: written });
  }

  /** @throws PhiscanError `threat-library-invalid` where nothing was added */
  async finish(
    about: Pick<ThreatLibrary, 'name' | 'origin' | 'description'>,
  ): Promise<ThreatLibrary> {
    const path = join(this.directory, THREAT_LIBRARY_FILE);
    if (this.#threats.length === 0) throw invalid(path, 'no threat was put into it');
    const library: ThreatLibrary = {
      schemaVersion: THREAT_LIBRARY_VERSION,
      ...about,
      createdAt: new Date().toISOString(),
      threats: this.#threats,
    };
    await writeFile(path, `${JSON.stringify(library, null, 1)}\n`);
    return library;
  }

  async #write(stem: string, projection: ThreatProjection): Promise<ProjectionEntry> {
    const { widthPx, heightPx, pixelPitchMm, blurSigmaPx } = projection;
    const channel = async (name: 'low' | 'high') => {
      const file = `${stem}-${name}.png`;
      const bytes = encodeProjectionChannel(widthPx, heightPx, projection[name]);
      await writeFile(join(this.directory, file), bytes);
      return { file, sha256: sha256Of(bytes) };
    };
    return { low: await channel('low'), high: await channel('high'), pixelPitchMm, blurSigmaPx };
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : String(error));
  }
}

const invalid = (path: string, found: string): PhiscanError =>
  new PhiscanError(
    'threat-library-invalid',
    `${path} is not a threat library that can be used: ${found}. Make or import the library again.`,
  );
