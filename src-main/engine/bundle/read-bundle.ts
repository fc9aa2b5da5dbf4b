import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Manifest, ModelBundle } from '../../../src-shared/domain/model-bundle';
import { MANIFEST_SCHEMA_VERSION, manifestSchema } from '../../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import { scoringNetworks } from '../../../src-shared/ganomaly/scoring-networks';
import type { WeightSet } from '../../../src-shared/ganomaly/weights';
import { readBundleFile } from './bundle-file-access';
import { MANIFEST_FILE, ONNX_FILE, WEIGHTS_FILE, WEIGHTS_MANIFEST_FILE } from './bundle-files';
import { expectedBundleId } from './bundle-id';
import { decodeWeights } from './weights-file';

/**
 * Reads a bundle's manifest and verifies the hash of every file it lists. Parity is checked by
 * the engine that loads it.
 * @throws PhiscanError `bundle-missing`, `bundle-schema-newer`, `bundle-manifest-invalid`,
 * `bundle-file-missing`, `bundle-hash-mismatch`.
 */
export async function readBundle(directory: string): Promise<ModelBundle> {
  const manifest = parseManifest(await readManifestText(directory), directory);
  const bundle: ModelBundle = { directory, manifest };
  for (const name of Object.keys(manifest.files)) await readBundleFile(bundle, name);
  return bundle;
}

/**
 * The canonical weights of a bundle: the arrays of G_E, G_D and E.
 * @throws PhiscanError `bundle-file-missing`, `bundle-hash-mismatch`, `bundle-manifest-invalid`.
 */
export async function readWeights(bundle: ModelBundle): Promise<WeightSet> {
  const manifestBytes = await readBundleFile(bundle, WEIGHTS_MANIFEST_FILE);
  const bytes = await readBundleFile(bundle, WEIGHTS_FILE);
  const networks = scoringNetworks(bundle.manifest.architecture);
  return decodeWeights(networks, new TextDecoder().decode(manifestBytes), bytes);
}

async function readManifestText(directory: string): Promise<string> {
  const file = path.join(directory, MANIFEST_FILE);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new PhiscanError(
      'bundle-missing',
      `Expected a model bundle in ${directory}, but its ${MANIFEST_FILE} cannot be read. ` +
        'Name the folder that holds the manifest.',
      { cause },
    );
  }
}

function parseManifest(text: string, directory: string): Manifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw invalid(directory, 'is not JSON', cause);
  }
  const version = z.object({ schemaVersion: z.int() }).safeParse(parsed);
  if (version.success && version.data.schemaVersion > MANIFEST_SCHEMA_VERSION) {
    throw new PhiscanError(
      'bundle-schema-newer',
      `The model bundle in ${directory} is of schema ${version.data.schemaVersion}; this Phiscan ` +
        `reads up to ${MANIFEST_SCHEMA_VERSION}. Update Phiscan to use it.`,
    );
  }
  const checked = manifestSchema.safeParse(parsed);
  if (!checked.success) throw invalid(directory, `is not valid: ${z.prettifyError(checked.error)}`);
  const manifest = checked.data;
  for (const name of Object.keys(manifest.files)) {
    // A manifest from outside must not make the reader open files elsewhere.
    if (!/^[\w-][\w.-]*$/.test(name)) {
      throw invalid(directory, `lists the file ${JSON.stringify(name)}, not a plain file name`);
    }
  }
  for (const needed of [WEIGHTS_MANIFEST_FILE, WEIGHTS_FILE, ONNX_FILE, manifest.parityFile]) {
    if (manifest.files[needed] === undefined) throw invalid(directory, `lists no file ${needed}`);
  }
  if (manifest.scales.some(({ tileSizePx }) => tileSizePx !== manifest.architecture.isize)) {
    throw invalid(directory, 'cuts tiles of another size than its architecture takes');
  }
  const expected = expectedBundleId(manifest);
  if (manifest.id !== expected) {
    throw new PhiscanError(
      'bundle-hash-mismatch',
      `The manifest in ${directory} was changed: it is named ${manifest.id} where its content ` +
        `makes the name ${expected}. Fetch the bundle again.`,
    );
  }
  return manifest;
}

function invalid(directory: string, what: string, cause?: unknown): PhiscanError {
  return new PhiscanError(
    'bundle-manifest-invalid',
    `The manifest of the model bundle in ${directory} ${what}. Fetch the bundle again.`,
    { cause },
  );
}
