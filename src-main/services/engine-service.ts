import type { EngineState } from '../../src-shared/contract/contract';
import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';
import { PhiscanError, toErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { ScanOutcome } from '../../src-shared/domain/screening-outcome';
import type { EngineName } from '../engine/engine';
import type { Screener, ScreenerFacts } from '../engine/screener';
import type { ScreeningStore } from '../store/screening-store';
import type { EngineEventKind } from '../store/store-record';
import type { Clock } from './clock';
import { newId } from './clock';
import { Feed } from './feed';
import type { ModelsService } from './models-service';

/** An engine that stops more often than this within RESTART_MEMORY_MS is given up. */
const MAX_RESTARTS = 3;
const RESTART_MEMORY_MS = 10 * 60_000;
/** Share that the newest scan has in the mean time a view takes. */
const NEWEST_SHARE = 0.3;

export interface EngineOptions {
  readonly store: ScreeningStore;
  readonly screener: Screener;
  readonly models: ModelsService;
  readonly clock: Clock;
  readonly engine: EngineName | 'auto';
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
  #loading: Promise<unknown> = Promise.resolve();
  #stopsMs: number[] = [];

  constructor(private readonly options: EngineOptions) {}

  get state(): EngineState {
    return this.#state;
  }

  /**
   * Loads the bundle unless it is loaded.
   * @throws PhiscanError the bundle's fault, or `engine-unavailable`
   */
  ensure(bundleId: string): Promise<ScreenerFacts> {
    const turn = this.#loading.then(() => this.#ensure(bundleId));
    this.#loading = turn.catch(() => undefined);
    return turn;
  }

  /** Learns from an outcome: how fast it was, or that the engine stopped under it. */
  async observe(outcome: ScanOutcome, elapsedMs: number): Promise<void> {
    const error = stoppedBy(outcome);
    if (error === null) {
      if (outcome.state !== 'screened' || outcome.views.length === 0) return;
      const newest = elapsedMs / outcome.views.length;
      const before = this.#state.msPerView ?? newest;
      this.#change({ msPerView: before + NEWEST_SHARE * (newest - before) });
      return;
    }
    this.#stopsMs = [...this.#recentStopsMs(), this.options.clock().getTime()];
    const bundleId = this.#state.bundleId ?? '';
    this.#facts = null;
    if (this.#stopsMs.length > MAX_RESTARTS) {
      this.#change({ state: 'failed', error });
      await this.#record('given-up', bundleId, error);
    } else {
      this.#change({ state: 'restarting', error });
      await this.#record('stopped', bundleId, error);
    }
  }

  async #ensure(bundleId: string): Promise<ScreenerFacts> {
    if (this.#facts?.bundleId === bundleId) return this.#facts;
    if (this.#recentStopsMs().length > MAX_RESTARTS) {
      throw new PhiscanError(
        'engine-unavailable',
        'The scoring engine stopped again and again. Decide by eye, and tell a supervisor; it is tried again after ten minutes or when Phiscan is started anew.',
      );
    }
    const isRestart = this.#state.state === 'restarting';
    if (!isRestart) this.#change({ state: 'starting', bundleId, error: null });
    try {
      const bundle = await this.options.models.require(bundleId);
      this.#facts = await this.options.screener.load(bundle, this.options.engine);
    } catch (thrown) {
      const error = toErrorRecord(thrown);
      const isNews = this.#state.error?.message !== error.message;
      this.#facts = null;
      this.#change({ state: 'failed', bundleId, error, msPerView: null });
      if (isNews) await this.#record('load-failed', bundleId, error);
      throw thrown;
    }
    const description = describeEngine(this.#facts);
    this.#change({ state: 'ready', bundleId, description, error: null });
    await this.#record('loaded', bundleId, null);
    return this.#facts;
  }

  #recentStopsMs(): number[] {
    const nowMs = this.options.clock().getTime();
    return this.#stopsMs.filter((ms) => nowMs - ms < RESTART_MEMORY_MS);
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

function stoppedBy(outcome: ScanOutcome): ErrorRecord | null {
  const errors =
    outcome.state === 'unscored'
      ? [outcome.error]
      : outcome.views.flatMap((view) => (view.state === 'unscored' ? [view.error] : []));
  return errors.find(({ code }) => code === 'engine-stopped' || code === 'engine-timeout') ?? null;
}
