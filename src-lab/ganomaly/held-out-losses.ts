import type { GanomalyArchitecture } from '../../src-shared/domain/model-bundle';
import type { LoadedModel } from '../../src-main/engine/engine';
import type { BatchSource } from './training-run';
import type { HeldOutLosses } from './training-metrics';

/** Patches measured, drawn evenly from all held-out scans; all where there are fewer. */
const MOST_PATCHES = 4096;
const BATCH_PATCHES = 64;

/**
 * L_con = mean |x − x̂| and L_enc = mean (z − ẑ)² over benign patches that are never trained on, as
 * the model would score them: batch norm by its running statistics.
 * @throws PhiscanError `cancelled`
 */
export async function heldOutLosses(
  model: LoadedModel,
  { isize, nc, nz }: GanomalyArchitecture,
  source: BatchSource,
): Promise<HeldOutLosses> {
  const length = isize * isize * nc;
  const sums = { contextual: 0, encoder: 0, patches: 0 };
  const values = new Float32Array(BATCH_PATCHES * length);
  let count = 0;
  const measure = async (): Promise<void> => {
    const tiles = { count, height: isize, width: isize, channels: nc, values };
    const { reconstruction, latentDifference } = await model.runTiles(
      { ...tiles, values: values.subarray(0, count * length) },
      ['reconstruction', 'latentDifference'],
    );
    if (reconstruction === undefined || latentDifference === undefined) {
      throw new RangeError('The model left out what was asked of it.');
    }
    reconstruction.forEach((value, i) => {
      sums.contextual += Math.abs(value - (values[i] ?? 0));
    });
    for (const value of latentDifference) sums.encoder += value * value;
    sums.patches += count;
    count = 0;
  };
  const request = { epoch: 0, batchSize: 1, patchesPerEpoch: MOST_PATCHES, skipBatches: 0 };
  for await (const patch of source.batches(request)) {
    values.set(patch, count * length);
    count += 1;
    if (count === BATCH_PATCHES) await measure();
  }
  if (count > 0) await measure();
  return {
    contextual: sums.contextual / (sums.patches * length),
    encoder: sums.encoder / (sums.patches * nz),
  };
}
