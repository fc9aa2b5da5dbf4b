import type { ModelBundle } from '../../../src-shared/domain/model-bundle';
import type { ErrorRecord } from '../../../src-shared/domain/phiscan-error';
import { PhiscanError, toErrorRecord } from '../../../src-shared/domain/phiscan-error';
import type { Box, ScanOutcome } from '../../../src-shared/domain/screening-outcome';
import type {
  CompositeFacts,
  CompositeSource,
  ScreenedSource,
} from '../../../src-shared/tip/composite-source';
import type { EngineName } from '../engine';
import { throwIfCancelled } from '../run-in-batches';
import type { Screener, ScreenerFacts, TileInspection, ViewDisplay, ViewPlanes } from '../screener';
import type { Call } from './host-connection';
import { HostConnection } from './host-connection';
import type { HostLauncher } from './host-launcher';
import { hostAnswerSchemas } from './host-messages';

export type HostState =
  | { readonly state: 'starting' | 'restarting' }
  | { readonly state: 'ready'; readonly facts: ScreenerFacts }
  | { readonly state: 'failed'; readonly error: ErrorRecord };

export interface HostClientOptions {
  readonly launcher: HostLauncher;
  /** A scan, a picture or a tile that takes longer is given up and the host restarted. */
  readonly requestLimitMs?: number;
  /** Loading may bring in a native library and read hundreds of megabytes. */
  readonly loadLimitMs?: number;
  /** A host that stops more often than this within `restartWindowMs` stays down until the next `load`. */
  readonly maxRestarts?: number;
  readonly restartWindowMs?: number;
  readonly onStateChange?: (state: HostState) => void;
}

const DEFAULTS = {
  requestLimitMs: 30_000,
  loadLimitMs: 60_000,
  maxRestarts: 3,
  restartWindowMs: 5 * 60_000,
} as const;

interface Wanted {
  readonly bundle: ModelBundle;
  readonly engine: EngineName | 'auto';
}

/**
 * The screener of the window: the same as LocalScreener, in a process of its own. A host that
 * crashes or hangs costs the scan in flight (`engine-stopped`, `engine-timeout`); it is started
 * again with the same bundle a bounded number of times, and the queue goes on. Pictures can be
 * read even when scoring is given up, so that an operator can still decide by eye.
 */
