import type {
  Answer,
  AppState,
  CallName,
  CallRequest,
  CallResponse,
  EventName,
  EventPayload,
  PhiscanBridge,
} from '../../src-shared/contract/contract';
import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';

/** Something to tell the person that no form is waiting for: an error, or words of the window itself. */
export type Trouble = ErrorRecord | { readonly words: string };

/** The window's side of the contract: the last known state of the program, and calls to it. */
export class Client {
  /** Null until the first answer. */
  app = $state.raw<AppState | null>(null);
  /** What went wrong last and has not been read yet; shown in one fixed place. */
  trouble = $state.raw<Trouble | null>(null);

  readonly #bridge: PhiscanBridge;

  constructor(bridge: PhiscanBridge) {
    this.#bridge = bridge;
  }

  /** Follows the program's state until the returned function is called. */
  follow(): () => void {
    const stops = [
      this.on('app.changed', (app) => (this.app = app)),
      this.on('trouble.raised', (trouble) => (this.trouble = trouble)),
    ];
    void this.call('app.state', {}).then((answer) => {
      if (answer.ok) this.app = answer.value;
      else this.trouble = answer.error;
    });
    return () => stops.forEach((stop) => stop());
  }

  /** Calls main. A bridge that breaks answers like any other refusal. */
  async call<N extends CallName>(
    name: N,
    request: CallRequest<N>,
  ): Promise<Answer<CallResponse<N>>> {
    try {
      return await this.#bridge.call(name, request);
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      return { ok: false, error: { code: 'internal', message } };
    }
  }

  /** Calls main; a refusal goes to `trouble` and null comes back. */
  async ask<N extends CallName>(name: N, request: CallRequest<N>): Promise<CallResponse<N> | null> {
    const answer = await this.call(name, request);
    if (answer.ok) return answer.value;
    this.trouble = answer.error;
    return null;
  }

  /** Calls that answer with the program's state: keeps it. Returns the refusal, or null when done. */
  async change<
    N extends
      | 'setup.createFirstSupervisor'
      | 'session.signIn'
      | 'session.signOut'
      | 'session.lock'
      | 'session.unlock'
      | 'site.selectLane',
  >(name: N, request: CallRequest<N>): Promise<ErrorRecord | null> {
    const answer: Answer<AppState> = await this.call(name, request);
    if (!answer.ok) return answer.error;
    this.app = answer.value;
    return null;
  }

  /** Reads the program's state anew, after a call that changes the site. */
  async refresh(): Promise<void> {
    const app = await this.ask('app.state', {});
    if (app !== null) this.app = app;
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    return this.#bridge.on(name, listener);
  }

  pathOf(file: File): string {
    return this.#bridge.pathOf(file);
  }
}
