import { z } from 'zod';
import { marksSchema } from './mark';
import { ERROR_CODES } from './phiscan-error';
import { tipMessageSchema } from './tip';

/** How long one's own last decision can be taken back. */
export const UNDO_MS = 5_000;

export const errorRecordSchema = z.object({ code: z.enum(ERROR_CODES), message: z.string() });

export const machineStateSchema = z.enum(['alarm', 'no-alarm', 'unscored']);

/** Where a bag stands in the queue. `decided` bags move to the recall list. */
export const bagStateSchema = z.enum(['waiting', 'scoring', 'alarm', 'no-alarm', 'unscored']);
export type BagState = z.infer<typeof bagStateSchema>;

/** `rescan` sends a bag that could not be scored through the scanner again. */
export const decisionOutcomeSchema = z.enum(['clear', 'search', 'rescan']);
export type DecisionOutcome = z.infer<typeof decisionOutcomeSchema>;

export const queueItemSchema = z.object({
  bagId: z.string(),
  /** File name without folders: what a person calls the scan. */
  label: z.string(),
  laneName: z.string(),
  state: bagStateSchema,
  /** Share of scoring done, in [0, 1]. */
  progress: z.number(),
  arrivedAt: z.iso.datetime(),
  /** Where only alarms are reviewed, a bag is not brought to a person before it is scored. */
  held: z.boolean(),
  /** Why the bag is unscored. */
  error: errorRecordSchema.nullable(),
});
export type QueueItem = z.infer<typeof queueItemSchema>;

/** A decision is a person's, or was made for them when their time ran out; then it is never `clear`. */
export const decisionCauseSchema = z.enum(['person', 'time-limit']);

/** Append-only. `supersedes` names the decision that this one replaces after an undo or re-review. */
export const decisionSchema = z.object({
  id: z.string(),
  presentationId: z.string(),
  outcome: z.union([decisionOutcomeSchema, z.literal('undone')]),
  /** The machine's word at the moment of the decision. */
  machine: machineStateSchema,
  note: z.string(),
  /** What the person drew on the picture. */
  marks: marksSchema,
  /** Why the bag goes to search, as it stood in the checkpoint's list; null where marks say it. */
  reason: z.string().nullable(),
  cause: decisionCauseSchema,
  /** Account id. */
  decidedBy: z.string(),
  decidedByName: z.string(),
  decidedAt: z.iso.datetime(),
  supersedes: z.string().nullable(),
});
export type Decision = z.infer<typeof decisionSchema>;

export const recallItemSchema = z.object({
  bagId: z.string(),
  presentationId: z.string(),
  label: z.string(),
  decision: decisionSchema,
});
export type RecallItem = z.infer<typeof recallItemSchema>;

export const boxSchema = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
});

const alarmRegionSchema = boxSchema.extend({
  displayScore: z.number(),
  anomalyScore: z.number(),
  areaPx: z.number(),
  peak: boxSchema,
});

const viewFacts = {
  viewIndex: z.int(),
  widthPx: z.int(),
  heightPx: z.int(),
  pixelKind: z.enum(['dual-energy', 'single-energy', 'rgb']),
  pixelPitchMm: z.number().nullable(),
};

/** A view as the operator's window needs it: the outcome with the alarm rule applied. */
export const presentedViewSchema = z.discriminatedUnion('state', [
  z.object({ ...viewFacts, state: z.literal('unscored'), error: errorRecordSchema }),
  z.object({
    ...viewFacts,
    state: z.literal('scored'),
    tiles: z.object({
      count: z.int(),
      skipped: z.int(),
      strideX: z.number(),
      strideY: z.number(),
    }),
    tileScores: z.array(boxSchema.extend({ anomalyScore: z.number(), displayScore: z.number() })),
    scoreMap: z.object({
      columns: z.int(),
      rows: z.int(),
      cellPx: z.number(),
      displayScores: z.instanceof(Float32Array),
    }),
    anomalyScoreMax: z.number(),
    displayScoreMax: z.number(),
    opaque: z.array(boxSchema),
    alarm: z.boolean(),
    regions: z.array(alarmRegionSchema),
  }),
]);
export type PresentedView = z.infer<typeof presentedViewSchema>;

/** How rare a score is among benign bags, for words like "about 1 benign bag in 50". */
export const raritySchema = z.object({
  /** One benign bag in this many reaches the score. */
  oneIn: z.number(),
  /** The calibration held no bag this high: say "rarer than 1 in oneIn". */
  beyondSample: z.boolean(),
});
export type Rarity = z.infer<typeof raritySchema>;

/** One bag shown to one operator. Its pixels: `app://pixels/<id>/<viewIndex>`. */
export const presentationSchema = z.object({
  id: z.string(),
  bagId: z.string(),
  label: z.string(),
  laneName: z.string(),
  /** Millimetres a pixel by the lane's profile, for views whose scan does not say. */
  lanePitchMm: z.number().nullable(),
  arrivedAt: z.iso.datetime(),
  shownAt: z.iso.datetime(),
  /** Scoring goes on: `clear` is refused until it has ended. */
  scoring: z.boolean(),
  progress: z.number(),
  machine: machineStateSchema.nullable(),
  /** Why the bag as a whole is unscored. */
  error: errorRecordSchema.nullable(),
  views: z.array(presentedViewSchema),
  threshold: z.number(),
  bundleId: z.string(),
  engine: z.string(),
  /** False where the bundle's calibration did not cover the lane's scanner kind. */
  calibrated: z.boolean(),
  /** Rarity of the bag's highest score. */
  rarity: raritySchema.nullable(),
  /** What a search without a mark must name one of. */
  searchReasons: z.array(z.string()),
  /** Until when the bag must be decided; null without a limit, and before scoring has ended. */
  limit: z
    .object({
      decideBy: z.iso.datetime(),
      wholeMs: z.number(),
      /** What happens then. */
      then: z.enum(['search', 'wait']),
    })
    .nullable(),
  /** The decision in force, when there is one. */
  decision: decisionSchema.nullable(),
});
export type Presentation = z.infer<typeof presentationSchema>;

/** What a decision led to. Where a projected threat was on screen, the bag itself is still undecided. */
export const decidedSchema = z.object({
  decision: decisionSchema.nullable(),
  tip: tipMessageSchema.nullable(),
});
export type Decided = z.infer<typeof decidedSchema>;
