import type { DecisionOutcome, Presentation, QueueItem } from '../../src-shared/domain/review';

/** Why a decision can't be taken now; null when it can. */
export type DecisionRefusal = 'no-bag' | 'scoring-not-ended' | 'already-sent' | 'is-scored';

/**
 * Whether an outcome may be sent for the bag on screen. `clear` waits for the end of scoring;
 * `search` never waits; `rescan` is for a bag that could not be scored. `sent` names presentations whose decision has left already: a key held
 * down decides one bag only.
 */
export function decisionRefusal(
  presentation: Presentation | null,
  outcome: DecisionOutcome,
  sent: ReadonlySet<string>,
): DecisionRefusal | null {
  if (presentation === null) return 'no-bag';
  if (sent.has(presentation.id)) return 'already-sent';
  if (outcome === 'clear' && presentation.scoring) return 'scoring-not-ended';
  if (outcome === 'rescan' && (presentation.scoring || presentation.machine !== 'unscored')) {
    return 'is-scored';
  }
  return null;
}

/**
 * The bag to show next: first in, first out, leaving out those given (on screen, or just decided)
 * and those that wait for the machine's word first.
 */
export function nextBag(
  waiting: readonly QueueItem[],
  ...without: readonly (string | null)[]
): QueueItem | null {
  const inOrder = [...waiting].sort((a, b) => a.arrivedAt.localeCompare(b.arrivedAt));
  return inOrder.find(({ bagId, held }) => !held && !without.includes(bagId)) ?? null;
}

/** Whether the bag on screen was decided without the person: their time ran out. */
export const isOutOfTime = ({ id, decision }: Presentation): boolean =>
  decision?.presentationId === id && decision.cause === 'time-limit';

/**
 * The newer of two reports on one presentation: an event may overtake the answer that began it.
 * Scoring only goes on or ends, never back.
 */
export function newerReport(a: Presentation, b: Presentation): Presentation {
  if (a.scoring !== b.scoring) return a.scoring ? b : a;
  return a.progress > b.progress ? a : b;
}
