import type { TipPlan } from './tip-plan';

/** A record that the store refused at the end of the window is tried again after this long. */
const AGAIN_MS = 2_000;

/** The time in which a projected threat must be found; one runs at a time. */
export class TipWindow {
  #running: {
    readonly presentationId: string;
    readonly plan: TipPlan;
    readonly startedMs: number;
    readonly onOver: () => Promise<void>;
    timer: NodeJS.Timeout;
  } | null = null;

  /**
   * Starts the window, unless it runs for this presentation already.
   * @param onOver is called when it is over, again and again until it resolves
   */
  start(presentationId: string, plan: TipPlan, onOver: () => Promise<void>): void {
    if (this.#running?.presentationId === presentationId) return;
    this.stop();
    const startedMs = performance.now();
    const timer = this.#after(plan.windowMs);
    this.#running = { presentationId, plan, startedMs, onOver, timer };
  }

  /** The person works on the picture: there is more time, from the same start. */
  extend(presentationId: string): void {
    const running = this.#running;
    if (running?.presentationId !== presentationId) return;
    clearTimeout(running.timer);
    const passed = performance.now() - running.startedMs;
    const whole = Math.max(running.plan.windowMs, running.plan.extendedMs);
    running.timer = this.#after(Math.max(0, whole - passed));
  }

  stop(): void {
    if (this.#running !== null) clearTimeout(this.#running.timer);
    this.#running = null;
  }

  #after(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      const running = this.#running;
      running?.onOver().catch(() => {
        if (this.#running === running) running.timer = this.#after(AGAIN_MS);
      });
    }, ms);
  }
}
