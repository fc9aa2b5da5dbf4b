import { z } from 'zod';
import { marksSchema } from '../domain/mark';
import {
  decidedSchema,
  decisionOutcomeSchema,
  presentationSchema,
  queueItemSchema,
  recallItemSchema,
} from '../domain/review';
import { reviewRulesRecordSchema, reviewRulesSchema } from '../domain/review-rules';
import type { CallDefinition } from './call-definition';
import { id, nothing, text } from './call-definition';

/** How long the signed-in person has reviewed without a break. */
export const dutySchema = z.object({
  /** Nothing is shown until the person goes on. */
  paused: z.boolean(),
  /** Continuous review at `asOf`, milliseconds. */
  reviewMs: z.number(),
  asOf: z.iso.datetime(),
  /** A bag is on screen: the time goes on. */
  running: z.boolean(),
  dutyMinutes: z.number(),
  /** The duty time is over, and the person has not yet handed over or chosen to go on. */
  handOverAsked: z.boolean(),
});
export type Duty = z.infer<typeof dutySchema>;

export const queueSnapshotSchema = z.object({
  /** In order of arrival, undecided bags alone, the first 200 of them. */
  waiting: z.array(queueItemSchema),
  /** How many wait in all. */
  waitingTotal: z.int(),
  /** The last decided bags, newest first, at most 50. */
  recall: z.array(recallItemSchema),
  /** The signed-in person's last decision can still be undone until this time. */
  undoUntil: z.iso.datetime().nullable(),
  /** Bags that the machine released since the program started. */
  releasedTotal: z.int(),
  /** Null when nobody is signed in. */
  duty: dutySchema.nullable(),
});
export type QueueSnapshot = z.infer<typeof queueSnapshotSchema>;

/** The calls of review: the queue, the bag on screen, its decision, and the rules of a checkpoint. */
export const reviewCalls = {
  'queue.get': {
    access: 'signed-in',
    request: nothing,
    response: queueSnapshotSchema,
    errors: [],
  },

  /** Shows a waiting bag: appends a Presentation. */
  'presentations.begin': {
    access: 'signed-in',
    request: z.strictObject({ bagId: id }),
    response: presentationSchema,
    errors: ['bag-not-found', 'review-paused'],
  },
  /** Shows a decided bag again: appends a Presentation whose decision would supersede. */
  'presentations.recall': {
    access: 'signed-in',
    request: z.strictObject({ bagId: id }),
    response: presentationSchema,
    errors: ['bag-not-found', 'review-paused'],
  },
  /**
   * Gets a waiting bag ready while another is on screen. Nothing is recorded; its pixels can be
   * fetched by the id of the Presentation that it will be, unless φ changes before it is begun.
   */
  'presentations.prepare': {
    access: 'signed-in',
    request: z.strictObject({ bagId: id }),
    response: z.object({ presentationId: z.string(), bagId: z.string() }),
    errors: ['bag-not-found', 'review-paused'],
  },
  /** A search names a mark or a reason of the checkpoint's list. */
  'presentations.decide': {
    access: 'signed-in',
    request: z.strictObject({
      presentationId: id,
      outcome: decisionOutcomeSchema,
      note: z.string().max(2000),
      marks: marksSchema,
      reason: z.string().max(60).nullable(),
    }),
    response: decidedSchema,
    errors: ['presentation-not-found', 'scoring-not-ended', 'already-decided', 'reason-required'],
  },
  /**
   * The person works on the picture, as when the belt is stopped. It is sent for every bag, and
   * answers the same for every bag.
   */
  'presentations.lookLonger': {
    access: 'signed-in',
    request: z.strictObject({ presentationId: id }),
    response: nothing,
    errors: ['presentation-not-found'],
  },
  /** Takes back one's own last decision within the undo time; the bag waits again. */
  'presentations.undo': {
    access: 'signed-in',
    request: nothing,
    response: presentationSchema,
    errors: ['nothing-to-undo'],
  },

  /** Takes the bag off the screen, where it waits again; nothing is shown until `review.resume`. */
  'review.pause': {
    access: 'signed-in',
    request: nothing,
    response: queueSnapshotSchema,
    errors: [],
  },
  'review.resume': {
    access: 'signed-in',
    request: nothing,
    response: queueSnapshotSchema,
    errors: [],
  },
  /** Goes on after the duty time is over, which is recorded; a hand-over is asked for again later. */
  'review.goOn': {
    access: 'signed-in',
    request: nothing,
    response: queueSnapshotSchema,
    errors: [],
  },
  'reviewRules.view': {
    access: 'supervisor',
    request: z.strictObject({ checkpointId: id }),
    response: z.object({
      current: reviewRulesSchema,
      /** Newest first; empty while the rules of installation hold. */
      history: z.array(reviewRulesRecordSchema),
    }),
    errors: ['checkpoint-not-found'],
  },
  'reviewRules.set': {
    access: 'supervisor',
    request: z.strictObject({ checkpointId: id, rules: reviewRulesSchema, reason: text(400) }),
    response: reviewRulesRecordSchema,
    errors: ['checkpoint-not-found', 'reason-required'],
  },
} as const satisfies Record<string, CallDefinition>;
