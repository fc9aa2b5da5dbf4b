import ort from 'onnxruntime-node';
import type { InferenceSession } from 'onnxruntime-node';
import type { ModelBundle } from '../../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import { readBundleFile } from '../bundle/bundle-file-access';
import { ONNX_FILE } from '../bundle/bundle-files';
import { checkParity } from '../bundle/parity';
import type { Engine, LoadedModel, TileOutput, TileOutputs } from '../engine';
import { physicalCoreCount } from '../physical-cores';
import { runInBatches } from '../run-in-batches';
import {
  ONNX_ANOMALY_MAP,
  ONNX_LATENT_DIFFERENCE,
  ONNX_RECONSTRUCTION,
  ONNX_TILES,
} from './export-onnx';

export interface OnnxEngineOptions {
  /** Default: one thread a physical core. */
  readonly threads?: number;
  /** Tiles a run of the graph. Rates from 16 to 128 are within noise; few keep memory and cancelling tight. */
  readonly batchTiles?: number;
}

const DEFAULT_BATCH_TILES = 32;

const GRAPH_OUTPUTS: Record<TileOutput, string> = {
  latentDifference: ONNX_LATENT_DIFFERENCE,
  reconstruction: ONNX_RECONSTRUCTION,
  anomalyMap: ONNX_ANOMALY_MAP,
};

/** The embedded default engine: onnxruntime on the CPU. */
export function createOnnxEngine(options: OnnxEngineOptions = {}): Engine {
  const threads = options.threads ?? physicalCoreCount();
  const batchTiles = options.batchTiles ?? DEFAULT_BATCH_TILES;
  return {
    name: 'onnx',
    async load(bundle) {
      const session = await createSession(bundle, threads);
      const model = new OnnxModel(bundle, session, threads, batchTiles);
      try {
        await checkParity(bundle, model);
      } catch (error) {
        await model.dispose();
        throw error;
      }
      return model;
    },
  };
}

async function createSession(bundle: ModelBundle, threads: number): Promise<InferenceSession> {
  const bytes = await readBundleFile(bundle, ONNX_FILE);
  try {
    return await ort.InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PhiscanError(
      'engine-unavailable',
      `onnxruntime cannot run the model bundle ${bundle.manifest.id}: ${reason} ` +
        'Install Phiscan again; if it happens again, activate another bundle.',
      { cause },
    );
  }
}

class OnnxModel implements LoadedModel {
  readonly runtime: string;
  readonly #bundle: ModelBundle;
  readonly #batchTiles: number;
  #session: InferenceSession | null;

  constructor(bundle: ModelBundle, session: InferenceSession, threads: number, batchTiles: number) {
    this.#bundle = bundle;
    this.#session = session;
    this.#batchTiles = batchTiles;
    this.runtime = `onnxruntime ${ort.env.versions.node ?? ort.env.versions.common}, cpu, ${threads} threads`;
  }

  runTiles: LoadedModel['runTiles'] = (tiles, wanted, signal) =>
    runInBatches(
      this.#bundle.manifest.architecture,
      tiles,
      wanted,
      this.#batchTiles,
      (values, count, outputs) => this.#runBatch(values, count, outputs),
      signal,
    );

  async dispose(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.release();
  }

  /** Only the wanted outputs are asked of the graph: onnxruntime skips what they do not need. */
  async #runBatch(
    values: Float32Array,
    count: number,
    wanted: readonly TileOutput[],
  ): Promise<TileOutputs> {
    if (this.#session === null) throw new Error('The model was disposed of before it was run.');
    const { isize, nc } = this.#bundle.manifest.architecture;
    const tiles = new ort.Tensor('float32', values, [count, isize, isize, nc]);
    const outputs = await this.#session.run(
      { [ONNX_TILES]: tiles },
      wanted.map((name) => GRAPH_OUTPUTS[name]),
    );
    return Object.fromEntries(
      wanted.map((name) => [name, outputs[GRAPH_OUTPUTS[name]]?.data as Float32Array]),
    );
  }
}
