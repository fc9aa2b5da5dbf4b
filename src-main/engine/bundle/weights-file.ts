import { z } from 'zod';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import type { NetworkSpec } from '../../../src-shared/ganomaly/network-spec';
import type { WeightArray, WeightSet } from '../../../src-shared/ganomaly/weights';
import { weightShapes } from '../../../src-shared/ganomaly/weights';

/** TensorFlow.js's WeightsManifestConfig: groups of files, each the concatenation of its arrays. */
const weightsManifestSchema = z.array(
  z.object({
    paths: z.array(z.string()).length(1),
    weights: z.array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().min(1)),
        dtype: z.literal('float32'),
      }),
    ),
  }),
);

/** The two halves of TensorFlow.js's weight format. */
export interface EncodedWeights {
  readonly manifestJson: string;
  readonly bytes: Uint8Array;
}

/**
 * The arrays that the networks need, in layer order, as TensorFlow.js's weights manifest and one
 * file of little-endian float32. Other arrays of the set (a discriminator's) are left out.
 * @throws RangeError when an array is missing or of another shape.
 */
export function encodeWeights(
  networks: readonly NetworkSpec[],
  weights: WeightSet,
  weightsFile: string,
): EncodedWeights {
  const entries = networks.flatMap((network) => [...weightShapes(network)]);
  const arrays = entries.map(([name, shape]) => {
    const array = weights.get(name);
    if (array === undefined || !sameShape(array.shape, shape)) {
      const found = array === undefined ? 'missing' : `of shape (${array.shape.join(', ')})`;
      throw new RangeError(
        `Expected weights ${name} of shape (${shape.join(', ')}); it is ${found}.`,
      );
    }
    return { name, shape, values: array.values };
  });
  const bytes = new Uint8Array(4 * arrays.reduce((sum, { values }) => sum + values.length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const { values } of arrays) {
    for (const value of values) {
      view.setFloat32(offset, value, true);
      offset += 4;
    }
  }
  const manifest = [
    {
      paths: [weightsFile],
      weights: arrays.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
    },
  ];
  return { manifestJson: JSON.stringify(manifest, null, 1) + '\n', bytes };
}

/**
 * Reads TensorFlow.js weights back, without TensorFlow.js.
 * @throws PhiscanError `bundle-manifest-invalid` when names, shapes or the file's length are not
 * those that the networks need.
 */
export function decodeWeights(
  networks: readonly NetworkSpec[],
  manifestJson: string,
  bytes: Uint8Array,
): WeightSet {
  const stored = parseWeightsManifest(manifestJson);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const weights = new Map<string, WeightArray>();
  let offset = 0;
  for (const { name, shape } of stored) {
    const count = shape.reduce((product, side) => product * side, 1);
    if (offset + 4 * count > bytes.byteLength) {
      throw invalid(`The weights file ends inside ${name}`);
    }
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = view.getFloat32(offset + 4 * i, true);
    weights.set(name, { shape, values });
    offset += 4 * count;
  }
  if (offset !== bytes.byteLength) {
    throw invalid(
      `The weights file has ${bytes.byteLength} bytes where its manifest names ${offset}`,
    );
  }
  assertNetworksCovered(networks, weights);
  return weights;
}

function parseWeightsManifest(json: string): { name: string; shape: number[] }[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    throw invalid('The weights manifest is not JSON', cause);
  }
  const checked = weightsManifestSchema.safeParse(parsed);
  if (!checked.success) {
    throw invalid(`The weights manifest is not TensorFlow.js's: ${z.prettifyError(checked.error)}`);
  }
  return checked.data.flatMap((group) => group.weights);
}

function assertNetworksCovered(networks: readonly NetworkSpec[], weights: WeightSet): void {
  for (const network of networks) {
    for (const [name, shape] of weightShapes(network)) {
      const array = weights.get(name);
      if (array === undefined) throw invalid(`The weights lack ${name}`);
      if (!sameShape(array.shape, shape)) {
        throw invalid(
          `The weights ${name} have shape (${array.shape.join(', ')}) where the architecture needs (${shape.join(', ')})`,
        );
      }
    }
  }
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((side, index) => side === b[index]);
}

function invalid(what: string, cause?: unknown): PhiscanError {
  return new PhiscanError(
    'bundle-manifest-invalid',
    `${what}. Fetch the model bundle again from where it came.`,
    { cause },
  );
}
