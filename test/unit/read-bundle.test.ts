import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBundle, readWeights } from '../../src-main/engine/bundle/read-bundle';
import { recalibrateBundle } from '../../src-main/engine/bundle/write-bundle';
import { createOnnxEngine } from '../../src-main/engine/onnx/onnx-engine';
import type { Manifest, ModelBundle } from '../../src-shared/domain/model-bundle';
import { randomWeights } from '../../src-shared/ganomaly/random-weights';
import { scoringNetworks } from '../../src-shared/ganomaly/scoring-networks';
import { writeMapBundle } from '../fixtures/map-bundle';
import {
  TINY_ARCHITECTURE,
  temporaryFolder,
  tinyCalibration,
  writeTinyBundle,
} from '../fixtures/tiny-bundle';

let folder: string;
let bundle: ModelBundle;

beforeAll(async () => {
  folder = await temporaryFolder();
  bundle = await writeTinyBundle(folder);
});

/** A copy of the bundle to spoil, and its folder. */
async function copyOf(name: string): Promise<string> {
  const copy = path.join(folder, name);
  await cp(bundle.directory, copy, { recursive: true });
  return copy;
}

async function changeManifest(
  directory: string,
  change: (manifest: Record<string, unknown>) => void,
): Promise<void> {
  const file = path.join(directory, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  change(manifest);
  await writeFile(file, JSON.stringify(manifest));
}

describe('a written bundle', () => {
  it('is read back as it was written', async () => {
    expect((await readBundle(bundle.directory)).manifest).toEqual(bundle.manifest);
    expect(path.basename(bundle.directory)).toBe(bundle.manifest.id);
  });

  it('gives its weights back to the bit', async () => {
    const written = randomWeights(scoringNetworks(TINY_ARCHITECTURE), 1);
    const read = await readWeights(bundle);
    expect([...read.keys()].sort()).toEqual([...written.keys()].sort());
    for (const [name, array] of written) expect(read.get(name)).toEqual(array);
  });

  it('has the same name when it is written again, another when anything differs', async () => {
    const again = await writeTinyBundle(await temporaryFolder());
    expect(again.manifest.id).toBe(bundle.manifest.id);
    const otherWeights = await writeTinyBundle(folder, { seed: 2 });
    expect(otherWeights.manifest.id).not.toBe(bundle.manifest.id);
  });

  it('is recalibrated into a new bundle that names it as parent', async () => {
    const calibration = tinyCalibration();
    const recalibrated = await recalibrateBundle({
      parentDirectory: folder,
      bundle,
      calibration,
      createdAt: new Date(0),
    });
    expect(recalibrated.manifest.id).not.toBe(bundle.manifest.id);
    expect(recalibrated.manifest.parentBundle).toBe(bundle.manifest.id);
    expect(recalibrated.manifest.calibration).toEqual(calibration);
    expect(recalibrated.manifest.files).toEqual(bundle.manifest.files);
    await expect(readBundle(bundle.directory)).resolves.toBeDefined();
  });

  it('keeps all that decides its scores when it is recalibrated', async () => {
    const map = await writeMapBundle(folder, { mapScore: { meanRadius: 3, turns: 4 } });
    const recalibrated = await recalibrateBundle({
      parentDirectory: folder,
      bundle: map,
      calibration: tinyCalibration(),
      createdAt: new Date(),
    });
    const fresh = ['id', 'createdAt', 'calibration', 'parentBundle'];
    const kept = (manifest: Manifest) =>
      Object.fromEntries(Object.entries(manifest).filter(([name]) => !fresh.includes(name)));
    expect(kept(recalibrated.manifest)).toEqual(kept(map.manifest));
    expect(recalibrated.manifest.mapScore).toEqual({ meanRadius: 3, turns: 4 });
  });
});

describe('a bundle is refused', () => {
  it('when the folder holds no manifest', async () => {
    await expect(readBundle(path.join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'bundle-missing',
    });
  });

  it.each(['weights.bin', 'weights_manifest.json', 'model.onnx', 'parity.json'])(
    'when %s is missing or changed by one byte',
    async (name) => {
      const copy = await copyOf(`changed-${name}`);
      await appendFile(path.join(copy, name), ' ');
      await expect(readBundle(copy)).rejects.toMatchObject({ code: 'bundle-hash-mismatch' });
      await rm(path.join(copy, name));
      await expect(readBundle(copy)).rejects.toMatchObject({ code: 'bundle-file-missing' });
    },
  );

  it('when its schema is newer, whatever else the manifest holds', async () => {
    const copy = await copyOf('newer');
    await changeManifest(copy, (manifest) => {
      manifest['schemaVersion'] = 2;
      manifest['somethingNew'] = true;
    });
    await expect(readBundle(copy)).rejects.toMatchObject({
      code: 'bundle-schema-newer',
      message: expect.stringContaining('schema 2') as unknown,
    });
  });

  it('when the manifest is no JSON or not of the schema', async () => {
    const copy = await copyOf('invalid');
    await changeManifest(copy, (manifest) => {
      delete manifest['preprocessing'];
    });
    await expect(readBundle(copy)).rejects.toMatchObject({ code: 'bundle-manifest-invalid' });
    await writeFile(path.join(copy, 'manifest.json'), '{');
    await expect(readBundle(copy)).rejects.toMatchObject({ code: 'bundle-manifest-invalid' });
  });

  it('when its score is a map and nothing says how the map is read, or makes one', async () => {
    const map = await writeMapBundle(folder, { seed: 7 });
    const copy = path.join(folder, 'map-unsaid');
    await cp(map.directory, copy, { recursive: true });
    await changeManifest(copy, (manifest) => {
      delete manifest['mapScore'];
    });
    const refused = { code: 'bundle-manifest-invalid' };
    await expect(readBundle(copy)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('needs mapScore') as unknown,
    });
    const plain = await copyOf('map-missing');
    await changeManifest(plain, (manifest) => {
      manifest['scoreDefinition'] = 'map';
      manifest['mapScore'] = { meanRadius: 1, turns: 1 };
    });
    await expect(readBundle(plain)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('needs architecture.comparator') as unknown,
    });
  });

  it('when the manifest reaches for files outside the bundle', async () => {
    const copy = await copyOf('reaching');
    await changeManifest(copy, (manifest) => {
      (manifest['files'] as Manifest['files'])['../manifest.json'] = '0'.repeat(64);
    });
    await expect(readBundle(copy)).rejects.toMatchObject({
      code: 'bundle-manifest-invalid',
      message: expect.stringContaining('../manifest.json') as unknown,
    });
  });

  it('when what the manifest says was changed under its name', async () => {
    const copy = await copyOf('edited');
    await changeManifest(copy, (manifest) => {
      manifest['scoreDefinition'] = 'paper';
    });
    await expect(readBundle(copy)).rejects.toMatchObject({ code: 'bundle-hash-mismatch' });
  });

  it('when a file changes after it was verified', async () => {
    const copy = await copyOf('changed-later');
    const verified = await readBundle(copy);
    await appendFile(path.join(copy, 'model.onnx'), ' ');
    await expect(createOnnxEngine().load(verified)).rejects.toMatchObject({
      code: 'bundle-hash-mismatch',
    });
  });
});
