import { z } from 'zod';
import type { GanomalyArchitecture, ModelBundle } from '../../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import { referenceOutputs } from '../../../src-shared/ganomaly/reference-forward';
import type { WeightSet } from '../../../src-shared/ganomaly/weights';
import type { LoadedModel, TileBatch } from '../engine';
import { readBundleFile } from './bundle-file-access';

/** Tiles as pictures, (count, height, width, channels), 8 bits a channel. */
export interface ByteTiles {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Uint8Array;
}

/** An engine may differ from the expected outputs by this share of the largest of them. */
export const PARITY_TOLERANCE = 1e-4;

const parityFileSchema = z.strictObject({
  count: z.int().min(1),
  height: z.int().min(1),
  width: z.int().min(1),
  channels: z.int().min(1),
  /** 8-bit pixels, base64. */
  tiles: z.base64(),
  /** z − ẑ of each tile, by the networks' definition in float64 from the canonical weights. */
  latentDifference: z.array(z.array(z.number())),
  /** Every seventh logit of each tile's anomaly map, where the model has a comparator. */
  anomalyMap: z.array(z.array(z.number())).optional(),
});

/** x = byte / 127.5 − 1: the range in which the networks take pixels. */
export function toNetworkRange(tiles: ByteTiles): TileBatch {
  return { ...tiles, values: Float32Array.from(tiles.values, (byte) => byte / 127.5 - 1) };
}

/** The parity file of a bundle: tiles, and what the canonical weights give for them by definition. */
export function encodeParityFile(
  architecture: GanomalyArchitecture,
  weights: WeightSet,
  tiles: ByteTiles,
): string {
  const { count, height, width, channels } = tiles;
  const batch = toNetworkRange(tiles);
  const tileLength = height * width * channels;
  const outputs = Array.from({ length: count }, (_, index) => {
    const values = Float64Array.from(
      batch.values.subarray(index * tileLength, (index + 1) * tileLength),
    );
    return referenceOutputs(architecture, weights, { height, width, channels, values });
  });
  const latentDifference = outputs.map((of) => [...of.latentDifference]);
  const maps = outputs.flatMap(({ anomalyMap }) => (anomalyMap ? [thinned(anomalyMap)] : []));
  const bytes = Buffer.from(tiles.values).toString('base64');
  const parity = { count, height, width, channels, tiles: bytes, latentDifference };
  return JSON.stringify(maps.length > 0 ? { ...parity, anomalyMap: maps } : parity) + '\n';
}

/** Enough of a map to tell another network by, in a small file. */
function thinned(map: ArrayLike<number>): number[] {
  return Array.from(map).filter((_, index) => index % 7 === 0);
}

/**
 * Runs the bundle's parity tiles through a loaded model: a model that gives other outputs than
 * the canonical weights do is not the one that was trained and calibrated.
 * @throws PhiscanError `bundle-parity-failed`.
 */
export async function checkParity(bundle: ModelBundle, model: LoadedModel): Promise<void> {
  const text = await readBundleFile(bundle, bundle.manifest.parityFile);
  const parity = parseParityFile(new TextDecoder().decode(text));
  const values = new Uint8Array(Buffer.from(parity.tiles, 'base64'));
  const { isize, nc, nz } = bundle.manifest.architecture;
  const { count, height, width, channels } = parity;
  if (
    height !== isize ||
    width !== isize ||
    channels !== nc ||
    values.length !== count * height * width * channels ||
    parity.latentDifference.length !== count ||
    parity.latentDifference.some((row) => row.length !== nz)
  ) {
    throw parityFailed(bundle, 'its parity tiles do not fit its architecture');
  }
  const tiles = toNetworkRange({ count, height, width, channels, values });
  const hasMap = bundle.manifest.architecture.comparator !== undefined;
  if (hasMap !== (parity.anomalyMap !== undefined)) {
    throw parityFailed(bundle, 'its parity file does not fit its comparator');
  }
  const wanted = hasMap
    ? (['latentDifference', 'anomalyMap'] as const)
    : ['latentDifference' as const];
  const { latentDifference, anomalyMap } = await model.runTiles(tiles, wanted);
  const shares = [largestDifferenceShare(latentDifference ?? [], parity.latentDifference.flat())];
  if (parity.anomalyMap !== undefined) {
    const side = isize / 2;
    const maps = Array.from({ length: count }, (_, tile) =>
      thinned(
        (anomalyMap ?? new Float32Array()).subarray(tile * side * side, (tile + 1) * side * side),
      ),
    );
    shares.push(largestDifferenceShare(maps.flat(), parity.anomalyMap.flat()));
  }
  const share = Math.max(...shares);
  if (!(share <= PARITY_TOLERANCE)) {
    throw parityFailed(
      bundle,
      `on ${model.runtime} its outputs differ by ${share.toExponential(1)} of the largest, ` +
        `where at most ${PARITY_TOLERANCE} is allowed`,
    );
  }
}

/** max |found − expected| / max |expected|; NaN as soon as an output is NaN or missing. */
export function largestDifferenceShare(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
): number {
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs((found[i] ?? NaN) - (expected[i] ?? NaN));
    if (Number.isNaN(off)) return NaN;
    difference = Math.max(difference, off);
    largest = Math.max(largest, Math.abs(expected[i] ?? NaN));
  }
  return difference / largest;
}

function parseParityFile(json: string): z.infer<typeof parityFileSchema> {
  try {
    return parityFileSchema.parse(JSON.parse(json));
  } catch (cause) {
    throw new PhiscanError(
      'bundle-manifest-invalid',
      'The parity file of the model bundle cannot be read. Fetch the bundle again.',
      { cause },
    );
  }
}

function parityFailed(bundle: ModelBundle, what: string): PhiscanError {
  return new PhiscanError(
    'bundle-parity-failed',
    `The model bundle ${bundle.manifest.id} was refused: ${what}. ` +
      'Fetch the bundle again, or activate another one.',
  );
}
