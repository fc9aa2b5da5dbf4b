import { open, readFile, rename } from 'node:fs/promises';
import { z } from 'zod';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { WeightArray, WeightSet } from '../../src-shared/ganomaly/weights';

/**
 * Where a training run stands: enough to continue to the same numbers.
 * @typeParam P what the run itself says of its position
 */
export interface TrainingCheckpoint<P = CheckpointPosition> {
  readonly position: P;
  /** All arrays of the four networks. */
  readonly weights: WeightSet;
  /** Adam's moments, `<weight>/m` and `<weight>/v`. */
  readonly moments: WeightSet;
}

const lossesSchema = z.strictObject({
  adversarial: z.number(),
  contextual: z.number(),
  encoder: z.number(),
  generator: z.number(),
  discriminator: z.number(),
});

export const positionSchema = z.strictObject({
  step: z.int().min(0),
  discriminatorRedraws: z.int().min(0),
  /** Epoch that the next batch belongs to, from 0, and the batches of it that are done. */
  epoch: z.int().min(0),
  batchesOfEpoch: z.int().min(0),
  /** Losses of the steps that no line of metrics tells of yet. */
  lossesOfLine: z.array(lossesSchema),
  /** Time spent in training steps, over all the runs that led here. */
  trainingSeconds: z.number().min(0),
  /** Returns to good weights after the run had diverged, and what the rate is multiplied by since. */
  recoveries: z.int().min(0).optional(),
  rateScale: z.number().positive().optional(),
  /** The epoch's end that had the least loss on held-out bags; its weights are named `best/…`. */
  best: z
    .strictObject({
      step: z.int().min(0),
      epochs: z.number().min(0),
      contextual: z.number(),
      encoder: z.number(),
    })
    .optional(),
  /** The settings and training scans that the numbers belong to, as JSON. */
  settings: z.string(),
});
export type CheckpointPosition = z.infer<typeof positionSchema>;

const headerSchema = z.strictObject({
  position: z.unknown(),
  arrays: z.array(
    z.strictObject({
      set: z.enum(['weights', 'moments']),
      name: z.string(),
      shape: z.array(z.int().min(1)),
    }),
  ),
});

/** Name of a run's checkpoint in its folder. */
export const CHECKPOINT_FILE = 'checkpoint.bin';

/** The file's first eight bytes; the digit is the format's version. */
const MAGIC = 'PHICKPT1';
const PREAMBLE_BYTES = MAGIC.length + 4;

/**
 * Writes a checkpoint so that the file is at every moment either the former or the new one, whole:
 * magic, header length (uint32 LE), header (JSON), then every array's little-endian float32.
 */
export async function writeCheckpoint<P>(
  file: string,
  checkpoint: TrainingCheckpoint<P>,
): Promise<void> {
  const sets = [
    ['weights', checkpoint.weights],
    ['moments', checkpoint.moments],
  ] as const;
  const arrays = sets.flatMap(([set, byName]) =>
    [...byName].map(([name, { shape, values }]) => ({ set, name, shape: [...shape], values })),
  );
  const header = Buffer.from(
    JSON.stringify({
      position: checkpoint.position,
      arrays: arrays.map(({ set, name, shape }) => ({ set, name, shape })),
    }),
  );
  const preamble = Buffer.alloc(PREAMBLE_BYTES);
  preamble.write(MAGIC, 'latin1');
  preamble.writeUInt32LE(header.length, MAGIC.length);
  const partial = `${file}.partial`;
  const handle = await open(partial, 'w');
  try {
    await handle.writeFile(preamble);
    await handle.writeFile(header);
    for (const { values } of arrays) await handle.writeFile(toLittleEndian(values));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, file);
}

/**
 * @param schema of the position that this kind of run writes
 * @throws PhiscanError `file-not-found` when there is none, `file-corrupt` when it is cut short or
 * not a checkpoint.
 */
export async function readCheckpoint<P>(
  file: string,
  schema: z.ZodType<P>,
): Promise<TrainingCheckpoint<P>> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new PhiscanError(
      'file-not-found',
      `A training checkpoint was expected at ${file}, and none can be read there. ` +
        'Name the folder of a run that was started before, or start one without --resume.',
      { cause },
    );
  }
  const { header, dataOffset } = parseHeader(file, bytes);
  const found = {
    weights: new Map<string, WeightArray>(),
    moments: new Map<string, WeightArray>(),
  };
  let offset = dataOffset;
  for (const { set, name, shape } of header.arrays) {
    const count = shape.reduce((product, side) => product * side, 1);
    if (offset + 4 * count > bytes.length) throw corrupt(file, `it ends inside ${name}`);
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = bytes.readFloatLE(offset + 4 * i);
    found[set].set(name, { shape, values });
    offset += 4 * count;
  }
  if (offset !== bytes.length) throw corrupt(file, `${bytes.length - offset} bytes are left over`);
  const position = schema.safeParse(header.position);
  if (!position.success) throw corrupt(file, 'it belongs to another kind of run', position.error);
  return { position: position.data, ...found };
}

/**
 * @param found the settings that a checkpoint was made with, as JSON
 * @throws PhiscanError `arguments-invalid` when they are not those that the run asks for
 */
export function refuseOtherSettings(found: string, asked: string): void {
  if (found === asked) return;
  throw new PhiscanError(
    'arguments-invalid',
    'The checkpoint belongs to another training, to other settings or to other training scans: ' +
      `it was made with ${found}, this run asks for ${asked}. Give the same again, or train into ` +
      'another folder.',
  );
}

function parseHeader(
  file: string,
  bytes: Buffer,
): { header: z.infer<typeof headerSchema>; dataOffset: number } {
  if (
    bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC ||
    bytes.length < PREAMBLE_BYTES
  ) {
    throw corrupt(file, `it does not begin with ${MAGIC}`);
  }
  const dataOffset = PREAMBLE_BYTES + bytes.readUInt32LE(MAGIC.length);
  if (dataOffset > bytes.length) throw corrupt(file, 'it ends inside its header');
  try {
    const json: unknown = JSON.parse(bytes.subarray(PREAMBLE_BYTES, dataOffset).toString());
    return { header: headerSchema.parse(json), dataOffset };
  } catch (cause) {
    throw corrupt(file, 'its header cannot be read', cause);
  }
}

function toLittleEndian(values: Float32Array): Buffer {
  const bytes = Buffer.from(values.slice().buffer);
  // Little-endian is what nearly every machine has already.
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] === 1) return bytes;
  return bytes.swap32();
}

function corrupt(file: string, what: string, cause?: unknown): PhiscanError {
  return new PhiscanError(
    'file-corrupt',
    `The training checkpoint ${file} cannot be used: ${what}. Start the training anew.`,
    { cause },
  );
}
