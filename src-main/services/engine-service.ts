import type { EngineState } from '../../src-shared/contract/contract';
import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';
import { PhiscanError, toErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { ScanOutcome } from '../../src-shared/domain/screening-outcome';
import type { EngineName } from '../engine/engine';
import type { HostState } from '../engine/host/host-client';
import type { Screener, ScreenerFacts } from '../engine/screener';
import type { ScreeningStore } from '../store/screening-store';
import type { EngineEventKind } from '../store/store-record';
import type { Clock } from './clock';
import { newId } from './clock';
import { Feed } from './feed';
import { inTurns } from './in-turns';
import type { ModelsService } from './models-service';

/** A model that failed to load is not tried again for this long, so that a queue of bags does not wait for each. */
const LOAD_AGAIN_MS = 60_000;
/** Share that the newest scan has in the mean time a view takes. */
const NEWEST_SHARE = 0.3;

export interface EngineOptions {
  readonly store: ScreeningStore;
  readonly screener: Screener;
  readonly models: ModelsService;
  readonly clock: Clock;
  readonly engine: EngineName | 'auto';
  /** What a screener in a process of its own tells of that process; null for one in this process. */
  readonly hostStates: Feed<HostState> | null;
}

interface LoadFailure {
  readonly bundleId: string;
  readonly error: ErrorRecord;
  readonly atMs: number;
}

/** Keeps the screener loaded with the bundle that is asked for, and says how it is. */
export class EngineService {
  readonly changed = new Feed<EngineState>();
  /** Faults of keeping the engine's records, which no call waits for. */
  readonly trouble = new Feed<unknown>();
  #state: EngineState = {
    state: 'starting',
    description: '',
    bundleId: null,
    error: null,
    msPerView: null,
  };
  #facts: ScreenerFacts | null = null;
  #failure: LoadFailure | null = null;
  readonly #oneByOne = inTurns();
  /** Work that runs on the loaded bundle; another bundle waits for its end. */
  readonly #inUse = new Set<Promise<unknown>>();

  constructor(private readonly options: EngineOptions) {
    options.hostStates?.subscribe((host) => {
      this.#onHostState(host);
    });
  }

  get state(): EngineState {
    return this.#state;
  }

  /**
   * Loads the bundle unless it is loaded.
   * @throws PhiscanError the bundle's fault, or the engine's
   */
  ensure(bundleId: string): Promise<ScreenerFacts> {
    return this.#oneByOne(() => this.#ensure(bundleId));
  }

  /**
   * Loads the bundle unless it is loaded, and does the work on it. No other bundle takes its place
   * before the work has ended, so that what it gives is this bundle's own.
   * @throws PhiscanError as `ensure`, and what the work throws
   */
  async use<T>(bundleId: string, work: (facts: ScreenerFacts) => Promise<T>): Promise<T> {
    const { done } = await this.#oneByOne(async () => {
      const facts = await this.#ensure(bundleId);
      const begun = work(facts);
      const ended: Promise<unknown> = begun.then(
        () => this.#inUse.delete(ended),
        () => this.#inUse.delete(ended),
      );
      this.#inUse.add(ended);
      // Wrapped, since the turn ends when the work has begun.
      return { done: begun };
    });
    return done;
  }

  /** Has a model that failed to load tried again at once. */
  tryAgain(): void {
    this.#failure = null;
  }

  /** Learns from an outcome how long a view takes. */
  observe(outcome: ScanOutcome, elapsedMs: number): void {
    if (outcome.state !== 'screened' || outcome.views.length === 0) return;
    const newest = elapsedMs / outcome.views.length;
    const before = this.#state.msPerView ?? newest;
    this.#change({ msPerView: before + NEWEST_SHARE * (newest - before) });
  }

  async #ensure(bundleId: string): Promise<ScreenerFacts> {
    if (this.#facts?.bundleId === bundleId) return this.#facts;
    const failure = this.#failure;
    if (failure?.bundleId === bundleId && this.#nowMs() - failure.atMs < LOAD_AGAIN_MS) {
      throw new PhiscanError(failure.error.code, failure.error.message);
    }
    await Promise.all(this.#inUse);
    this.#change({ state: 'starting', bundleId, error: null, msPerView: null });
    try {
      const bundle = await this.options.models.require(bundleId);
      this.#facts = await this.options.screener.load(bundle, this.options.engine);
    } catch (thrown) {
      const error = toErrorRecord(thrown);
      this.#facts = null;
      this.#failure = { bundleId, error, atMs: this.#nowMs() };
      this.#change({ state: 'failed', error });
      await this.#record('load-failed', bundleId, error);
      throw thrown;
    }
    this.#failure = null;
    this.#change({ state: 'ready', description: describeEngine(this.#facts), error: null });
    await this.#record('loaded', bundleId, null);
    return this.#facts;
  }

  /** A host process restarts by itself with the model it had; a first load's states are `ensure`'s to tell. */
  #onHostState(host: HostState): void {
    if (this.#facts === null) return;
    const { bundleId } = this.#facts;
    switch (host.state) {
      case 'starting':
        return;
      case 'restarting':
        this.#change({ state: 'restarting' });
        void this.#record('stopped', bundleId, null);
        return;
      case 'ready':
        if (host.facts.bundleId !== bundleId) return;
        this.#facts = host.facts;
        this.#change({ state: 'ready', description: describeEngine(host.facts), error: null });
        return;
      case 'failed':
        this.#facts = null;
        this.#failure = { bundleId, error: host.error, atMs: this.#nowMs() };
        this.#change({ state: 'failed', error: host.error });
        void this.#record('given-up', bundleId, host.error);
        return;
      default:
        throw missingCaseError(host);
    }
  }

  #nowMs(): number {
    return this.options.clock().getTime();
  }

  #change(change: Partial<EngineState>): void {
    this.#state = { ...this.#state, ...change };
    this.changed.publish(this.#state);
  }

  /** A record of the engine that cannot be kept is trouble to tell of, not a reason to stop screening. */
  async #record(kind: EngineEventKind, bundleId: string, error: ErrorRecord | null): Promise<void> {
    const at = this.options.clock().toISOString();
    const { description } = this.#state;
    try {
      await this.options.store.append({
        kind: 'engineEvent',
        record: { id: newId(), kind, bundleId, description, error, at },
      });
    } catch (fault) {
      this.trouble.publish(fault);
    }
  }
}

export const describeEngine = ({ engine, runtime }: ScreenerFacts): string =>
  `${engine} · ${runtime}`;
