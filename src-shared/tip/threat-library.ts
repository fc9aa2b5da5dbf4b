import { z } from 'zod';

/** The newest form of a threat library that this program reads. */
export const THREAT_LIBRARY_VERSION = 1;
/** The file that names everything else in a library's folder. */
export const THREAT_LIBRARY_FILE = 'library.json';

/** A projection's grey levels for an attenuation of one; 16 bits then reach to 16.4, far past black. */
export const LEVELS_PER_ATTENUATION = 4_000;

/** Short, lower-case words: a category stands in records, reports and folder names. */
export const categorySchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, figures and hyphens, at most 40');

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const file = z.string().regex(/^[\w.-]+(\/[\w.-]+)*$/, 'a path inside the library');

/** Two 16-bit grey PNG files of attenuation, LEVELS_PER_ATTENUATION a unit. */
export const projectionEntrySchema = z.strictObject({
  low: z.strictObject({ file, sha256 }),
  high: z.strictObject({ file, sha256 }),
  pixelPitchMm: z.number().positive().max(10),
  blurSigmaPx: z.number().min(0).max(10),
});
export type ProjectionEntry = z.infer<typeof projectionEntrySchema>;

const threatEntrySchema = z.strictObject({
  id: z.string().regex(/^[\w-]{1,80}$/),
  category: categorySchema,
  /** What it is, in the words of whoever made the library. */
  name: z.string().min(1).max(80),
  /** Attitudes on the belt; in each, one projection a view of a scanner, the belt along x. */
  attitudes: z.array(z.array(projectionEntrySchema).min(1).max(4)).min(1),
});
export type ThreatEntry = z.infer<typeof threatEntrySchema>;

/** `library.json`. */
export const threatLibrarySchema = z.strictObject({
  schemaVersion: z.int().min(1),
  name: z.string().min(1).max(80),
  origin: z.enum(['simulated', 'imported']),
  /** How it was made, so that it can be made again. */
  description: z.string(),
  createdAt: z.iso.datetime(),
  threats: z.array(threatEntrySchema).min(1),
});
export type ThreatLibrary = z.infer<typeof threatLibrarySchema>;

/** Threats and projections of each category. */
export interface LibraryCensus {
  readonly category: string;
  readonly threats: number;
  readonly projections: number;
}

/** What libraries hold, by category in alphabetical order. */
export function libraryCensus(threats: readonly ThreatEntry[]): readonly LibraryCensus[] {
  const categories = [...new Set(threats.map(({ category }) => category))].sort();
  return categories.map((category) => {
    const own = threats.filter((threat) => threat.category === category);
    return {
      category,
      threats: own.length,
      projections: own.reduce((sum, { attitudes }) => sum + attitudes.flat().length, 0),
    };
  });
}
