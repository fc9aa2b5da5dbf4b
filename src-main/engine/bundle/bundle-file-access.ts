import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelBundle } from '../../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';

export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Reads one file of a bundle and checks it against the manifest, at every reading: what is
 * loaded is what was signed off, even when the file changed after the bundle was verified.
 * @throws PhiscanError `bundle-file-missing`, `bundle-hash-mismatch`.
 */
export async function readBundleFile(bundle: ModelBundle, name: string): Promise<Uint8Array> {
  const expected = bundle.manifest.files[name];
  if (expected === undefined) {
    throw new PhiscanError(
      'bundle-file-missing',
      `The model bundle ${bundle.manifest.id} lists no file ${name}. Fetch the bundle again.`,
    );
  }
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path.join(bundle.directory, name));
  } catch (cause) {
    throw new PhiscanError(
      'bundle-file-missing',
      `The file ${name} of the model bundle ${bundle.manifest.id} cannot be read in ` +
        `${bundle.directory}. Fetch the bundle again.`,
      { cause },
    );
  }
  const found = sha256Hex(bytes);
  if (found !== expected) {
    throw new PhiscanError(
      'bundle-hash-mismatch',
      `The file ${name} of the model bundle ${bundle.manifest.id} was changed: its SHA-256 is ` +
        `${found} where the manifest says ${expected}. Fetch the bundle again.`,
    );
  }
  return bytes;
}
