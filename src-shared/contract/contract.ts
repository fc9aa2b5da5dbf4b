import { z } from 'zod';
import { shareIntervalSchema } from '../domain/model-bundle';
import type { ErrorCode } from '../domain/phiscan-error';
import { ERROR_CODES } from '../domain/phiscan-error';
import { presentationSchema, raritySchema } from '../domain/review';
import {
  tipMessageSchema,
  tipSettingsRecordSchema,
  tipSettingsSchema,
  tipViewSchema,
} from '../domain/tip';
import {
  accountSchema,
  checkpointSchema,
  laneSchema,
  roleSchema,
  thresholdRecordSchema,
  thresholdSchema,
} from '../domain/site';
import type { CallDefinition } from './call-definition';
import { id, nothing, text } from './call-definition';
import { queueSnapshotSchema, reviewCalls } from './review-calls';

export type { CallAccess } from './call-definition';
export { queueSnapshotSchema } from './review-calls';
export type { Duty, QueueSnapshot } from './review-calls';

/**
 * Every call and event between the window and the main process, declared once. The renderer's API
 * type, the preload's channel list and main's handler type all derive from these two tables.
 */

/** A PIN or password as typed; its strength is the accounts service's rule. */
const secret = z.string().min(1).max(200);

export const engineStateSchema = z.object({
  state: z.enum(['starting', 'ready', 'restarting', 'failed']),
  /** What runs: e.g. `onnx · onnxruntime 1.30.0, cpu, 2 threads`. */
  description: z.string(),
  bundleId: z.string().nullable(),
  error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }).nullable(),
  /** Mean wall-clock of the last scans, milliseconds a view; null before the first. */
  msPerView: z.number().nullable(),
});
export type EngineState = z.infer<typeof engineStateSchema>;

export const appStateSchema = z.object({
  /** No supervisor exists yet: only `setup.createFirstSupervisor` is open. */
  setupRequired: z.boolean(),
  session: z
    .object({ accountId: z.string(), name: z.string(), role: roleSchema, locked: z.boolean() })
    .nullable(),
  site: z.object({
    name: z.string(),
    checkpoints: z.array(checkpointSchema),
    currentLaneId: z.string(),
  }),
  engine: engineStateSchema,
});
export type AppState = z.infer<typeof appStateSchema>;

const bundleSummarySchema = z.object({
  id: z.string(),
  createdAt: z.string(),
  description: z.string(),
  trainingSet: z.string(),
  benignBags: z.int(),
  scannerKinds: z.array(z.string()),
  /** Why the bundle can't be used; null when it verified. */
  error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }).nullable(),
});

const thresholdViewSchema = z.object({
  current: thresholdRecordSchema,
  /** Newest first. */
  history: z.array(thresholdRecordSchema),
  calibration: z
    .object({
      benignBags: z.int(),
      /** Share of the calibration's benign bags that alarm at each φ, as observed. */
      observed: z.array(z.object({ threshold: z.number(), share: z.number() })),
      /** 95 % intervals of the share that alarms; none for a scale made without them. */
      intervals: z.array(shareIntervalSchema),
      rarestSupported: raritySchema,
    })
    .nullable(),
});
export type ThresholdView = z.infer<typeof thresholdViewSchema>;

const aboutSchema = z.object({
  version: z.string(),
  electron: z.string(),
  chrome: z.string(),
  node: z.string(),
  engine: z.string(),
  bundleId: z.string().nullable(),
  recordsPath: z.string(),
});

