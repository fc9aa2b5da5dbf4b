import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Calibration, Manifest, ModelBundle } from '../../../src-shared/domain/model-bundle';
import { MANIFEST_SCHEMA_VERSION, manifestSchema } from '../../../src-shared/domain/model-bundle';
import { scoringNetworks } from '../../../src-shared/ganomaly/scoring-networks';
import type { WeightSet } from '../../../src-shared/ganomaly/weights';
import { exportOnnx } from '../onnx/export-onnx';
import { readBundleFile, sha256Hex } from './bundle-file-access';
import {
  MANIFEST_FILE,
  ONNX_FILE,
  PARITY_FILE,
  WEIGHTS_FILE,
  WEIGHTS_MANIFEST_FILE,
} from './bundle-files';
import { bundleId } from './bundle-id';
import type { ByteTiles } from './parity';
import { encodeParityFile } from './parity';
import { readBundle } from './read-bundle';
import { encodeWeights } from './weights-file';

/** What the writer of a bundle must say; the writer itself adds names, hashes and files. */
export type BundleDescription = Omit<
  Manifest,
  'schemaVersion' | 'id' | 'createdAt' | 'parityFile' | 'files'
>;

export interface WriteBundleRequest {
  /** The bundle becomes the folder `<parentDirectory>/<id>`; one of that name is replaced. */
  readonly parentDirectory: string;
  readonly description: BundleDescription;
  /** All arrays of G_E, G_D and E; others (the discriminator's) are left out. */
  readonly weights: WeightSet;
  /** A few tiles of the architecture's size (4 to 16), of pictures that the project may ship. */
  readonly parityTiles: ByteTiles;
  readonly createdAt: Date;
}

/**
 * Writes a bundle: weights in TensorFlow.js's format, the ONNX file exported from them, the
 * parity file computed from them by definition, and the manifest with every file's SHA-256. It
 * appears under its name only when it is complete.
 * @throws RangeError when weights or parity tiles do not fit the architecture; file system errors.
 */
export async function writeBundle(request: WriteBundleRequest): Promise<ModelBundle> {
  const { description, weights, parityTiles } = request;
  const { architecture } = description;
  if (parityTiles.height !== architecture.isize || parityTiles.channels !== architecture.nc) {
    throw new RangeError('The parity tiles are not of the architecture’s tile size and channels.');
  }
  const encoded = encodeWeights(scoringNetworks(architecture), weights, WEIGHTS_FILE);
  const files = new Map<string, Uint8Array>([
    [WEIGHTS_MANIFEST_FILE, new TextEncoder().encode(encoded.manifestJson)],
    [WEIGHTS_FILE, encoded.bytes],
    [ONNX_FILE, exportOnnx(architecture, weights)],
    [PARITY_FILE, new TextEncoder().encode(encodeParityFile(architecture, weights, parityTiles))],
  ]);
  return writeFiles(request.parentDirectory, description, files, request.createdAt);
}

export interface RecalibrateBundleRequest {
  readonly parentDirectory: string;
  readonly bundle: ModelBundle;
  readonly calibration: Calibration;
  readonly createdAt: Date;
}

/**
 * A new bundle of the same networks with another calibration, of the score that its manifest says
 * here; it names the old one as parent.
 */
export async function recalibrateBundle(request: RecalibrateBundleRequest): Promise<ModelBundle> {
  const { manifest } = request.bundle;
  const files = new Map<string, Uint8Array>();
  for (const name of Object.keys(manifest.files)) {
    files.set(name, await readBundleFile(request.bundle, name));
  }
  const { architecture, preprocessing, scales, scoreDefinition, mapScore, training, licence } =
    manifest;
  const description: BundleDescription = {
    architecture,
    preprocessing,
    scales,
    scoreDefinition,
    // Without it the map would be read otherwise than the bags that calibrated it.
    ...(mapScore && { mapScore }),
    training,
    licence,
    calibration: request.calibration,
    parentBundle: manifest.id,
  };
  return writeFiles(request.parentDirectory, description, files, request.createdAt);
}

async function writeFiles(
  parentDirectory: string,
  description: BundleDescription,
  files: ReadonlyMap<string, Uint8Array>,
  createdAt: Date,
): Promise<ModelBundle> {
  const content = {
    ...description,
    schemaVersion: MANIFEST_SCHEMA_VERSION,
    parityFile: PARITY_FILE,
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, sha256Hex(bytes)])),
  } as const;
  const id = bundleId(content);
  const { schemaVersion, ...rest } = content;
  const manifest = manifestSchema.parse({
    schemaVersion,
    id,
    createdAt: createdAt.toISOString(),
    ...rest,
  });

  const directory = path.join(parentDirectory, id);
  const partial = `${directory}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  for (const [name, bytes] of files) await writeFile(path.join(partial, name), bytes);
  await writeFile(path.join(partial, MANIFEST_FILE), JSON.stringify(manifest, null, 2) + '\n');
  await rm(directory, { recursive: true, force: true });
  await rename(partial, directory);
  return readBundle(directory);
}
