import type { Manifest } from '../../../src-shared/domain/model-bundle';
import { sha256Hex } from './bundle-file-access';

/** What a manifest says apart from its name and the moment it was made. */
export type NamedContent = Omit<Manifest, 'id' | 'createdAt'>;

/**
 * A bundle's name: architecture and the first 8 hex digits of the SHA-256 over all that its
 * manifest says but `id` and `createdAt`, the hashes of its files among it. The same training run
 * gives the same name again; another calibration gives another.
 */
export function bundleId(content: NamedContent): string {
  const { name, isize } = content.architecture;
  return `${name}-${isize}-${sha256Hex(canonicalJson(content)).slice(0, 8)}`;
}

/** The name that a manifest's content asks for, whatever name it bears. */
export function expectedBundleId(manifest: Manifest): string {
  const content: Partial<Manifest> = { ...manifest };
  delete content.id;
  delete content.createdAt;
  return bundleId(content as NamedContent);
}

/** JSON with the keys of every object in order, so that equal content gives equal text. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