export class HostClient implements Screener {
  readonly #options: Required<HostClientOptions>;
  #connection: HostConnection | null = null;
  #wanted: Wanted | null = null;
  #facts: ScreenerFacts | null = null;
  #failure: PhiscanError | null = null;
  #stopsMs: number[] = [];
  #isDisposed = false;
  /** Loads and restarts, one after the other; scans wait for it. */
  #settling: Promise<unknown> = Promise.resolve();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: HostClientOptions) {
    this.#options = { ...DEFAULTS, onStateChange: () => undefined, ...options };
  }

  /**
   * Loads a bundle; one that is loaded already is not loaded again. After a host was given up this
   * tries anew.
   * @throws PhiscanError a code of model bundles, `engine-unavailable`, `engine-stopped`,
   * `engine-timeout`.
   */
  load(bundle: ModelBundle, engine: EngineName | 'auto'): Promise<ScreenerFacts> {
    return this.#settle(async () => {
      const isLoaded =
        this.#wanted?.bundle.directory === bundle.directory &&
        this.#wanted.bundle.manifest.id === bundle.manifest.id &&
        this.#wanted.engine === engine;
      if (isLoaded && this.#facts !== null) return this.#facts;
      if (this.#failure !== null) this.#stopsMs = [];
      this.#failure = null;
      if (this.#facts === null) this.#report({ state: 'starting' });
      try {
        const facts = await this.#load({ bundle, engine });
        this.#wanted = { bundle, engine };
        return facts;
      } catch (error) {
        if (this.#facts === null) this.#fail(error);
        throw error;
      }
    });
  }

  screen(
    source: ScreenedSource,
    onProgress?: (share: number) => void,
    signal?: AbortSignal,
  ): Promise<ScanOutcome> {
    const turn = this.#turn.then(async (): Promise<ScanOutcome> => {
      try {
        await this.#settled();
        throwIfCancelled(signal);
        if (this.#facts === null) throw this.#failure ?? nothingLoaded();
        return await this.#call({
          message: { kind: 'screen', source },
          answer: hostAnswerSchemas.screen,
          onProgress,
          signal,
        });
      } catch (error) {
        return { state: 'unscored', error: toErrorRecord(error) };
      }
    });
    this.#turn = turn;
    return turn;
  }

  readPlanes(source: ScreenedSource, viewIndex: number): Promise<ViewPlanes> {
    return this.#call({
      message: { kind: 'planes', source, viewIndex },
      answer: hostAnswerSchemas.planes,
    });
  }

  readDisplay(source: ScreenedSource, viewIndex: number): Promise<ViewDisplay> {
    return this.#call({
      message: { kind: 'display', source, viewIndex },
      answer: hostAnswerSchemas.display,
    });
  }

  readProjection(source: CompositeSource): Promise<CompositeFacts> {
    return this.#call({
      message: { kind: 'projection', source },
      answer: hostAnswerSchemas.projection,
    });
  }

  async inspectTile(source: ScreenedSource, viewIndex: number, tile: Box): Promise<TileInspection> {
    await this.#settled();
    return this.#call({
      message: { kind: 'inspect', source, viewIndex, tile },
      answer: hostAnswerSchemas.inspect,
    });
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    const connection = this.#connection;
    this.#connection = null;
    this.#facts = null;
    await connection?.stop();
  }

  #call<T>(call: Omit<Call<T>, 'limitMs'>): Promise<T> {
    return this.#connect().call({ ...call, limitMs: this.#options.requestLimitMs });
  }

  async #load({ bundle, engine }: Wanted): Promise<ScreenerFacts> {
    const facts = await this.#connect().call({
      message: { kind: 'load', bundleDirectory: bundle.directory, engine },
      answer: hostAnswerSchemas.load,
      limitMs: this.#options.loadLimitMs,
    });
    this.#facts = facts;
    this.#report({ state: 'ready', facts });
    return facts;
  }

  #connect(): HostConnection {
    if (this.#isDisposed) throw new Error('The host client was disposed of before it was used.');
    this.#connection ??= new HostConnection(this.#options.launcher.launch(), (connection) => {
      this.#onStop(connection);
    });
    return this.#connection;
  }

  #onStop(connection: HostConnection): void {
    if (connection !== this.#connection) return;
    this.#connection = null;
    this.#facts = null;
    const now = performance.now();
    this.#stopsMs = this.#stopsMs.filter((ms) => now - ms < this.#options.restartWindowMs);
    this.#stopsMs.push(now);
    // A host that is down for good is only started for a picture, and not kept up.
    if (this.#failure !== null || this.#wanted === null) return;
    this.#report({ state: 'restarting' });
    void this.#settle(() => this.#restart());
  }

  async #restart(): Promise<void> {
    if (this.#wanted === null || this.#facts !== null || this.#isDisposed) return;
    const stops = this.#stopsMs.length;
    if (stops > this.#options.maxRestarts) {
      this.#fail(givenUp(stops));
      return;
    }
    try {
      await this.#load(this.#wanted);
    } catch (error) {
      // A host that stopped while it loaded has asked for its next restart itself.
      const { code } = toErrorRecord(error);
      if (code !== 'engine-stopped' && code !== 'engine-timeout') this.#fail(error);
    }
  }

  /** Waits until no load and no restart is under way, those that begin meanwhile included. */
  async #settled(): Promise<void> {
    for (let seen; seen !== this.#settling;) {
      seen = this.#settling;
      await seen;
    }
  }

  #fail(error: unknown): void {
    const record = toErrorRecord(error);
    this.#failure = new PhiscanError(record.code, record.message, { cause: error });
    this.#report({ state: 'failed', error: record });
  }

  #report(state: HostState): void {
    this.#options.onStateChange(state);
  }

  #settle<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#settling.then(work);
    // The caller of `load` has the failure; what waits here only needs to know that it is over.
    this.#settling = turn.catch(() => undefined);
    return turn;
  }
}

function nothingLoaded(): PhiscanError {
  return new PhiscanError(
    'engine-unavailable',
    'No model is loaded, so nothing can be scored. Activate a model bundle.',
  );
}

function givenUp(stops: number): PhiscanError {
  return new PhiscanError(
    'engine-unavailable',
    `The screening process stopped ${stops} times in a row and was not started again. ` +
      'Decide by eye, and start Phiscan anew; if it happens again, tell whoever looks after it.',
  );
}
