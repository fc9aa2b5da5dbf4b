import { z } from 'zod';
import { reviewRulesSchema } from './review-rules';

export const roleSchema = z.enum(['operator', 'supervisor']);
export type Role = z.infer<typeof roleSchema>;

export const accountSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  active: z.boolean(),
  createdAt: z.iso.datetime(),
});
export type Account = z.infer<typeof accountSchema>;

export const laneSchema = z.object({
  id: z.string(),
  checkpointId: z.string(),
  name: z.string(),
  /** Names the kind of picture that a calibration must have covered, e.g. `rgb-export`. */
  scannerKind: z.string(),
  pixelPitchMm: z.number().positive().nullable(),
});
export type Lane = z.infer<typeof laneSchema>;

/** φ's working range: 0 alarms on everything benign, 1 on nothing. */
export const thresholdSchema = z.number().min(0).max(1);

/** One entry of a checkpoint's append-only threshold history. */
export const thresholdRecordSchema = z.object({
  id: z.string(),
  checkpointId: z.string(),
  threshold: thresholdSchema,
  /** The bundle that φ was confirmed for. */
  bundleId: z.string(),
  reason: z.string(),
  /** Account id. */
  setBy: z.string(),
  setByName: z.string(),
  setAt: z.iso.datetime(),
});
export type ThresholdRecord = z.infer<typeof thresholdRecordSchema>;

export const checkpointSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The record in force now. */
  threshold: thresholdRecordSchema,
  /** How bags are reviewed here now. */
  review: reviewRulesSchema,
  lanes: z.array(laneSchema),
});
export type Checkpoint = z.infer<typeof checkpointSchema>;

/** φ at installation, the paper's: about 1 benign bag in 10 alarms. */
export const DEFAULT_THRESHOLD = 0.2;
