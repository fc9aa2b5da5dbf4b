import type { z } from 'zod';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import type { HostProcess } from './host-launcher';
import type { HostRequest } from './host-messages';
import { hostReplySchema } from './host-messages';

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** One question to the host, with the form that its answer must have. */
export interface Call<T> {
  readonly message: WithoutId<HostRequest>;
  readonly answer: z.ZodType<T>;
  readonly limitMs: number;
  readonly onProgress?: ((share: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly onProgress: ((share: number) => void) | undefined;
  /** Why the host was killed, where it was this question that took too long. */
  lateness: PhiscanError | null;
}

/** How long a host that is asked to stop may take before it is killed. */
const STOP_LIMIT_MS = 2_000;

/** One host process and the questions that it has not answered yet. */
export class HostConnection {
  readonly #process: HostProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #nextId = 0;
  #hasExited = false;

  /**
   * @param onStop called once when the process has ended, before its callers are told: what they
   * ask next must find the restart under way.
   */
  constructor(process: HostProcess, onStop: (connection: HostConnection) => void) {
    this.#process = process;
    process.onMessage((message) => {
      this.#receive(message);
    });
    this.#exited = new Promise((resolve) => {
      process.onExit((exitCode) => {
        this.#hasExited = true;
        onStop(this);
        for (const waiting of this.#waiting.values()) {
          waiting.reject(waiting.lateness ?? stopped(exitCode));
        }
        resolve();
      });
    });
  }

  /**
   * Asks, and waits for the answer.
   * @throws PhiscanError what the host answered; `engine-stopped` when it ended first;
   * `engine-timeout` when the limit passed, and then the host is killed.
   */
  async call<T>({ message, answer, limitMs, onProgress, signal }: Call<T>): Promise<T> {
    if (this.#hasExited) throw stopped(null);
    const id = this.#nextId++;
    const cancel = () => {
      if (!this.#hasExited) this.#process.postMessage({ kind: 'cancel', id });
    };
    let timer: NodeJS.Timeout | undefined;
    try {
      const value = await new Promise<unknown>((resolve, reject) => {
        const waiting: Waiting = { resolve, reject, onProgress, lateness: null };
        this.#waiting.set(id, waiting);
        timer = setTimeout(() => {
          waiting.lateness = tooSlow(limitMs);
          this.#process.kill();
        }, limitMs);
        signal?.addEventListener('abort', cancel, { once: true });
        this.#process.postMessage({ ...message, id });
      });
      return answer.parse(value);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      this.#waiting.delete(id);
    }
  }

  /** Ends the process: by asking, then by force. */
  async stop(): Promise<void> {
    if (this.#hasExited) return;
    this.#process.postMessage({ kind: 'stop', id: this.#nextId++ });
    const timer = setTimeout(() => {
      this.#process.kill();
    }, STOP_LIMIT_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  #receive(message: unknown): void {
    const checked = hostReplySchema.safeParse(message);
    if (!checked.success) {
      const message = 'The screening process gave an answer of an unknown form.';
      for (const { reject } of this.#waiting.values())
        reject(new PhiscanError('internal', message));
      return;
    }
    const reply = checked.data;
    const waiting = this.#waiting.get(reply.id);
    switch (reply.kind) {
      case 'progress':
        waiting?.onProgress?.(reply.share);
        return;
      case 'answer':
        waiting?.resolve(reply.value);
        return;
      case 'failure':
        waiting?.reject(new PhiscanError(reply.error.code, reply.error.message));
        return;
    }
  }
}

function stopped(exitCode: number | null): PhiscanError {
  const how = exitCode === null ? '' : ` (exit code ${exitCode})`;
  return new PhiscanError(
    'engine-stopped',
    `The screening process stopped before this scan was scored${how}; it is being started again. ` +
      'Decide by eye, or scan the bag again.',
  );
}

function tooSlow(limitMs: number): PhiscanError {
  return new PhiscanError(
    'engine-timeout',
    `This scan was not scored within ${limitMs / 1000} s and was given up; the screening process ` +
      'is being started again. Decide by eye, or scan the bag again.',
  );
}
