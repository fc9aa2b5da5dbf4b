import type { Writable } from 'node:stream';
import type { TrainingProgress } from '../../src-lab/ganomaly/run-training';

/** Time between lines where there is no terminal to redraw one on. */
const PLAIN_LINE_INTERVAL_MS = 15_000;

/** How a training run stands: one line redrawn on a terminal, now and then a line elsewhere. */
export class TrainingProgressLine {
  readonly #stream: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  #lastPlainMs = Number.NEGATIVE_INFINITY;
  #lineOpen = false;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  draw({ metrics, epochs, stepsTotal, secondsLeft }: TrainingProgress): void {
    const { step, epoch, contextual, adversarial, encoder, discriminator } = metrics;
    const text =
      `${bar(step / stepsTotal)} step ${step} of ${stepsTotal}, epoch ${epoch + 1} of ${epochs} · ` +
      `${clock(secondsLeft)} left · ${metrics.patchesPerSecond} patches/s · ` +
      `con ${contextual.toFixed(4)} adv ${adversarial.toFixed(4)} enc ${encoder.toFixed(4)} ` +
      `D ${discriminator.toFixed(4)}`;
    if (this.#stream.isTTY === true) {
      this.#stream.write(`\r\x1b[2K${text.slice(0, (this.#stream.columns ?? 80) - 1)}`);
      this.#lineOpen = true;
      return;
    }
    const nowMs = performance.now();
    if (nowMs - this.#lastPlainMs < PLAIN_LINE_INTERVAL_MS) return;
    this.#lastPlainMs = nowMs;
    this.#stream.write(`${text}\n`);
  }

  /** A line of its own. */
  say(text: string): void {
    this.end();
    this.#stream.write(`${text}\n`);
  }

  /** Leaves the terminal at the start of a fresh line. */
  end(): void {
    if (this.#lineOpen) this.#stream.write('\n');
    this.#lineOpen = false;
  }
}

/** Hours, minutes and seconds as 01:02:03. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function bar(share: number): string {
  const filled = Math.round(20 * Math.min(1, share));
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${Math.floor(100 * share)} %`;
}
