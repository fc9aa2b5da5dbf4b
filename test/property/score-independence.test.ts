import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { syntheticTiles } from '../../bench/synthetic-scan';
import { PLAIN_ARCHITECTURE, writeRandomBundle } from '../../bench/write-random-bundle';
import { toNetworkRange } from '../../src-main/engine/bundle/parity';
import type { LoadedModel, TileBatch } from '../../src-main/engine/engine';
import { createOnnxEngine } from '../../src-main/engine/onnx/onnx-engine';
import { hasTensorflow } from '../fixtures/has-tensorflow';
import { createTensorflowEngine } from '../../src-main/engine/tensorflow/tensorflow-engine';
import { anomalyScores } from '../../src-shared/screening/tile-scores';
import { mapArchitecture, writeMapBundle } from '../fixtures/map-bundle';
import { temporaryFolder } from '../fixtures/tiny-bundle';

const TILES = 12;
const all = toNetworkRange(syntheticTiles(PLAIN_ARCHITECTURE, TILES, 8));
const { isize, nc, nz } = PLAIN_ARCHITECTURE;
const tileLength = isize * isize * nc;

function pick(indices: readonly number[]): TileBatch {
  const values = new Float32Array(indices.length * tileLength);
  indices.forEach((index, at) => {
    const tile = all.values.subarray(index * tileLength, (index + 1) * tileLength);
    values.set(tile, at * tileLength);
  });
  return { count: indices.length, height: isize, width: isize, channels: nc, values };
}

async function scoresOf(model: LoadedModel, tiles: TileBatch): Promise<Float64Array> {
  const { latentDifference } = await model.runTiles(tiles, ['latentDifference']);
  return anomalyScores('reference', latentDifference ?? new Float32Array(), nz);
}

const engines = [
  { name: 'onnx', create: () => createOnnxEngine({ batchTiles: 5 }), present: true },
  {
    name: 'tensorflow',
    create: () => createTensorflowEngine({ batchTiles: 5 }),
    present: hasTensorflow(),
  },
];

describe.each(engines)('a tile’s score on the $name engine', ({ create, present }) => {
  let model: LoadedModel;
  let alone: number[];

  beforeAll(async () => {
    if (!present) return;
    model = await create().load(await writeRandomBundle(await temporaryFolder()));
    alone = [];
    for (let index = 0; index < TILES; index++) {
      alone.push((await scoresOf(model, pick([index])))[0] ?? NaN);
    }
    expect(new Set(alone).size).toBe(TILES);
  });
  afterAll(async () => {
    if (present) await model.dispose();
  });

  it.runIf(present)(
    'is the same to the bit whatever tiles come with it, in any order',
    async () => {
      const batches = fc.array(fc.nat({ max: TILES - 1 }), { minLength: 1, maxLength: 2 * TILES });
      await fc.assert(
        fc.asyncProperty(batches, async (indices) => {
          const scores = await scoresOf(model, pick(indices));
          expect([...scores]).toEqual(indices.map((index) => alone[index]));
        }),
        { numRuns: 25 },
      );
    },
  );
});

describe.each(engines)('a tile’s anomaly map on the $name engine', ({ create, present }) => {
  it.runIf(present)('is the same to the bit whatever tiles come with it', async () => {
    const architecture = mapArchitecture({ members: 2, seesReconstruction: true });
    const given = toNetworkRange(syntheticTiles(architecture, TILES, 8));
    const length = architecture.isize ** 2 * architecture.nc;
    const mapLength = (architecture.isize / 2) ** 2;
    const model = await create().load(
      await writeMapBundle(await temporaryFolder(), { architecture }),
    );
    const mapsOf = async (indices: readonly number[]): Promise<Buffer[]> => {
      const values = new Float32Array(indices.length * length);
      indices.forEach((index, at) => {
        values.set(given.values.subarray(index * length, (index + 1) * length), at * length);
      });
      const tiles = { ...given, count: indices.length, values };
      const { anomalyMap = new Float32Array() } = await model.runTiles(tiles, ['anomalyMap']);
      expect(anomalyMap).toHaveLength(indices.length * mapLength);
      return indices.map((_, at) =>
        Buffer.from(anomalyMap.slice(at * mapLength, (at + 1) * mapLength).buffer),
      );
    };
    const alone: Buffer[] = [];
    for (let index = 0; index < TILES; index++) alone.push(...(await mapsOf([index])));
    expect(new Set(alone.map((map) => map.toString('hex'))).size).toBe(TILES);
    const batches = fc.array(fc.nat({ max: TILES - 1 }), { minLength: 1, maxLength: 2 * TILES });
    await fc.assert(
      fc.asyncProperty(batches, async (indices) => {
        const maps = await mapsOf(indices);
        const others = indices.filter((index, at) => !maps[at]?.equals(alone[index] ?? maps[at]));
        expect(others).toEqual([]);
      }),
      { numRuns: 15 },
    );
    await model.dispose();
  });
});
