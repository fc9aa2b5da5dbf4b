import { z } from 'zod';
import { errorRecordSchema } from '../domain/review';
import type { ScanSource } from '../domain/scan';
import { tipPlaceSchema } from '../domain/tip';
import { TIP_APPROXIMATIONS } from './project-threat';
import { projectionEntrySchema } from './threat-library';

const path = z.string().min(1);

export const scanSourceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('file'), path }),
  z.strictObject({ kind: z.literal('pair'), lowPath: path, highPath: path }),
]);

/** A bag's scan with a threat of a library projected into it; it is made in memory and nowhere else. */
export const compositeSourceSchema = z.strictObject({
  kind: z.literal('composite'),
  scan: scanSourceSchema,
  /** Folder of the library. */
  library: path,
  /** The threat in one attitude, one projection a view. */
  projections: z.array(projectionEntrySchema).min(1),
  /** The same seed gives the same composite. */
  seed: z.int().min(0),
  lanePitchMm: z.number().positive().nullable(),
});
export type CompositeSource = z.infer<typeof compositeSourceSchema>;

/** What may be scored and shown. */
export type ScreenedSource = ScanSource | CompositeSource;

/** What became of a projection: where it lies, or why the composite is the bag's scan and no more. */
export const compositeFactsSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('projected'),
    places: z.array(tipPlaceSchema),
    approximations: z.array(z.enum(TIP_APPROXIMATIONS)),
  }),
  /** The fault is null where the bag has no room. */
  z.strictObject({ state: z.literal('none'), fault: errorRecordSchema.nullable() }),
]);
export type CompositeFacts = z.infer<typeof compositeFactsSchema>;

/** The scan that a source is, or is made of. */
export const scanOf = (source: ScreenedSource): ScanSource =>
  source.kind === 'composite' ? source.scan : source;
