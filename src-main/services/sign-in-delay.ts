import type { SessionEvent, SessionEventKind } from '../store/store-record';

/** Failures older than this no longer slow anybody down. */
const MEMORY_MS = 15 * 60_000;
/** This many failures in a row cost nothing: fingers slip. */
const FREE_FAILURES = 4;
const FIRST_DELAY_MS = 5_000;
const LONGEST_DELAY_MS = 5 * 60_000;

/** The events that `signInDelayMs` counts; delayed tries are none, so that they cannot push these out of sight. */
export const SIGN_IN_EVENT_KINDS: readonly SessionEventKind[] = [
  'signed-in',
  'unlocked',
  'sign-in-failed',
  'unlock-failed',
];
/** Session events to read for `signInDelayMs`: no more failures than these can count. */
export const SIGN_IN_EVENTS_READ = 64;

/**
 * How long sign-in stays closed after failures in a row: 5 s after the fifth, twice as long after
 * each further one, 5 minutes at most.
 * @param events of one account and of SIGN_IN_EVENT_KINDS, newest first
 * @returns milliseconds from `now` on; 0 when a secret may be tried at once
 */
export function signInDelayMs(events: readonly SessionEvent[], now: Date): number {
  let failures = 0;
  let lastFailureMs: number | null = null;
  for (const { kind, at } of events) {
    if (kind === 'signed-in' || kind === 'unlocked') break;
    if (kind !== 'sign-in-failed' && kind !== 'unlock-failed') continue;
    const failedMs = Date.parse(at);
    if (now.getTime() - failedMs > MEMORY_MS) break;
    lastFailureMs ??= failedMs;
    failures++;
  }
  if (lastFailureMs === null || failures <= FREE_FAILURES) return 0;
  const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - FREE_FAILURES - 1));
  return Math.max(0, lastFailureMs + delayMs - now.getTime());
}
