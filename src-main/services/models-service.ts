import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Calibration, ModelBundle } from '../../src-shared/domain/model-bundle';
import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';
import { PhiscanError, toErrorRecord } from '../../src-shared/domain/phiscan-error';
import { readBundle } from '../engine/bundle/read-bundle';

/** A folder that should hold a bundle: the verified bundle, or why it can't be used. */
export type FoundBundle =
  | { readonly id: string; readonly bundle: ModelBundle; readonly error: null }
  | { readonly id: string; readonly bundle: null; readonly error: ErrorRecord };

/** The model bundles on this computer: those shipped, and those that a supervisor added. */
export class ModelsService {
  /** Bundles are immutable and named by their content; the engine checks the hashes again as it loads. */
  readonly #verified = new Map<string, ModelBundle>();

  /** @param directories folders of bundles; ones that do not exist hold none */
  constructor(
    private readonly directories: readonly string[],
    private readonly preferredBundleId: string | null,
  ) {}

  /** Every bundle found, the newest first; broken ones last with the reason. */
  async list(): Promise<FoundBundle[]> {
    const found = new Map<string, FoundBundle>();
    for (const directory of this.directories) {
      for (const name of await subfolders(directory)) {
        const bundle = await this.#read(join(directory, name), name);
        // The same bundle may lie in two folders, whole in one of them.
        if (bundle.bundle !== null || !found.has(bundle.id)) found.set(bundle.id, bundle);
      }
    }
    const createdAt = ({ bundle }: FoundBundle): string => bundle?.manifest.createdAt ?? '';
    return [...found.values()].sort((a, b) => createdAt(b).localeCompare(createdAt(a)));
  }

  /** @throws PhiscanError `bundle-missing`, or the fault that the bundle has */
  async require(bundleId: string): Promise<ModelBundle> {
    const known = this.#verified.get(bundleId);
    if (known !== undefined) return known;
    const found = (await this.list()).find(({ id }) => id === bundleId);
    if (found === undefined) {
      throw new PhiscanError(
        'bundle-missing',
        'The model of this checkpoint is not on this computer. A supervisor must activate a model.',
      );
    }
    if (found.bundle === null) throw new PhiscanError(found.error.code, found.error.message);
    return found.bundle;
  }

  /** What a new checkpoint begins with: the preferred bundle, else the newest that has a calibrated scale. */
  async first(): Promise<ModelBundle | null> {
    const bundles = (await this.list()).flatMap(({ bundle }) => (bundle === null ? [] : [bundle]));
    return (
      bundles.find(({ manifest }) => manifest.id === this.preferredBundleId) ??
      bundles.find(({ manifest }) => manifest.calibration !== null) ??
      null
    );
  }

  /** A bundle's scale; null where it has none, or where the bundle is missing or broken, which the engine tells of. */
  async calibrationOf(bundleId: string): Promise<Calibration | null> {
    const known = this.#verified.get(bundleId);
    const bundle = known ?? (await this.list()).find(({ id }) => id === bundleId)?.bundle;
    return bundle?.manifest.calibration ?? null;
  }

  async #read(directory: string, name: string): Promise<FoundBundle> {
    try {
      const known = this.#verified.get(name);
      const bundle = known?.directory === directory ? known : await readBundle(directory);
      this.#verified.set(bundle.manifest.id, bundle);
      return { id: bundle.manifest.id, bundle, error: null };
    } catch (error) {
      return { id: name, bundle: null, error: toErrorRecord(error) };
    }
  }
}

async function subfolders(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
