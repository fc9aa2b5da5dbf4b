import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import jpeg from 'jpeg-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticTiles } from '../../bench/synthetic-scan';
import { PLAIN_ARCHITECTURE, writeRandomBundle } from '../../bench/write-random-bundle';
import { sha256Hex } from '../../src-main/engine/bundle/bundle-file-access';
import type { ByteTiles } from '../../src-main/engine/bundle/parity';
import {
  encodeParityFile,
  largestDifferenceShare,
  toNetworkRange,
} from '../../src-main/engine/bundle/parity';
import { readBundle, readWeights } from '../../src-main/engine/bundle/read-bundle';
import type { Engine, LoadedModel, TileOutput } from '../../src-main/engine/engine';
import { networkTiles } from '../../src-main/engine/host/score-tiles';
import { createOnnxEngine } from '../../src-main/engine/onnx/onnx-engine';
import { loadTensorflow } from '../../src-main/engine/tensorflow/load-tensorflow';
import {
  createTensorflowEngine,
  placeModel,
} from '../../src-main/engine/tensorflow/tensorflow-engine';
import { readScan } from '../../src-main/scan-io/read-scan';
import type { GanomalyArchitecture, ModelBundle } from '../../src-shared/domain/model-bundle';
import { randomWeights } from '../../src-shared/ganomaly/random-weights';
import { referenceOutputs } from '../../src-shared/ganomaly/reference-forward';
import { scoringNetworks } from '../../src-shared/ganomaly/scoring-networks';
import { toCanonicalPicture } from '../../src-shared/imaging/to-canonical-picture';
import {
  extractTiles,
  materialShares,
  tileGrid,
  tilesWithMaterial,
} from '../../src-shared/screening/tiling';
import { hasTensorflow } from '../fixtures/has-tensorflow';
import { mapArchitecture, writeMapBundle } from '../fixtures/map-bundle';
import { temporaryFolder, TINY_ARCHITECTURE, writeTinyBundle } from '../fixtures/tiny-bundle';

const TOLERANCE = 1e-4;
const DEMO_SCANS = path.resolve(import.meta.dirname, '../../assets/demo');
const REAL_SCANS = path.resolve(import.meta.dirname, '../../../shared/scans/sixray/test/benign');
const hasRealScans = existsSync(REAL_SCANS);
if (!hasRealScans) console.warn('real patches not tested here: ../shared/scans is absent');

const engines: readonly { name: string; create: () => Engine; present: boolean }[] = [
  { name: 'onnx', create: () => createOnnxEngine({ batchTiles: 8 }), present: true },
  {
    name: 'tensorflow',
    create: () => createTensorflowEngine({ batchTiles: 8 }),
    present: hasTensorflow(),
  },
];

let folder: string;
let tiny: ModelBundle;

beforeAll(async () => {
  folder = await temporaryFolder();
  tiny = await writeTinyBundle(folder);
});

