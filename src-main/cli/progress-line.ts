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

  /** @param more what else to say of the state, in place of the time left */
  draw(done: number, total: number, more?: string): void {
    const nowMs = performance.now();
    const isTerminal = this.#stream.isTTY === true;
    if (!isTerminal && nowMs - this.#lastMs < PLAIN_LINE_INTERVAL_MS && done < total) return;
    this.#lastMs = nowMs;
    const left = ((nowMs - this.#startedMs) / Math.max(1, done)) * (total - done);
    const rest = more ?? `${Math.ceil(left / 1000)} s left`;
    const text = `${this.#what} ${done} of ${total} · ${rest}`;
    this.#stream.write(isTerminal ? `\r\x1b[2K${text}` : `${text}\n`);
    this.#drawn = isTerminal;
  }

  /** Says something on a line of its own. */
  say(text: string): void {
    this.end();
    this.#stream.write(`${text}\n`);
  }

  /** Leaves the terminal at the start of a fresh line. */
  end(): void {
    if (this.#drawn) this.#stream.write('\n');
    this.#drawn = false;
  }
}
