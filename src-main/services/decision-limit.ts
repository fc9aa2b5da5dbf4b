import type { Presentation } from '../../src-shared/domain/review';
import type { ReviewRules } from '../../src-shared/domain/review-rules';
import type { Clock } from './clock';

/** A decision that the store refused at the end of the time is tried again after this long. */
const AGAIN_MS = 2_000;

/** The time that a person has for the bag on screen; one runs at a time. */
export class DecisionLimit {
  #timer: NodeJS.Timeout | null = null;

  constructor(private readonly clock: Clock) {}

  /**
   * Starts the time for a scored bag, ending any that runs.
   * @param atEnd is called when it is over, again and again until it resolves
   */
  start(rules: ReviewRules, atEnd: () => Promise<void>): Presentation['limit'] {
    this.stop();
    if (rules.decisionLimitS === null) return null;
    const wholeMs = rules.decisionLimitS * 1000;
    const decideBy = new Date(this.clock().getTime() + wholeMs).toISOString();
    if (rules.atLimit === 'search') this.#after(wholeMs, atEnd);
    return { decideBy, wholeMs, then: rules.atLimit };
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #after(ms: number, atEnd: () => Promise<void>): void {
    const timer = setTimeout(() => {
      atEnd().catch(() => {
        if (this.#timer === timer) this.#after(AGAIN_MS, atEnd);
      });
    }, ms);
    this.#timer = timer;
  }
}
