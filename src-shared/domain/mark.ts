import { z } from 'zod';

/** Most marks that one decision carries. */
export const MARKS_LIMIT = 50;
/** Most corners of one free line. */
export const LINE_POINTS_LIMIT = 2_000;

const pointSchema = z.object({ x: z.number(), y: z.number() });
const viewIndex = z.int().min(0);

/** What a person drew on a view, in the view's own pixels from its upper left corner. */
export const markSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('point'), viewIndex, ...pointSchema.shape }),
  z.object({
    kind: z.literal('box'),
    viewIndex,
    ...pointSchema.shape,
    width: z.number().positive(),
    height: z.number().positive(),
  }),
  z.object({
    kind: z.literal('line'),
    viewIndex,
    points: z.array(pointSchema).min(2).max(LINE_POINTS_LIMIT),
  }),
]);
export type Mark = z.infer<typeof markSchema>;

export const marksSchema = z.array(markSchema).max(MARKS_LIMIT);
