import type { ModelBundle } from '../../src-shared/domain/model-bundle';

/** Tiles as the networks take them: (count, height, width, channels), row-major, in [−1, 1]. */
export interface TileBatch {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Float32Array;
}

export type TileOutput = 'latentDifference' | 'reconstruction' | 'anomalyMap';

/**
 * Row-major outputs of a batch: z − ẑ as (count, nz), x̂ as (count, height, width, channels), the
 * anomaly map as (count, side, side), one cell for each square of tile pixels.
 */
export interface TileOutputs {
  readonly latentDifference?: Float32Array;
  readonly reconstruction?: Float32Array;
  readonly anomalyMap?: Float32Array;
}

export type EngineName = 'onnx' | 'tensorflow';

/** A way to run a bundle's networks. Its name stands in every record of a score. */
export interface Engine {
  readonly name: EngineName;
  load(bundle: ModelBundle): Promise<LoadedModel>;
}

export interface LoadedModel {
  /** What the model runs on, for About, logs and records: e.g. `onnxruntime 1.30.0, cpu, 2 threads`. */
  readonly runtime: string;
  /**
   * Runs the networks on tiles. A tile's outputs never depend on the other tiles of the batch.
   * @throws PhiscanError `cancelled` when the signal aborts between batches.
   */
  runTiles(
    tiles: TileBatch,
    wanted: readonly TileOutput[],
    signal?: AbortSignal,
  ): Promise<TileOutputs>;
  dispose(): Promise<void>;
}
