import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { syntheticTiles } from '../../bench/synthetic-scan';
import { sha256Hex } from '../../src-main/engine/bundle/bundle-file-access';
import { encodeParityFile, largestDifferenceShare } from '../../src-main/engine/bundle/parity';
import { createOnnxEngine } from '../../src-main/engine/onnx/onnx-engine';
import type { ModelBundle } from '../../src-shared/domain/model-bundle';
import { randomWeights } from '../../src-shared/ganomaly/random-weights';
import { scoringNetworks } from '../../src-shared/ganomaly/scoring-networks';
import { TINY_ARCHITECTURE, temporaryFolder, writeTinyBundle } from '../fixtures/tiny-bundle';

let bundle: ModelBundle;

beforeAll(async () => {
  bundle = await writeTinyBundle(await temporaryFolder());
});

/** The bundle as though its parity file had been this all along. */
async function withParityFile(text: string): Promise<ModelBundle> {
  await writeFile(path.join(bundle.directory, 'parity.json'), text);
  const files = { ...bundle.manifest.files, 'parity.json': sha256Hex(text) };
  return { ...bundle, manifest: { ...bundle.manifest, files } };
}

describe('the parity check at loading', () => {
  const tiles = syntheticTiles(TINY_ARCHITECTURE, 2, 9);
  const weights = randomWeights(scoringNetworks(TINY_ARCHITECTURE), 1);

  it('accepts a model that gives what its canonical weights give', async () => {
    const good = await withParityFile(encodeParityFile(TINY_ARCHITECTURE, weights, tiles));
    const model = await createOnnxEngine().load(good);
    await model.dispose();
  });

  it('refuses one whose weights drifted by a thousandth', async () => {
    const drifted = new Map(weights);
    const name = 'encoder/last/kernel';
    const kernel = weights.get(name);
    if (kernel === undefined) throw new Error(`no ${name}`);
    drifted.set(name, { ...kernel, values: kernel.values.map((value) => value * 1.001) });
    const bad = await withParityFile(encodeParityFile(TINY_ARCHITECTURE, drifted, tiles));
    await expect(createOnnxEngine().load(bad)).rejects.toMatchObject({
      code: 'bundle-parity-failed',
    });
  });

  it('refuses tiles that do not fit the architecture', async () => {
    const other = { ...TINY_ARCHITECTURE, nz: 5 };
    const bad = await withParityFile(
      encodeParityFile(other, randomWeights(scoringNetworks(other), 1), tiles),
    );
    await expect(createOnnxEngine().load(bad)).rejects.toMatchObject({
      code: 'bundle-parity-failed',
    });
  });
});

describe('largestDifferenceShare', () => {
  it('relates the largest difference to the largest expected value', () => {
    expect(largestDifferenceShare([1, -4, 2], [1, -4, 1])).toBe(0.25);
  });

  it('is NaN as soon as a value is missing or not a number', () => {
    expect(largestDifferenceShare([1], [1, 2])).toBeNaN();
    expect(largestDifferenceShare([NaN, 2], [1, 2])).toBeNaN();
  });
});
