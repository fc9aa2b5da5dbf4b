import { z } from 'zod';
import { categorySchema } from '../tip/threat-library';

/** Time of day on the computer's own clock. */
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 06:30');

/** How threats are projected at a checkpoint. */
export const tipSettingsSchema = z.strictObject({
  enabled: z.boolean(),
  /** One bag in this many carries a threat, each by chance of its own. */
  oneIn: z.int().min(1).max(10_000),
  /** Share of each category in percent; a category that is not named is not shown. */
  categories: z
    .record(categorySchema, z.number().min(0).max(100))
    .refine(
      (shares) =>
        Math.abs(Object.values(shares).reduce((sum, share) => sum + share, 0) - 100) < 0.5,
      'the shares of the categories must sum to 100 %',
    ),
  /** Days of the week on which threats are projected, 0 Sunday to 6 Saturday. */
  days: z.array(z.int().min(0).max(6)).min(1),
  /** Between these times; equal times mean all day, and a first time after the second goes over midnight. */
  from: clockTime,
  to: clockTime,
  /** Time for a decision from when the bag is shown and scored. */
  windowS: z.number().min(1).max(10),
  /** The same once the person works on the picture, as when the belt is stopped. */
  extendedS: z.number().min(1).max(45),
});
export type TipSettings = z.infer<typeof tipSettingsSchema>;

/** One entry of a checkpoint's append-only history of TIP settings. */
export const tipSettingsRecordSchema = z.object({
  id: z.string(),
  checkpointId: z.string(),
  settings: tipSettingsSchema,
  reason: z.string(),
  /** Account id. */
  setBy: z.string(),
  setByName: z.string(),
  setAt: z.iso.datetime(),
});
export type TipSettingsRecord = z.infer<typeof tipSettingsRecordSchema>;

/** In a view of the composite. */
export const tipPlaceSchema = z.object({
  viewIndex: z.int(),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
});
export type TipPlace = z.infer<typeof tipPlaceSchema>;

/** Why a projected threat counts as found or missed: what was decided, marks elsewhere, or time. */
export const tipCauseSchema = z.enum(['decision', 'marked-elsewhere', 'time']);
export type TipCause = z.infer<typeof tipCauseSchema>;

/** What a person is told of projected threats once they have decided, never before. */
export const tipMessageSchema = z.discriminatedUnion('result', [
  z.object({
    result: z.enum(['hit', 'miss']),
    cause: tipCauseSchema,
    category: z.string(),
    /** In the words of whoever made the library. */
    name: z.string(),
    places: z.array(tipPlaceSchema),
  }),
  /** A bag without a projected threat was sent to search. */
  z.object({ result: z.literal('no-projection') }),
]);
export type TipMessage = z.infer<typeof tipMessageSchema>;

/** Found and missed threats of a person or a category. */
const tipCountSchema = z.object({ hits: z.int(), misses: z.int() });
export type TipCount = z.infer<typeof tipCountSchema>;

/** What a supervisor sees of projected threats at a checkpoint. */
export const tipViewSchema = z.object({
  current: tipSettingsRecordSchema.nullable(),
  /** Newest first. */
  history: z.array(tipSettingsRecordSchema),
  libraries: z.array(
    z.object({
      name: z.string(),
      origin: z.enum(['simulated', 'imported']),
      threats: z.int(),
      projections: z.int(),
    }),
  ),
  /** Libraries that cannot be used, in words. */
  faults: z.array(z.string()),
  categories: z.array(
    z
      .object({ category: z.string(), threats: z.int(), projections: z.int() })
      .extend(tipCountSchema.shape),
  ),
  operators: z.array(
    z
      .object({
        accountId: z.string(),
        name: z.string(),
        /** Bags without a projected threat that the person decided on, and those sent to search. */
        bags: z.int(),
        searched: z.int(),
      })
      .extend(tipCountSchema.shape),
  ),
  /** The last missed threats, newest first. */
  misses: z.array(
    z.object({
      id: z.string(),
      operator: z.string(),
      category: z.string(),
      name: z.string(),
      cause: tipCauseSchema,
      at: z.iso.datetime(),
    }),
  ),
  /** Bags that were to carry a threat and had no room for it, since the program started. */
  withoutRoom: z.int(),
});
export type TipView = z.infer<typeof tipViewSchema>;
