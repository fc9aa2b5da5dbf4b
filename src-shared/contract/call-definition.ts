import { z } from 'zod';
import type { ErrorCode } from '../domain/phiscan-error';

/** Who may call: `anyone` before sign-in, `signed-in` either role, or supervisors alone. */
export type CallAccess = 'anyone' | 'signed-in' | 'supervisor';

export interface CallDefinition {
  readonly access: CallAccess;
  readonly request: z.ZodType;
  readonly response: z.ZodType;
  /** Refusals that a caller should expect beside `request-invalid`, `sender-refused` and `internal`. */
  readonly errors: readonly ErrorCode[];
}

/** Forms that requests share. */
export const nothing = z.strictObject({});
export const text = (maxLength: number) => z.string().trim().min(1).max(maxLength);
export const id = z.string().min(1).max(100);
