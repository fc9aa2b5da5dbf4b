import { toErrorRecord } from '../../../src-shared/domain/phiscan-error';
import type { ThreatEntry, ThreatLibrary } from '../../../src-shared/tip/threat-library';
import { findThreatLibraries, readThreatLibrary } from '../../scan-io/tip/threat-library-folder';

/** A threat with the folder of its library. */
export interface LibraryThreat {
  readonly directory: string;
  readonly createdAt: string;
  readonly threat: ThreatEntry;
}

/** The threats of all libraries of this computer. */
export class ThreatLibraries {
  #libraries: readonly { readonly directory: string; readonly library: ThreatLibrary }[] = [];
  #faults: readonly string[] = [];

  /** @param directory each folder in it is one library; null where there are none */
  constructor(private readonly directory: string | null) {}

  /** Reads what there is; a library that cannot be used stands among the faults. */
  async load(): Promise<void> {
    const libraries: { directory: string; library: ThreatLibrary }[] = [];
    const faults: string[] = [];
    const found = this.directory === null ? [] : await findThreatLibraries(this.directory);
    for (const directory of found) {
      try {
        libraries.push({ directory, library: await readThreatLibrary(directory) });
      } catch (fault) {
        faults.push(toErrorRecord(fault).message);
      }
    }
    this.#libraries = libraries;
    this.#faults = faults;
  }

  get all(): readonly ThreatLibrary[] {
    return this.#libraries.map(({ library }) => library);
  }

  get faults(): readonly string[] {
    return this.#faults;
  }

  /** In an order that depends on the libraries alone. */
  get threats(): readonly LibraryThreat[] {
    return this.#libraries.flatMap(({ directory, library: { createdAt, threats } }) =>
      threats.map((threat) => ({ directory, createdAt, threat })),
    );
  }
}
