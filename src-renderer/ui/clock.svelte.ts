import { createSubscriber } from 'svelte/reactivity';

/** The time, read anew at a steady step while something shows it. */
export class Clock {
  readonly #subscribe: () => void;

  constructor(stepMs: number) {
    this.#subscribe = createSubscriber((update) => {
      const timer = setInterval(update, stepMs);
      return () => clearInterval(timer);
    });
  }

  /** Milliseconds since 1970. */
  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}

/** One clock a second, shared by all that show waiting times. */
export const secondClock = new Clock(1000);
