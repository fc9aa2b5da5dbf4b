import { z } from 'zod';

const common = {
  /** The score of the tile or square itself, made anew. */
  anomalyScore: z.number(),
  /** The highest tile of the median benign bag of the calibration; null without one. */
  typicalScore: z.number().nullable(),
  /** Mean |x − x̂| over the shown tile as a share of the full range; no part of either score. */
  rebuiltDifference: z.number(),
};

/** What an alarm region's score is made of, by the bundle's score definition. */
export const scorePartsSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('latent'),
    definition: z.enum(['paper', 'reference']),
    ...common,
    /** Values of the latent difference z − ẑ, and how many of the largest make half of the score. */
    latentValues: z.int(),
    halfFrom: z.int(),
  }),
  z.strictObject({
    kind: z.literal('map'),
    ...common,
    /** The highest cell of the joined map in the square, before the mean around each cell. */
    sharpestScore: z.number(),
    /** Side of that mean's square in view pixels. */
    meanSidePx: z.number(),
    /** What each turn of the picture gives at the square's highest cell; its mean is the score. */
    turnScores: z.array(z.number()),
  }),
]);
export type ScoreParts = z.infer<typeof scorePartsSchema>;
