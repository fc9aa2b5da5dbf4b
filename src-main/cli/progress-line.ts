import type { Writable } from 'node:stream';

const PLAIN_LINE_INTERVAL_MS = 15_000;

/** Progress of a count: one line redrawn on a terminal, now and then a line elsewhere. */
export class ProgressLine {
  readonly #stream: Writable & { readonly isTTY?: boolean };
  readonly #what: string;
  readonly #startedMs = performance.now();
  #lastMs = Number.NEGATIVE_INFINITY;
  #drawn = false;

  constructor(stream: Writable & { readonly isTTY?: boolean }, what: string) {
    this.#stream = stream;
    this.#what = what;
  }

  draw(done: number, total: number): void {
    const nowMs = performance.now();
    const isTerminal = this.#stream.isTTY === true;
    if (!isTerminal && nowMs - this.#lastMs < PLAIN_LINE_INTERVAL_MS && done < total) return;
    this.#lastMs = nowMs;
    const left = ((nowMs - this.#startedMs) / Math.max(1, done)) * (total - done);
    const text = `${this.#what} ${done} of ${total} · ${Math.ceil(left / 1000)} s left`;
    this.#stream.write(isTerminal ? `\r\x1b[2K${text}` : `${text}\n`);
    this.#drawn = isTerminal;
  }

  /** Leaves the terminal at the start of a fresh line. */
  end(): void {
    if (this.#drawn) this.#stream.write('\n');
    this.#drawn = false;
  }
}
