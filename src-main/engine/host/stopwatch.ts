import type { ScreeningTimes } from '../../../src-shared/domain/screening-outcome';

export type ScreeningStep = keyof ScreeningTimes;

/** Adds up where the time of one scan goes. */
export class Stopwatch {
  readonly #ms: Record<ScreeningStep, number> = { read: 0, tile: 0, score: 0, map: 0 };

  get timesMs(): ScreeningTimes {
    return { ...this.#ms };
  }

  /** Runs a step and books its time, also when it throws. */
  time<T>(step: ScreeningStep, work: () => T): T {
    const from = performance.now();
    try {
      return work();
    } finally {
      this.#ms[step] += performance.now() - from;
    }
  }

  async timeAsync<T>(step: ScreeningStep, work: () => Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await work();
    } finally {
      this.#ms[step] += performance.now() - from;
    }
  }
}