describe.each(engines)('the $name engine', ({ create, present }) => {
  let model: LoadedModel;
  const tiles = toNetworkRange(syntheticTiles(TINY_ARCHITECTURE, 19, 4));

  beforeAll(async () => {
    if (present) model = await create().load(tiny);
  });
  afterAll(async () => {
    if (present) await model.dispose();
  });

  it.runIf(present)('gives what the networks are by definition', async () => {
    const outputs = await model.runTiles(tiles, ['latentDifference', 'reconstruction']);
    const weights = await readWeights(tiny);
    const { height, width, channels } = tiles;
    const tileLength = height * width * channels;
    const expected = Array.from({ length: tiles.count }, (_, index) => {
      const from = index * tileLength;
      const values = Float64Array.from(tiles.values.subarray(from, from + tileLength));
      return referenceOutputs(TINY_ARCHITECTURE, weights, { height, width, channels, values });
    });
    expectClose(
      outputs.latentDifference,
      expected.flatMap((tile) => [...tile.latentDifference]),
    );
    expectClose(
      outputs.reconstruction,
      expected.flatMap((tile) => [...tile.reconstruction]),
    );
  });

  it.runIf(present)('gives only the outputs that are wanted', async () => {
    expect(Object.keys(await model.runTiles(tiles, ['reconstruction']))).toEqual([
      'reconstruction',
    ]);
    expect(Object.keys(await model.runTiles(tiles, ['latentDifference']))).toEqual([
      'latentDifference',
    ]);
  });

  it.runIf(present)('takes no tiles at all', async () => {
    const none = { ...tiles, count: 0, values: new Float32Array() };
    const outputs = await model.runTiles(none, ['latentDifference']);
    expect(outputs.latentDifference).toHaveLength(0);
  });

  it.runIf(present)('refuses tiles of another shape', async () => {
    const wrong = { ...tiles, height: 16, width: 64 };
    await expect(model.runTiles(wrong, ['latentDifference'])).rejects.toThrow(RangeError);
  });

  it.runIf(present)('stops between batches when it is cancelled', async () => {
    const before = AbortSignal.abort();
    await expect(model.runTiles(tiles, ['latentDifference'], before)).rejects.toMatchObject({
      code: 'cancelled',
    });
    const abort = new AbortController();
    const running = model.runTiles(tiles, ['latentDifference'], abort.signal);
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.runIf(present)(
    'runs nothing after it was disposed of, and takes a second disposal',
    async () => {
      const other = await create().load(tiny);
      await other.dispose();
      await other.dispose();
      await expect(other.runTiles(tiles, ['latentDifference'])).rejects.toThrow('disposed');
      await expect(model.runTiles(tiles, ['latentDifference'])).resolves.toBeDefined();
    },
  );
});

const mapArchitectures = [
  { name: 'one comparator', architecture: mapArchitecture() },
  {
    name: 'two that see x̂',
    architecture: mapArchitecture({ members: 2, seesReconstruction: true }),
  },
];

describe.each(engines)('anomaly maps on the $name engine', ({ create, present }) => {
  it.runIf(present).each(mapArchitectures)(
    'are those of the definition: $name',
    async ({ architecture }) => {
      const bundle = await writeMapBundle(folder, { architecture });
      const model = await create().load(bundle);
      const tiles = toNetworkRange(syntheticTiles(architecture, 9, 4));
      const { anomalyMap } = await model.runTiles(tiles, ['anomalyMap']);
      const all = await model.runTiles(tiles, ['latentDifference', 'anomalyMap', 'reconstruction']);
      await model.dispose();
      const weights = await readWeights(bundle);
      const { height, width, channels } = tiles;
      const tileLength = height * width * channels;
      const expected = Array.from({ length: tiles.count }, (_, index) => {
        const from = index * tileLength;
        const values = Float64Array.from(tiles.values.subarray(from, from + tileLength));
        const tile = { height, width, channels, values };
        return [...(referenceOutputs(architecture, weights, tile).anomalyMap ?? [])];
      });
      expectClose(anomalyMap, expected.flat());
      expect(all.anomalyMap).toEqual(anomalyMap);
      expect(Object.keys(all).sort()).toEqual(['anomalyMap', 'latentDifference', 'reconstruction']);
    },
  );

  it.runIf(present)('come each at a time as they come together', async () => {
    for (const { architecture } of mapArchitectures) {
      const model = await create().load(await writeMapBundle(folder, { architecture }));
      const tiles = toNetworkRange(syntheticTiles(architecture, 5, 4));
      const names = ['reconstruction', 'anomalyMap', 'latentDifference'] as const;
      const together = await model.runTiles(tiles, names);
      for (const name of names) {
        expect(await model.runTiles(tiles, [name])).toEqual({ [name]: together[name] });
      }
      await model.dispose();
    }
  });

  it.runIf(present)('are refused by a model without a comparator', async () => {
    const model = await create().load(tiny);
    const tiles = toNetworkRange(syntheticTiles(TINY_ARCHITECTURE, 1, 4));
    await expect(model.runTiles(tiles, ['anomalyMap'])).rejects.toThrow('no comparator');
    await model.dispose();
  });

  it.runIf(present)('are refused where the comparator’s weights are not the bundle’s', async () => {
    const bundle = await writeMapBundle(folder, { seed: 2 });
    const { architecture } = bundle.manifest;
    const drifted = new Map(await readWeights(bundle));
    const name = 'comparator/0/up-1/kernel';
    const kernel = drifted.get(name);
    if (kernel === undefined) throw new Error(`no ${name}`);
    drifted.set(name, { ...kernel, values: kernel.values.map((value) => value * 1.01) });
    const parity = encodeParityFile(architecture, drifted, syntheticTiles(architecture, 2, 3));
    await writeFile(path.join(bundle.directory, 'parity.json'), parity);
    const files = { ...bundle.manifest.files, 'parity.json': sha256Hex(parity) };
    const changed = { ...bundle, manifest: { ...bundle.manifest, files } };
    await expect(create().load(changed)).rejects.toMatchObject({ code: 'bundle-parity-failed' });
  });
});

describe.runIf(hasTensorflow())('what TensorFlow computes for an output', () => {
  const convolutionsFor = async (
    architecture: GanomalyArchitecture,
    output: TileOutput,
  ): Promise<number> => {
    const tf = loadTensorflow();
    const weights = randomWeights(scoringNetworks(architecture), 1);
    const model = placeModel(tf, architecture, weights, { batchTiles: 2 });
    const tiles = toNetworkRange(syntheticTiles(architecture, 2, 4));
    const { kernels } = await tf.profile(async () => {
      await model.runTiles(tiles, [output]);
      return tf.scalar(0);
    });
    await model.dispose();
    return kernels.filter(({ name }) => /^Conv2D|^_?BatchMatMul/i.test(name)).length;
  };
  const layersOf = (architecture: GanomalyArchitecture, of: RegExp): number =>
    scoringNetworks(architecture)
      .filter(({ name }) => of.test(name))
      .flatMap(({ layers }) => layers.filter(({ kind }) => kind === 'convolution')).length;

  it('is the networks that it needs', async () => {
    const plain = mapArchitecture();
    const sees = mapArchitecture({ seesReconstruction: true });
    const generator = /^generator/;
    expect(await convolutionsFor(plain, 'anomalyMap')).toBe(layersOf(plain, /^comparator/));
    expect(await convolutionsFor(plain, 'reconstruction')).toBe(layersOf(plain, generator));
    expect(await convolutionsFor(plain, 'latentDifference')).toBe(
      layersOf(plain, /^generator|^encoder/),
    );
    expect(await convolutionsFor(sees, 'anomalyMap')).toBe(
      layersOf(sees, /^generator|^comparator/),
    );
  });
});

const bundles = [
  { name: 'random weights', bundle: () => writeRandomBundle(folder) },
  ...shippedBundles().map((directory) => ({
    name: path.basename(directory),
    bundle: () => readBundle(directory),
  })),
];

describe.runIf(hasTensorflow()).each(bundles)('both engines on $name', (given) => {
  let bundle: ModelBundle;
  let onnx: LoadedModel;
  let tensorflow: LoadedModel;

  beforeAll(async () => {
    bundle = await given.bundle();
    onnx = await createOnnxEngine().load(bundle);
    tensorflow = await createTensorflowEngine().load(bundle);
  });
  afterAll(async () => {
    await onnx.dispose();
    await tensorflow.dispose();
  });

  /** @param rgb interleaved tiles of the bundle's side, in [−1, 1] */
  async function expectSameOutputs(rgb: Float32Array): Promise<void> {
    const { architecture, preprocessing } = bundle.manifest;
    const tiles = networkTiles(preprocessing, architecture.isize, rgb);
    expect(tiles.count).toBe(96);
    const wanted: TileOutput[] = ['latentDifference', 'reconstruction'];
    if (architecture.comparator !== undefined) wanted.push('anomalyMap');
    const [a, b] = [await onnx.runTiles(tiles, wanted), await tensorflow.runTiles(tiles, wanted)];
    for (const name of wanted) expectClose(a[name], b[name] ?? []);
  }

  it('agree on synthetic patches', async () => {
    const { isize } = bundle.manifest.architecture;
    const tiles = syntheticTiles({ ...PLAIN_ARCHITECTURE, isize }, 96, 2);
    await expectSameOutputs(toNetworkRange(tiles).values);
  });

  it('agree on patches of the demonstration scans', async () => {
    await expectSameOutputs(await demoPatches(bundle.manifest.architecture.isize));
  });

  it.runIf(hasRealScans)('agree on real patches', async () => {
    const tiles = realPatches(bundle.manifest.architecture.isize);
    await expectSameOutputs(toNetworkRange(tiles).values);
  });
});

function expectClose(found: Float32Array | undefined, expected: ArrayLike<number>): void {
  expect(found).toHaveLength(expected.length);
  const largest = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largest).toBeGreaterThan(0.001);
  expect(largestDifferenceShare(found ?? [], expected)).toBeLessThan(TOLERANCE);
}

/** Tiles with material of the six demonstration scans, cut as they are screened: 16 of each. */
async function demoPatches(side: number): Promise<Float32Array> {
  const shape = { tileSizePx: side, stridePx: side / 2 };
  const perScan = 16;
  const names = readdirSync(DEMO_SCANS).filter((name) => name.endsWith('_low.png'));
  const tileLength = side * side * 3;
  const values = new Float32Array(names.length * perScan * tileLength);
  for (const [at, name] of names.entries()) {
    const lowPath = path.join(DEMO_SCANS, name);
    const highPath = lowPath.replace(/_low\.png$/, '_high.png');
    const [view] = (await readScan({ kind: 'pair', lowPath, highPath })).views;
    if (view === undefined) throw new Error(`${name} holds no view`);
    const picture = toCanonicalPicture(view);
    const grid = tileGrid(picture.widthPx, picture.heightPx, shape);
    const all = tilesWithMaterial(materialShares(picture.brightness, grid, 0.95), 0.5);
    const step = Math.max(1, Math.floor(all.length / perScan));
    const chosen = Array.from({ length: perScan }, (_, index) => all[index * step] ?? -1);
    extractTiles(picture, grid, chosen, values.subarray(at * perScan * tileLength));
  }
  return values;
}

/** Patches from the middle of six scans, side by side: 16 of each. */
function realPatches(side: number): ByteTiles {
  const patches = readdirSync(REAL_SCANS)
    .filter((name) => name.endsWith('.jpg'))
    .slice(0, 6)
    .flatMap((name) => {
      const file = readFileSync(path.join(REAL_SCANS, name));
      const { width, height, data } = jpeg.decode(file, { useTArray: true, formatAsRGBA: false });
      const left = Math.floor(width / 2) - 2 * side;
      const top = Math.floor(height / 2) - 2 * side;
      return Array.from({ length: 16 }, (_, index) =>
        cut(data, width, left + (index % 4) * side, top + Math.floor(index / 4) * side, side),
      );
    });
  const values = Uint8Array.from(patches.flat());
  return { count: patches.length, height: side, width: side, channels: 3, values };
}

function cut(rgb: Uint8Array, widthPx: number, x: number, y: number, side: number): number[] {
  const rows = Array.from({ length: side }, (_, row) => {
    const from = ((y + row) * widthPx + x) * 3;
    return [...rgb.subarray(from, from + side * 3)];
  });
  return rows.flat();
}

function shippedBundles(): string[] {
  const models = path.resolve(import.meta.dirname, '../../models');
  if (!existsSync(models)) return [];
  return readdirSync(models)
    .map((id) => path.join(models, id))
    .filter((directory) => existsSync(path.join(directory, 'manifest.json')));
}
