import { z } from 'zod';

/** Reasons are chosen by one digit. */
const REASONS_LIMIT = 9;

/**
 * How bags are reviewed at a checkpoint. `decisionLimitS` counts from when a scored bag is shown;
 * at its end the bag goes to search, or goes on waiting for its decision: there is no way to clear.
 * `breakMinutes` without a bag on screen end a stretch of continuous review.
 */
export const reviewRulesSchema = z.strictObject({
  searchReasons: z
    .array(z.string().trim().min(1).max(60))
    .min(1)
    .max(REASONS_LIMIT)
    .refine((reasons) => new Set(reasons).size === reasons.length, 'no reason twice'),
  /** `alarms-only`: a scored bag that does not alarm is released by the machine, unseen. */
  mode: z.enum(['every-bag', 'alarms-only']),
  decisionLimitS: z.int().min(2).max(600).nullable(),
  atLimit: z.enum(['search', 'wait']),
  dutyMinutes: z.int().min(1).max(240),
  breakMinutes: z.int().min(1).max(120),
});
export type ReviewRules = z.infer<typeof reviewRulesSchema>;

/** In force until a supervisor sets others. Twenty minutes of continuous review are the EU's limit. */
export const DEFAULT_REVIEW_RULES: ReviewRules = {
  searchReasons: [
    'Looks like a weapon or a part of one',
    'Looks like an explosive or a part of one',
    'Too dense to see through',
    'Cannot be told from the picture',
    'Chosen at random',
  ],
  mode: 'every-bag',
  decisionLimitS: null,
  atLimit: 'search',
  dutyMinutes: 20,
  breakMinutes: 10,
};

/** One entry of a checkpoint's append-only history of review rules. */
export const reviewRulesRecordSchema = z.object({
  id: z.string(),
  checkpointId: z.string(),
  rules: reviewRulesSchema,
  /** Why they were changed. */
  reason: z.string(),
  /** Account id. */
  setBy: z.string(),
  setByName: z.string(),
  setAt: z.iso.datetime(),
});
export type ReviewRulesRecord = z.infer<typeof reviewRulesRecordSchema>;
