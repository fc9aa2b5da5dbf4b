import type { DecisionOutcome, Presentation, QueueItem } from '../../src-shared/domain/review';

/** Why a decision can't be taken now; null when it can. */
export type DecisionRefusal = 'no-bag' | 'scoring-not-ended' | 'already-sent';

/**
 * Whether an outcome may be sent for the bag on screen. `clear` waits for the end of scoring;
 * `search` never waits. `sent` names presentations whose decision has left already: a key held
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
  return null;
}

/** The bag to show next: first in, first out, leaving out the one that was just decided. */
export function nextBag(
  waiting: readonly QueueItem[],
  justDecidedBagId: string | null,
): QueueItem | null {
  const inOrder = [...waiting].sort((a, b) => a.arrivedAt.localeCompare(b.arrivedAt));
  return inOrder.find((item) => item.bagId !== justDecidedBagId) ?? null;
}

/**
 * The newer of two reports on one presentation: an event may overtake the answer that began it.
 * Scoring only goes on or ends, never back.
 */
export function newerReport(a: Presentation, b: Presentation): Presentation {
  if (a.scoring !== b.scoring) return a.scoring ? b : a;
  return a.progress > b.progress ? a : b;
}
