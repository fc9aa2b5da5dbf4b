import { z } from 'zod';
import { ERROR_CODES } from '../../../src-shared/domain/phiscan-error';
import { scorePartsSchema } from '../../../src-shared/domain/score-parts';
import type { ScanOutcome } from '../../../src-shared/domain/screening-outcome';
import {
  compositeFactsSchema,
  compositeSourceSchema,
  scanSourceSchema,
} from '../../../src-shared/tip/composite-source';

const requestId = z.int().min(0);
const path = z.string().min(1);
const viewIndex = z.int().min(0);

const screenedSource = z.union([scanSourceSchema, compositeSourceSchema]);

const box = z.strictObject({
  x: z.number(),
  y: z.number(),
  width: z.number().positive(),
  height: z.number().positive(),
});

/** What the main process asks of the host. Answers carry the request's id. */
export const hostRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('load'),
    id: requestId,
    bundleDirectory: path,
    engine: z.enum(['auto', 'onnx', 'tensorflow']),
  }),
  z.strictObject({ kind: z.literal('screen'), id: requestId, source: screenedSource }),
  z.strictObject({ kind: z.literal('cancel'), id: requestId }),
  z.strictObject({ kind: z.literal('planes'), id: requestId, source: screenedSource, viewIndex }),
  z.strictObject({ kind: z.literal('display'), id: requestId, source: screenedSource, viewIndex }),
  z.strictObject({
    kind: z.literal('inspect'),
    id: requestId,
    source: screenedSource,
    viewIndex,
    tile: box,
  }),
  z.strictObject({ kind: z.literal('projection'), id: requestId, source: compositeSourceSchema }),
  z.strictObject({ kind: z.literal('stop'), id: requestId }),
]);
export type HostRequest = z.infer<typeof hostRequestSchema>;

/** What the host says. */
export const hostReplySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('progress'), id: requestId, share: z.number() }),
  z.strictObject({ kind: z.literal('answer'), id: requestId, value: z.unknown() }),
  z.strictObject({
    kind: z.literal('failure'),
    id: requestId,
    error: z.strictObject({ code: z.enum(ERROR_CODES), message: z.string() }),
  }),
]);
export type HostReply = z.infer<typeof hostReplySchema>;

const bytes = z.instanceof(Uint8Array);

/** The value of each request's answer, checked on arrival. */
export const hostAnswerSchemas = {
  load: z.strictObject({
    engine: z.enum(['onnx', 'tensorflow']),
    runtime: z.string(),
    bundleId: z.string(),
    processId: z.int(),
  }),
  planes: z.strictObject({
    sha256: z.string(),
    viewCount: z.int().min(1),
    widthPx: z.int().min(1),
    heightPx: z.int().min(1),
    rgb: bytes,
  }),
  display: z.strictObject({
    sha256: z.string(),
    viewCount: z.int().min(1),
    widthPx: z.int().min(1),
    heightPx: z.int().min(1),
    channels: z.int().min(1).max(3),
    bytes,
  }),
  inspect: z.strictObject({
    tileSizePx: z.int().min(1),
    original: bytes,
    reconstruction: bytes,
    difference: bytes,
    parts: scorePartsSchema,
    map: bytes,
  }),
  projection: compositeFactsSchema,
  /** Both sides are built together and thousands of tiles come at once: the state alone is checked. */
  screen: z.custom<ScanOutcome>(
    (value) => z.looseObject({ state: z.enum(['screened', 'unscored']) }).safeParse(value).success,
  ),
} as const;
