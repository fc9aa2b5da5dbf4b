import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { preprocessingSchema, tilingScaleSchema } from '../../src-shared/domain/model-bundle';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';
import { sha256Hex } from '../../src-main/engine/bundle/bundle-file-access';
import { PATCH_PREPROCESSING } from '../datasets/patch-preprocessing';
import { METHOD_NAMES } from './anomaly-method';

/** A laboratory model's files: what it is, and its arrays as little-endian float32 in order. */
const METHOD_MODEL_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.bin';

const settingsSchema = z.strictObject({
  isize: z.int().min(32),
  nc: z.int().min(1),
  nz: z.int().min(1),
  ngf: z.int().min(1),
  seed: z.int(),
  learningRate: z.number().positive(),
  beta1: z.number().min(0).lt(1),
  beta2: z.number().min(0).lt(1),
  adversarialWeight: z.number().min(0),
  contextualWeight: z.number().min(0),
  encoderWeight: z.number().min(0),
});

const methodModelSchema = z.strictObject({
  kind: z.literal('phiscan-laboratory-model-1'),
  id: z.string(),
  method: z.enum(METHOD_NAMES),
  settings: settingsSchema,
  preprocessing: preprocessingSchema,
  scales: z.array(tilingScaleSchema).min(1),
  training: z.strictObject({
    trainingSet: z.string(),
    steps: z.int().min(0),
    batchSize: z.int().min(1),
  }),
  weights: z.strictObject({
    sha256: z.string(),
    arrays: z.array(z.strictObject({ name: z.string(), shape: z.array(z.int().min(1)) })),
  }),
});
/** What model.json says. */
export type MethodModelDescription = z.infer<typeof methodModelSchema>;

/** Whether a folder is a laboratory model's, not a bundle. */
export function isMethodModel(directory: string): boolean {
  return existsSync(path.join(directory, METHOD_MODEL_FILE));
}

/**
 * Writes a trained method into a folder of its own, named by its weights.
 * @returns the folder
 */
export async function writeMethodModel(
  parentDirectory: string,
  about: Pick<MethodModelDescription, 'method' | 'settings' | 'scales' | 'training'>,
  weights: WeightSet,
): Promise<string> {
  const bytes = bytesOf(weights);
  const sha256 = sha256Hex(bytes);
  const id = `${about.method}-${about.settings.isize}-${sha256.slice(0, 8)}`;
  const description: MethodModelDescription = {
    kind: 'phiscan-laboratory-model-1',
    id,
    ...about,
    preprocessing: PATCH_PREPROCESSING,
    weights: {
      sha256,
      arrays: [...weights].map(([name, { shape }]) => ({ name, shape: [...shape] })),
    },
  };
  const directory = path.join(parentDirectory, id);
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, WEIGHTS_FILE), bytes);
  const json = JSON.stringify(description, null, 2) + '\n';
  await writeFile(path.join(directory, METHOD_MODEL_FILE), json);
  return directory;
}

/**
 * Reads a laboratory model back.
 * @throws PhiscanError `bundle-missing` for a folder without model.json, `bundle-manifest-invalid`,
 * `bundle-file-missing`, `bundle-hash-mismatch`
 */
export async function readMethodModel(
  directory: string,
): Promise<{ readonly description: MethodModelDescription; readonly weights: WeightSet }> {
  const description = parseDescription(
    await read(directory, METHOD_MODEL_FILE, 'bundle-missing'),
    directory,
  );
  const bytes = await read(directory, WEIGHTS_FILE, 'bundle-file-missing');
  const { sha256, arrays } = description.weights;
  const found = sha256Hex(bytes);
  if (found !== sha256) {
    throw new PhiscanError(
      'bundle-hash-mismatch',
      `${WEIGHTS_FILE} in ${directory} was changed: its SHA-256 is ${found} where ` +
        `${METHOD_MODEL_FILE} says ${sha256}. Train the method again.`,
    );
  }
  const weights = new Map<string, WeightArray>();
  let offset = 0;
  for (const { name, shape } of arrays) {
    const count = shape.reduce((product, side) => product * side, 1);
    if (offset + 4 * count > bytes.length)
      throw invalid(directory, `names more values than ${WEIGHTS_FILE} holds`);
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = bytes.readFloatLE(offset + 4 * i);
    weights.set(name, { shape, values });
    offset += 4 * count;
  }
  if (offset !== bytes.length)
    throw invalid(directory, 'names fewer values than weights.bin holds');
  return { description, weights };
}

function bytesOf(weights: WeightSet): Buffer {
  const count = [...weights.values()].reduce((sum, { values }) => sum + values.length, 0);
  const bytes = Buffer.alloc(4 * count);
  let offset = 0;
  for (const { values } of weights.values()) {
    for (const value of values) offset = bytes.writeFloatLE(value, offset);
  }
  return bytes;
}

async function read(
  directory: string,
  name: string,
  code: 'bundle-missing' | 'bundle-file-missing',
): Promise<Buffer> {
  try {
    return await readFile(path.join(directory, name));
  } catch (cause) {
    throw new PhiscanError(
      code,
      `Expected a laboratory model in ${directory}, but its ${name} cannot be read. Name a folder ` +
        'that "phiscan train --method" has written.',
      { cause },
    );
  }
}

function parseDescription(bytes: Buffer, directory: string): MethodModelDescription {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw invalid(directory, 'is not JSON', cause);
  }
  const checked = methodModelSchema.safeParse(parsed);
  if (!checked.success) throw invalid(directory, `is not valid: ${z.prettifyError(checked.error)}`);
  return checked.data;
}

function invalid(directory: string, what: string, cause?: unknown): PhiscanError {
  return new PhiscanError(
    'bundle-manifest-invalid',
    `${METHOD_MODEL_FILE} in ${directory} ${what}. Train the method again.`,
    { cause },
  );
}
