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
import { partialGraph } from './partial-graph';

export interface OnnxEngineOptions {
  /** Default: one thread a physical core. */
  readonly threads?: number;
  /** Tiles a run of the graph. Rates from 16 to 128 are within noise; few keep memory and cancelling tight. */
  readonly batchTiles?: number;
}

const DEFAULT_BATCH_TILES = 32;

/**
 * Outputs that are computed together, each group in a session of its own: a view is scored by one
 * of them, and a session computes all that is in its graph.
 */
const SESSION_OUTPUTS: readonly (readonly TileOutput[])[] = [
  ['latentDifference', 'reconstruction'],
  ['anomalyMap'],
];

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
      const sessions = await createSessions(bundle, threads);
      const model = new OnnxModel(bundle, sessions, threads, batchTiles);
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

interface GroupSession {
  readonly outputs: readonly TileOutput[];
  readonly session: InferenceSession;
}

async function createSessions(bundle: ModelBundle, threads: number): Promise<GroupSession[]> {
  const bytes = await readBundleFile(bundle, ONNX_FILE);
  const groups = bundle.manifest.architecture.comparator
    ? SESSION_OUTPUTS
    : SESSION_OUTPUTS.filter((outputs) => !outputs.includes('anomalyMap'));
  const created: GroupSession[] = [];
  try {
    for (const outputs of groups) {
      const part = partialGraph(
        bytes,
        outputs.map((name) => GRAPH_OUTPUTS[name]),
      );
      const session = await ort.InferenceSession.create(part, {
        executionProviders: ['cpu'],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
      });
      created.push({ outputs, session });
    }
    return created;
  } catch (cause) {
    await release(created);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PhiscanError(
      'engine-unavailable',
      `onnxruntime cannot run the model bundle ${bundle.manifest.id}: ${reason} ` +
        'Install Phiscan again; if it happens again, activate another bundle.',
      { cause },
    );
  }
}

async function release(sessions: readonly GroupSession[]): Promise<void> {
  for (const { session } of sessions) await session.release();
}

class OnnxModel implements LoadedModel {
  readonly runtime: string;
  readonly #bundle: ModelBundle;
  readonly #batchTiles: number;
  #sessions: readonly GroupSession[] | null;

  constructor(
    bundle: ModelBundle,
    sessions: readonly GroupSession[],
    threads: number,
    batchTiles: number,
  ) {
    this.#bundle = bundle;
    this.#sessions = sessions;
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
    const sessions = this.#sessions ?? [];
    this.#sessions = null;
    await release(sessions);
  }

  /** Only the sessions with a wanted output are run. */
  async #runBatch(
    values: Float32Array,
    count: number,
    wanted: readonly TileOutput[],
  ): Promise<TileOutputs> {
    if (this.#sessions === null) throw new Error('The model was disposed of before it was run.');
    const { isize, nc } = this.#bundle.manifest.architecture;
    const tiles = new ort.Tensor('float32', values, [count, isize, isize, nc]);
    const found: { [name in TileOutput]?: Float32Array } = {};
    for (const { outputs: ofGroup, session } of this.#sessions) {
      const asked = wanted.filter((name) => ofGroup.includes(name));
      if (asked.length === 0) continue;
      const fetches = asked.map((name) => GRAPH_OUTPUTS[name]);
      const outputs = await session.run({ [ONNX_TILES]: tiles }, fetches);
      for (const name of asked) found[name] = outputs[GRAPH_OUTPUTS[name]]?.data as Float32Array;
    }
    return found;
  }
}
