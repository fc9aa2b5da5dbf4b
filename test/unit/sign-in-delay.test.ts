import { describe, expect, it } from 'vitest';
import { signInDelayMs } from '../../src-main/services/sign-in-delay';
import type { SessionEvent, SessionEventKind } from '../../src-main/store/store-record';

const now = new Date('2026-01-05T12:00:00.000Z');
const event = (kind: SessionEventKind, secondsAgo: number): SessionEvent => ({
  id: `${kind}-${secondsAgo}`,
  kind,
  accountId: 'a',
  at: new Date(now.getTime() - secondsAgo * 1000).toISOString(),
});
const failures = (count: number, secondsAgo = 0): SessionEvent[] =>
  Array.from({ length: count }, () => event('sign-in-failed', secondsAgo));

describe('signInDelayMs', () => {
  it('lets four slips pass, then waits 5 s, doubled each time, 5 minutes at most', () => {
    expect([0, 4, 5, 6, 7, 30].map((count) => signInDelayMs(failures(count), now))).toEqual([
      0, 0, 5_000, 10_000, 20_000, 300_000,
    ]);
  });

  it('counts from the last failure', () => {
    expect(signInDelayMs(failures(5, 3), now)).toBe(2_000);
    expect(signInDelayMs(failures(5, 5), now)).toBe(0);
  });

  it('forgets failures before a success and those older than a quarter of an hour', () => {
    expect(signInDelayMs([...failures(4), event('signed-in', 1), ...failures(9)], now)).toBe(0);
    expect(signInDelayMs([...failures(4), event('unlocked', 1), ...failures(9)], now)).toBe(0);
    expect(signInDelayMs([...failures(2), ...failures(9, 901)], now)).toBe(0);
  });
});
