/**
 * Every error code that may reach a person, a record or another process.
 * Codes are stable: records and integrations keep them; the words around them are free to improve.
 */
export const ERROR_CODES = [
  // reading scans
  'file-not-found',
  'file-not-readable',
  'file-empty',
  'file-still-written',
  'file-too-large',
  'format-unknown',
  'format-unsupported',
  'file-truncated',
  'file-corrupt',
  'picture-too-small',
  'picture-too-large',
  'energy-pair-incomplete',
  'energy-pair-mismatch',
  'scan-changed',
  // screening
  'no-open-beam',
  'no-tile-scored',
  'pixel-pitch-unknown',
  'score-not-finite',
  'engine-stopped',
  'engine-timeout',
  'engine-unavailable',
  'cancelled',
  // model bundles
  'bundle-missing',
  'bundle-manifest-invalid',
  'bundle-schema-newer',
  'bundle-file-missing',
  'bundle-hash-mismatch',
  'bundle-parity-failed',
  // accounts, review, thresholds
  'not-signed-in',
  'role-required',
  'credentials-wrong',
  'credentials-too-weak',
  'account-exists',
  'account-not-found',
  'setup-already-done',
  'setup-required',
  'lane-not-found',
  'checkpoint-not-found',
  'presentation-not-found',
  'bag-not-found',
  'scoring-not-ended',
  'already-decided',
  'nothing-to-undo',
  'threshold-out-of-range',
  'reason-required',
  'review-paused',
  // projected threats
  'threat-library-missing',
  'threat-library-invalid',
  'threat-scan-unsuitable',
  'tip-settings-invalid',
  // records
  'store-unavailable',
  'store-schema-newer',
  'store-full',
  // everything at the doors
  'request-invalid',
  'sender-refused',
  'arguments-invalid',
  'training-impossible',
  'training-diverged',
  'calibration-impossible',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** How an error crosses a process border or stands in a record. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * The one error type that Phiscan throws on purpose.
 * The message says what was expected, what was found and what to do, in words for a person.
 */
export class PhiscanError extends Error {
  override readonly name = 'PhiscanError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  toRecord(): ErrorRecord {
    return { code: this.code, message: this.message };
  }
}

/** Turns anything thrown into a record; what is not a PhiscanError is a defect and becomes `internal`. */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  if (thrown instanceof PhiscanError) return thrown.toRecord();
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return { code: 'cancelled', message: 'The work was cancelled.' };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message: `Phiscan met an unexpected fault: ${message}` };
}
