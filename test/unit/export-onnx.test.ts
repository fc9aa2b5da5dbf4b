import onnxProto from 'onnx-proto';
import ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { syntheticTiles } from '../../bench/synthetic-scan';
import { largestDifferenceShare, toNetworkRange } from '../../src-main/engine/bundle/parity';
import { partialGraph } from '../../src-main/engine/onnx/partial-graph';
import { exportOnnx } from '../../src-main/engine/onnx/export-onnx';
import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import { randomWeights } from '../../src-shared/ganomaly/random-weights';
import { referenceOutputs } from '../../src-shared/ganomaly/reference-forward';
import { scoringNetworks } from '../../src-shared/ganomaly/scoring-networks';
import type { WeightSet } from '../../src-shared/ganomaly/weights';
import { mapArchitecture } from '../fixtures/map-bundle';

const architectures: readonly GanomalyArchitecture[] = [
  { name: 'ganomaly', isize: 32, nc: 3, nz: 7, ngf: 4, extraLayers: 0 },
  { name: 'ganomaly', isize: 32, nc: 1, nz: 5, ngf: 6, extraLayers: 2 },
  { name: 'ganomaly', isize: 64, nc: 3, nz: 9, ngf: 4, extraLayers: 1 },
];

const comparators: readonly GanomalyArchitecture[] = [
  mapArchitecture(),
  mapArchitecture({ members: 2, extraBlocks: 0, depth: 4 }),
  mapArchitecture({ seesReconstruction: true, depth: 2 }),
  mapArchitecture({ members: 2, seesReconstruction: true }),
];

describe('exportOnnx', () => {
  it.each(architectures)('gives what the networks are by definition: %o', async (architecture) => {
    const weights = randomWeights(scoringNetworks(architecture), 3);
    const { isize, nc, nz } = architecture;
    const count = 3;
    const batch = toNetworkRange(syntheticTiles(architecture, count, 5));
    const session = await ort.InferenceSession.create(exportOnnx(architecture, weights));

    const outputs = await session.run({
      tiles: new ort.Tensor('float32', batch.values, [count, isize, isize, nc]),
    });
    await session.release();

    const tileLength = isize * isize * nc;
    const expected = Array.from({ length: count }, (_, index) =>
      referenceOutputs(architecture, weights, {
        height: isize,
        width: isize,
        channels: nc,
        values: Float64Array.from(
          batch.values.subarray(index * tileLength, (index + 1) * tileLength),
        ),
      }),
    );
    const { latentDifference, reconstruction } = outputs;
    expect(latentDifference?.dims).toEqual([count, nz]);
    expect(reconstruction?.dims).toEqual([count, isize, isize, nc]);
    const expectedDifference = expected.flatMap((tile) => [...tile.latentDifference]);
    const expectedPicture = expected.flatMap((tile) => [...tile.reconstruction]);
    // A constant output would match itself: the expected values must vary from tile to tile.
    expect(expectedDifference[0]).not.toBeCloseTo(expectedDifference[nz] ?? NaN, 3);
    expect(
      largestDifferenceShare(latentDifference?.data as Float32Array, expectedDifference),
    ).toBeLessThan(1e-5);
    expect(
      largestDifferenceShare(reconstruction?.data as Float32Array, expectedPicture),
    ).toBeLessThan(1e-5);
  });

  it.each(comparators)('gives the map of its comparators by definition: %o', async (given) => {
    const weights = randomWeights(scoringNetworks(given), 3);
    const { isize, nc } = given;
    const count = 2;
    const batch = toNetworkRange(syntheticTiles(given, count, 5));
    const session = await ort.InferenceSession.create(exportOnnx(given, weights));
    const outputs = await session.run({
      tiles: new ort.Tensor('float32', batch.values, [count, isize, isize, nc]),
    });
    await session.release();
    const map = outputs['anomalyMap'];
    expect(map?.dims).toEqual([count, isize / 2, isize / 2]);
    const tileLength = isize * isize * nc;
    const expected = Array.from({ length: count }, (_, index) => {
      const values = Float64Array.from(
        batch.values.subarray(index * tileLength, (index + 1) * tileLength),
      );
      const tile = { height: isize, width: isize, channels: nc, values };
      return [...(referenceOutputs(given, weights, tile).anomalyMap ?? [])];
    });
    expect(new Set(expected.flat()).size).toBeGreaterThan(count * 100);
    expect(largestDifferenceShare(map?.data as Float32Array, expected.flat())).toBeLessThan(1e-5);
  });

  it('averages the members’ logits', async () => {
    const two = mapArchitecture({ members: 2 });
    const weights = randomWeights(scoringNetworks(two), 3);
    const mapOf = async (of: GanomalyArchitecture, from: WeightSet): Promise<Float32Array> => {
      const { values } = toNetworkRange(syntheticTiles(of, 1, 5));
      const session = await ort.InferenceSession.create(exportOnnx(of, from));
      const outputs = await session.run({
        tiles: new ort.Tensor('float32', values, [1, 32, 32, 2]),
      });
      await session.release();
      return outputs['anomalyMap']?.data as Float32Array;
    };
    const first = await mapOf(mapArchitecture(), weights);
    const second = await mapOf(
      mapArchitecture(),
      new Map([...weights].map(([name, array]) => [name.replace('/1/', '/0/'), array])),
    );
    expect(second).not.toEqual(first);
    const both = await mapOf(two, weights);
    const mean = first.map((logit, cell) => (logit + (second[cell] ?? NaN)) / 2);
    expect(largestDifferenceShare(both, mean)).toBeLessThan(1e-5);
  });
});

describe('a part of the graph', () => {
  const architecture = mapArchitecture();
  const whole = exportOnnx(architecture, randomWeights(scoringNetworks(architecture), 3));
  const arraysOf = (model: Uint8Array): string[] =>
    (onnxProto.onnx.ModelProto.decode(model).graph?.initializer ?? []).map(
      ({ name }) => (name ?? '').split('/')[0] ?? '',
    );

  it('holds what its outputs are made of and nothing else', () => {
    const networks = (outputs: string[]) => [...new Set(arraysOf(partialGraph(whole, outputs)))];
    expect(networks(['anomalyMap'])).toEqual(['comparator', 'anomaly-map-axes']);
    expect(networks(['reconstruction'])).toEqual(['generator-encoder', 'generator-decoder']);
    expect(networks(['latentDifference'])).toEqual([
      ...['generator-encoder', 'generator-decoder', 'encoder'],
    ]);
    const all = partialGraph(whole, ['latentDifference', 'reconstruction', 'anomalyMap']);
    expect(arraysOf(all)).toEqual(arraysOf(whole));
    expect(all.length).toBeGreaterThan(partialGraph(whole, ['anomalyMap']).length);
  });

  it('holds the generator where its comparators see the reconstruction', () => {
    const sees = mapArchitecture({ seesReconstruction: true });
    const model = exportOnnx(sees, randomWeights(scoringNetworks(sees), 3));
    const arrays = arraysOf(partialGraph(model, ['anomalyMap']));
    expect(arrays).toContain('generator-decoder');
    expect(arrays).not.toContain('encoder');
  });

  it('cannot have outputs that the graph has not', () => {
    expect(() => partialGraph(whole, ['anomalyMap', 'heat'])).toThrow('anomalyMap, heat');
  });
});
