import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { TileBatch, TileOutput, TileOutputs } from './engine';

/** Runs one batch of at most the engine's size; gives the wanted outputs of its tiles, in order. */
export type RunBatch = (
  values: Float32Array,
  count: number,
  wanted: readonly TileOutput[],
) => Promise<TileOutputs>;

/**
 * Cuts tiles into an engine's batches and puts the outputs together, so that memory stays bounded
 * and a cancelled scan stops at the next batch.
 * @throws PhiscanError `cancelled` when the signal has aborted; RangeError for tiles of a shape
 * that the architecture does not take.
 */
export async function runInBatches(
  architecture: GanomalyArchitecture,
  tiles: TileBatch,
  wanted: readonly TileOutput[],
  batchTiles: number,
  runBatch: RunBatch,
  signal?: AbortSignal,
): Promise<TileOutputs> {
  const { isize, nc } = architecture;
  const tileLength = isize * isize * nc;
  if (
    tiles.height !== isize ||
    tiles.width !== isize ||
    tiles.channels !== nc ||
    tiles.values.length !== tiles.count * tileLength
  ) {
    throw new RangeError(
      `Expected tiles of ${isize}×${isize}×${nc}; found ${tiles.values.length} values for ` +
        `${tiles.count} tiles of ${tiles.height}×${tiles.width}×${tiles.channels}.`,
    );
  }
  if (wanted.includes('anomalyMap') && architecture.comparator === undefined) {
    throw new RangeError('This model has no comparator, and so no anomaly map.');
  }
  const lengths = outputLengths(architecture);
  const outputs = Object.fromEntries(
    wanted.map((name) => [name, new Float32Array(tiles.count * lengths[name])]),
  ) as { -readonly [name in TileOutput]?: Float32Array };
  for (let from = 0; from < tiles.count; from += batchTiles) {
    throwIfCancelled(signal);
    const count = Math.min(batchTiles, tiles.count - from);
    const values = tiles.values.subarray(from * tileLength, (from + count) * tileLength);
    const batch = await runBatch(values, count, wanted);
    for (const name of wanted) {
      const part = batch[name];
      if (part?.length !== count * lengths[name]) {
        throw new RangeError(`The engine gave ${part?.length ?? 'no'} values of ${name}.`);
      }
      outputs[name]?.set(part, from * lengths[name]);
    }
  }
  throwIfCancelled(signal);
  return outputs;
}

/** Values of each output for one tile. */
export function outputLengths({
  isize,
  nc,
  nz,
}: GanomalyArchitecture): Readonly<Record<TileOutput, number>> {
  return {
    latentDifference: nz,
    reconstruction: isize * isize * nc,
    anomalyMap: (isize / 2) * (isize / 2),
  };
}

/** @throws PhiscanError `cancelled` when the signal has aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new PhiscanError('cancelled', 'Screening of this scan was cancelled.');
  }
}