export const calls = {
  'app.state': { access: 'anyone', request: nothing, response: appStateSchema, errors: [] },
  'app.about': { access: 'anyone', request: nothing, response: aboutSchema, errors: [] },

  'setup.createFirstSupervisor': {
    access: 'anyone',
    request: z.strictObject({ siteName: text(80), name: text(60), secret }),
    response: appStateSchema,
    errors: ['setup-already-done', 'credentials-too-weak'],
  },
  'session.signIn': {
    access: 'anyone',
    request: z.strictObject({ name: text(60), secret }),
    response: appStateSchema,
    errors: ['credentials-wrong', 'setup-required'],
  },
  'session.signOut': {
    access: 'signed-in',
    request: nothing,
    response: appStateSchema,
    errors: [],
  },
  'session.lock': { access: 'signed-in', request: nothing, response: appStateSchema, errors: [] },
  'session.unlock': {
    access: 'anyone',
    request: z.strictObject({ secret }),
    response: appStateSchema,
    errors: ['credentials-wrong', 'not-signed-in'],
  },

  /** An operator chooses among the lanes of the workstation's checkpoint, a supervisor among all. */
  'site.selectLane': {
    access: 'signed-in',
    request: z.strictObject({ laneId: id }),
    response: appStateSchema,
    errors: ['lane-not-found', 'role-required'],
  },
  'site.addCheckpoint': {
    access: 'supervisor',
    request: z.strictObject({ name: text(60) }),
    response: checkpointSchema,
    errors: [],
  },
  'site.addLane': {
    access: 'supervisor',
    request: z.strictObject({
      checkpointId: id,
      name: text(60),
      scannerKind: text(60),
      pixelPitchMm: z.number().positive().max(10).nullable(),
    }),
    response: laneSchema,
    errors: ['checkpoint-not-found'],
  },

  'accounts.list': {
    access: 'supervisor',
    request: nothing,
    response: z.array(accountSchema),
    errors: [],
  },
  'accounts.create': {
    access: 'supervisor',
    request: z.strictObject({ name: text(60), role: roleSchema, secret }),
    response: accountSchema,
    errors: ['account-exists', 'credentials-too-weak'],
  },
  'accounts.deactivate': {
    access: 'supervisor',
    request: z.strictObject({ accountId: id }),
    response: accountSchema,
    errors: ['account-not-found'],
  },

  'thresholds.view': {
    access: 'signed-in',
    request: z.strictObject({ checkpointId: id }),
    response: thresholdViewSchema,
    errors: ['checkpoint-not-found'],
  },
  'thresholds.set': {
    access: 'supervisor',
    request: z.strictObject({ checkpointId: id, threshold: thresholdSchema, reason: text(400) }),
    response: thresholdRecordSchema,
    errors: ['checkpoint-not-found', 'threshold-out-of-range', 'reason-required'],
  },
  'models.list': {
    access: 'supervisor',
    request: nothing,
    response: z.array(bundleSummarySchema),
    errors: [],
  },
  /** Activating a bundle confirms φ again, in one record. */
  'models.activate': {
    access: 'supervisor',
    request: z.strictObject({
      checkpointId: id,
      bundleId: id,
      threshold: thresholdSchema,
      reason: text(400),
    }),
    response: thresholdRecordSchema,
    errors: ['checkpoint-not-found', 'bundle-missing'],
  },

  /** Shows the system's file dialog; answers how many scans joined the queue. */
  'bags.chooseFiles': {
    access: 'signed-in',
    request: nothing,
    response: z.object({ added: z.int() }),
    errors: [],
  },
  /** Files and folders dropped on the window. */
  'bags.openPaths': {
    access: 'signed-in',
    request: z.strictObject({ paths: z.array(z.string().min(1).max(4096)).min(1).max(1000) }),
    response: z.object({ added: z.int() }),
    errors: ['file-not-found'],
  },
  'tip.view': {
    access: 'supervisor',
    request: z.strictObject({ checkpointId: id }),
    response: tipViewSchema,
    errors: ['checkpoint-not-found'],
  },
  'tip.set': {
    access: 'supervisor',
    request: z.strictObject({ checkpointId: id, settings: tipSettingsSchema, reason: text(400) }),
    response: tipSettingsRecordSchema,
    errors: ['checkpoint-not-found', 'reason-required', 'tip-settings-invalid'],
  },
  ...reviewCalls,
} as const satisfies Record<string, CallDefinition>;

export const events = {
  'app.changed': appStateSchema,
  'queue.changed': queueSnapshotSchema,
  /** The presentation on screen has news: progress, outcome, another φ. */
  'presentation.changed': presentationSchema,
  /** A projected threat was on screen until its time was over; the bag itself waits for a decision. */
  'presentation.threatOver': z.object({
    presentationId: z.string(),
    bagId: z.string(),
    tip: tipMessageSchema,
  }),
  /** Something went wrong that no call is waiting for. */
  'trouble.raised': z.object({ code: z.enum(ERROR_CODES), message: z.string() }),
  /** The main menu asks the window for one of its commands. */
  'menu.chosen': z.object({ command: z.enum(['open', 'about', 'keys', 'lock']) }),
} as const satisfies Record<string, z.ZodType>;

export type CallName = keyof typeof calls;
export type CallRequest<N extends CallName> = z.input<(typeof calls)[N]['request']>;
export type CallPayload<N extends CallName> = z.output<(typeof calls)[N]['request']>;
export type CallResponse<N extends CallName> = z.output<(typeof calls)[N]['response']>;

export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;

/** How every call answers. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: { readonly code: ErrorCode; readonly message: string } };

/** What the preload puts on `window.phiscan`: transport only. */
export interface PhiscanBridge {
  call<N extends CallName>(name: N, request: CallRequest<N>): Promise<Answer<CallResponse<N>>>;
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /** Absolute path of a dropped file, for `bags.openPaths`. */
  pathOf(file: unknown): string;
}
