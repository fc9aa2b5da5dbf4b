import { PhiscanError, toErrorRecord } from '../../../src-shared/domain/phiscan-error';
import { readBundle } from '../bundle/read-bundle';
import type { Screener } from '../screener';
import type { HostReply, HostRequest } from './host-messages';
import { hostRequestSchema } from './host-messages';

export interface HostSessionOptions {
  readonly screener: Screener;
  readonly post: (reply: HostReply) => void;
  /** Ends the process: a native engine may keep threads that would hold it. */
  readonly exit: () => void;
}

/** The host's side of the conversation: checks each message, calls the screener, answers. */
export class HostSession {
  readonly #options: HostSessionOptions;
  readonly #cancelling = new Map<number, AbortController>();

  constructor(options: HostSessionOptions) {
    this.#options = options;
  }

  /** Takes one message from the main process. Whatever goes wrong is an answer, not a throw. */
  async receive(message: unknown): Promise<void> {
    const checked = hostRequestSchema.safeParse(message);
    if (!checked.success) {
      // Without a request there is no one to answer; the log tells of the defect.
      process.stderr.write(
        `The screening host does not know this message: ${checked.error.message}\n`,
      );
      return;
    }
    const request = checked.data;
    if (request.kind === 'cancel') {
      this.#cancelling.get(request.id)?.abort();
      return;
    }
    const { post } = this.#options;
    try {
      post({ kind: 'answer', id: request.id, value: await this.#answer(request) });
    } catch (error) {
      post({ kind: 'failure', id: request.id, error: toErrorRecord(error) });
    }
    if (request.kind === 'stop') this.#options.exit();
  }

  async #answer(request: Exclude<HostRequest, { kind: 'cancel' }>): Promise<unknown> {
    const { screener } = this.#options;
    switch (request.kind) {
      case 'load':
        return screener.load(await readBundle(request.bundleDirectory), request.engine);
      case 'screen':
        return this.#screen(request);
      case 'planes': {
        const planes = await screener.readPlanes(request.source, request.viewIndex);
        return { ...planes, rgb: unshared(planes.rgb) };
      }
      case 'display':
        return screener.readDisplay(request.source, request.viewIndex);
      case 'inspect': {
        const { source, viewIndex, tile } = request;
        return screener.inspectTile(source, viewIndex, tile);
      }
      case 'projection':
        return screener.readProjection(request.source);
      case 'stop':
        await screener.dispose();
        return null;
    }
  }

  async #screen(request: Extract<HostRequest, { kind: 'screen' }>): Promise<unknown> {
    const { id, source } = request;
    const { screener, post } = this.#options;
    if (this.#cancelling.has(id)) {
      throw new PhiscanError('internal', `The screening host was given the request ${id} twice.`);
    }
    const abort = new AbortController();
    this.#cancelling.set(id, abort);
    try {
      const onProgress = (share: number) => {
        post({ kind: 'progress', id, share });
      };
      return await screener.screen(source, onProgress, abort.signal);
    } finally {
      this.#cancelling.delete(id);
    }
  }
}

/** Bytes in a buffer of their own: cloning a view between processes copies its whole buffer. */
function unshared(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
