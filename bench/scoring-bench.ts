import { loadavg } from 'node:os';
import { toNetworkRange } from '../src-main/engine/bundle/parity';
import { createOnnxEngine } from '../src-main/engine/onnx/onnx-engine';
import { physicalCoreCount } from '../src-main/engine/physical-cores';
import type { ModelBundle } from '../src-shared/domain/model-bundle';
import { multiplyAdds } from '../src-shared/ganomaly/multiply-adds';
import { scoringNetworks } from '../src-shared/ganomaly/scoring-networks';
import { MatmulPeak } from './matmul-peak';
import { median } from './median';
import { syntheticTiles } from './synthetic-scan';

export interface ScoringBenchFigures {
  readonly bundleId: string;
  readonly runtime: string;
  /** By the median run of 128 tiles. */
  readonly tilesPerSecond: number;
  /** By the fastest run: the difference is what else the machine was doing. */
  readonly bestTilesPerSecond: number;
  readonly megaMultiplyAddsPerTile: number;
  /** Floating-point operations of the convolutions (2 a multiply-add) over the median time. */
  readonly gflops: number;
  /** Best float32 matrix product of this run, by onnxruntime on the same threads. */
  readonly matmulPeakGflops: number;
  readonly shareOfPeak: number;
  /** By the fastest run, best against best: what the engine reaches when the machine is its own. */
  readonly bestShareOfPeak: number;
  /** The machine's load (1 minute) when the run began: figures of a busy machine are low. */
  readonly loadAverage: number;
}

const TILES = 128;
const ROUNDS = 8;
const ROUND_MS = 700;
const PEAK_MS = 400;

/**
 * Scores tiles on the onnx engine through its own interface, as screening does, with matrix
 * products between the rounds, so that both see the same machine.
 */
export async function scoringBench(bundle: ModelBundle): Promise<ScoringBenchFigures> {
  const { architecture, id } = bundle.manifest;
  const [loadAverage = NaN] = loadavg();
  const model = await createOnnxEngine().load(bundle);
  const peak = await MatmulPeak.create(physicalCoreCount());
  const tiles = toNetworkRange(syntheticTiles(architecture, TILES, 1));
  await model.runTiles(tiles, ['latentDifference']);

  const runsMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await peak.measure(PEAK_MS);
    const end = performance.now() + ROUND_MS;
    while (performance.now() < end) {
      const from = performance.now();
      await model.runTiles(tiles, ['latentDifference']);
      runsMs.push(performance.now() - from);
    }
  }
  await peak.dispose();
  await model.dispose();

  const [encoder, decoder, second] = scoringNetworks(architecture);
  const perTile =
    (encoder === undefined ? 0 : multiplyAdds(encoder, architecture.isize)) +
    (decoder === undefined ? 0 : multiplyAdds(decoder, 1)) +
    (second === undefined ? 0 : multiplyAdds(second, architecture.isize));
  const tilesPerSecond = (1000 * TILES) / median(runsMs);
  const bestTilesPerSecond = (1000 * TILES) / Math.min(...runsMs);
  const gflopsOf = (rate: number) => (rate * 2 * perTile) / 1e9;
  return {
    bundleId: id,
    runtime: model.runtime,
    tilesPerSecond,
    bestTilesPerSecond,
    megaMultiplyAddsPerTile: perTile / 1e6,
    gflops: gflopsOf(tilesPerSecond),
    matmulPeakGflops: peak.gflops,
    shareOfPeak: gflopsOf(tilesPerSecond) / peak.gflops,
    bestShareOfPeak: gflopsOf(bestTilesPerSecond) / peak.gflops,
    loadAverage,
  };
}
