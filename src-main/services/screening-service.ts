import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { toErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { ScanSource } from '../../src-shared/domain/scan';
import type { ScanOutcome } from '../../src-shared/domain/screening-outcome';
import type { Screener } from '../engine/screener';
import type { ScreeningStore } from '../store/screening-store';
import type { BagRecord } from '../store/store-record';
import type { Clock } from './clock';
import { newBagId, newId } from './clock';
import type { EngineService } from './engine-service';
import { describeEngine } from './engine-service';
import { Feed } from './feed';
import { hashSource, pathsOf } from './hash-source';
import { outcomeRecordOf } from './outcome-record';
import type { Projector } from './projector';
import type { ScreenedBag } from './queued-bag';
import { QueuedBag } from './queued-bag';
import type { SiteService } from './site-service';

/** Screened bags that may wait for a person: their tiles and maps are held in memory. */
const SCORE_AHEAD = 100;
/** Decided bags kept for recall. */
export const RECALL_LIMIT = 50;
/** How long to wait before a record that the store refused is tried again. */
const RECORD_AGAIN_MS = 2_000;

export interface ScreeningOptions {
  readonly store: ScreeningStore;
  readonly screener: Screener;
  readonly engine: EngineService;
  readonly site: SiteService;
  readonly clock: Clock;
  /** Null where no threats are projected. */
  readonly projector: Projector | null;
}

/** The queue of bags, and the one that is being scored. */
export class ScreeningService {
  /** A bag of the queue has news; null when several have. */
  readonly changed = new Feed<QueuedBag | null>();
  /** Scoring of a bag has ended. */
  readonly ended = new Feed<QueuedBag>();
  /** What went wrong that no call waits for. */
  readonly trouble = new Feed<unknown>();

  readonly #waiting = new Map<string, QueuedBag>();
  /** The last one decided comes last. */
  readonly #decided = new Map<string, QueuedBag>();
  #preferred: QueuedBag | null = null;
  #scoring: QueuedBag | null = null;
  #running: Promise<void> | null = null;
  readonly #closing = new AbortController();

  constructor(private readonly options: ScreeningOptions) {}

  /** Brings back what the store holds: bags that nobody decided wait again, the last decided can be recalled. */
  async load(): Promise<void> {
    const { store, site } = this.options;
    for (const bag of await store.readUndecidedBags()) {
      this.#waiting.set(bag.id, await this.#queue(bag));
    }
    for (const { bag } of (await store.readDecidedBags(RECALL_LIMIT)).reverse()) {
      this.#decided.set(bag.id, new QueuedBag(bag, site.place(bag.laneId).lane));
    }
    this.changed.publish(null);
    this.#run();
  }

  /** In order of arrival. */
  get waiting(): readonly QueuedBag[] {
    return [...this.#waiting.values()];
  }

  waitingBag(bagId: string): QueuedBag | null {
    return this.#waiting.get(bagId) ?? null;
  }

  decidedBag(bagId: string): QueuedBag | null {
    return this.#decided.get(bagId) ?? null;
  }

  /** Records that a scan has arrived at the lane and puts it in the queue. */
  async arrive(source: ScanSource, laneId: string): Promise<QueuedBag> {
    const { store, clock } = this.options;
    const arrivedAt = clock();
    const bag: BagRecord = {
      id: newBagId(arrivedAt),
      laneId,
      label: labelOf(source),
      source,
      // A file that cannot be read is screened all the same, and becomes unscored with the reason.
      sha256: await hashSource(source).catch(() => null),
      arrivedAt: arrivedAt.toISOString(),
    };
    await store.append({ kind: 'bag', record: bag });
    const queued = await this.#queue(bag);
    this.#waiting.set(bag.id, queued);
    this.changed.publish(queued);
    this.#run();
    return queued;
  }

  /** Has the bag scored next with this bundle, unless that is done; what another bundle gave no longer counts. */
  hold(queued: QueuedBag, bundleId: string): void {
    queued.heldToBundleId = bundleId;
    if (queued.screened !== null && queued.screened.bundleId !== bundleId) this.#forget(queued);
    if (queued.stage.name === 'ended') return;
    this.#preferred = queued;
    this.#run();
  }

  /** The bag is no longer on screen. */
  release(queued: QueuedBag): void {
    queued.heldToBundleId = null;
    if (this.#preferred === queued) this.#preferred = null;
    this.#rescoreWhereBundleChanged([queued]);
  }

  /** The projected threat is taken out of the bag, which waits where it stood, to be scored as it is. */
  withoutThreat(queued: QueuedBag): void {
    if (queued.stage.name === 'scoring') queued.stage.abort.abort();
    queued.tip = null;
    this.#forget(queued);
    this.#run();
  }

  /** The bag has a decision: it leaves the queue for the recall list. */
  decided(queued: QueuedBag): void {
    if (queued.stage.name === 'scoring') queued.stage.abort.abort();
    this.#waiting.delete(queued.bag.id);
    this.#decided.delete(queued.bag.id);
    this.#decided.set(queued.bag.id, queued);
    for (const bagId of [...this.#decided.keys()].slice(0, -RECALL_LIMIT))
      this.#decided.delete(bagId);
    this.changed.publish(queued);
    this.#run();
  }

  /** The machine released the bag: it leaves the queue for good. */
  released(queued: QueuedBag): void {
    this.#waiting.delete(queued.bag.id);
    this.changed.publish(queued);
    this.#run();
  }

  /** The bag's decision was undone: it waits again, where it stood. */
  undecided(queued: QueuedBag): void {
    this.#decided.delete(queued.bag.id);
    const inOrder = [...this.#waiting.values(), queued].sort((a, b) =>
      a.bag.arrivedAt.localeCompare(b.bag.arrivedAt),
    );
    this.#waiting.clear();
    for (const each of inOrder) this.#waiting.set(each.bag.id, each);
    this.changed.publish(queued);
    this.#run();
  }

  /** φ or the bundle of a checkpoint has changed: bags that are not on screen follow. */
  checkpointChanged(): void {
    this.#rescoreWhereBundleChanged(this.#waiting.values());
    this.changed.publish(null);
    this.#run();
  }

  /** Stops scoring; the bag in flight waits again at the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#scoring?.stage.name === 'scoring') this.#scoring.stage.abort.abort();
    await this.#running;
  }

  async #queue(bag: BagRecord): Promise<QueuedBag> {
    const { site, projector } = this.options;
    const { lane } = site.place(bag.laneId);
    return new QueuedBag(bag, lane, (await projector?.plan(bag, lane)) ?? null);
  }

  #rescoreWhereBundleChanged(bags: Iterable<QueuedBag>): void {
    for (const queued of bags) {
      if (queued.heldToBundleId !== null || queued.screened === null) continue;
      if (queued.screened.bundleId !== this.#bundleIdFor(queued)) this.#forget(queued);
    }
  }

  #forget(queued: QueuedBag): void {
    queued.stage = { name: 'waiting' };
    this.changed.publish(queued);
  }

  #bundleIdFor({ heldToBundleId, lane }: QueuedBag): string {
    return heldToBundleId ?? this.options.site.checkpoint(lane.checkpointId).threshold.bundleId;
  }

  #run(): void {
    this.#running ??= this.#scoreAll().finally(() => {
      this.#running = null;
    });
  }

  async #scoreAll(): Promise<void> {
    // Callers change the queue first and run it after; this turn sees all of it.
    await Promise.resolve();
    for (let next = this.#next(); next !== null; next = this.#next()) {
      try {
        await this.#score(next);
      } catch (fault) {
        // Whatever this is, it must not stop the bags behind it.
        if (!this.#closing.signal.aborted) this.trouble.publish(fault);
        if (next.stage.name === 'scoring') next.stage = { name: 'waiting' };
        await wait(RECORD_AGAIN_MS, undefined, { signal: this.#closing.signal }).catch(
          () => undefined,
        );
      }
    }
  }

  #next(): QueuedBag | null {
    if (this.#closing.signal.aborted) return null;
    const preferred = this.#preferred;
    this.#preferred = null;
    if (preferred?.stage.name === 'waiting') return preferred;
    let screened = 0;
    for (const queued of this.#waiting.values()) {
      if (queued.stage.name === 'waiting') return queued;
      if (queued.screened?.outcome.state === 'screened') screened++;
      if (screened >= SCORE_AHEAD) return null;
    }
    return null;
  }

  async #score(queued: QueuedBag): Promise<void> {
    const { clock, engine } = this.options;
    const abort = new AbortController();
    queued.stage = { name: 'scoring', progress: 0, abort };
    this.#scoring = queued;
    this.changed.publish(queued);
    const bundleId = this.#bundleIdFor(queued);
    const { tip } = queued;
    const startedMs = clock().getTime();
    const { outcome, engineName } = await this.#screen(queued, bundleId, abort.signal);
    const elapsedMs = clock().getTime() - startedMs;
    this.#scoring = null;
    if (abort.signal.aborted) {
      // Decided before scoring ended, or the program closes: nobody saw an outcome.
      queued.stage = { name: 'waiting' };
      this.changed.publish(queued);
      return;
    }
    engine.observe(outcome, elapsedMs);
    const screened: ScreenedBag = { outcomeId: newId(), bundleId, engine: engineName, outcome };
    const isEmpty = tip !== null && (await this.options.projector?.holds(tip)) === false;
    await this.#record(queued, screened, elapsedMs);
    queued.stage = { name: 'ended', screened };
    // A composite that holds no threat is the bag's own scan, pixel by pixel.
    if (isEmpty) queued.tip = null;
    const isOfSource = isEmpty || queued.tip === tip;
    if (this.#bundleIdFor(queued) !== bundleId || !isOfSource) this.#forget(queued);
    else this.ended.publish(queued);
    this.changed.publish(queued);
  }

  async #screen(
    queued: QueuedBag,
    bundleId: string,
    signal: AbortSignal,
  ): Promise<{ outcome: ScanOutcome; engineName: string }> {
    const { engine, screener } = this.options;
    let engineName = '';
    try {
      const onProgress = (progress: number): void => {
        if (queued.stage.name !== 'scoring') return;
        queued.stage = { ...queued.stage, progress };
        this.changed.publish(queued);
      };
      const outcome = await engine.use(bundleId, (facts) => {
        engineName = describeEngine(facts);
        return screener.screen(queued.source, onProgress, signal);
      });
      return { outcome, engineName };
    } catch (fault) {
      return { outcome: { state: 'unscored', error: toErrorRecord(fault) }, engineName };
    }
  }

  /** An outcome counts once it is recorded: while the store refuses it, the bag goes on scoring. */
  async #record(queued: QueuedBag, screened: ScreenedBag, elapsedMs: number): Promise<void> {
    const at = this.options.clock().toISOString();
    const record = outcomeRecordOf(queued.bag.id, screened, elapsedMs, at);
    let told = false;
    for (;;) {
      try {
        await this.options.store.append({ kind: 'outcome', record });
        return;
      } catch (fault) {
        if (!told) this.trouble.publish(fault);
        told = true;
        await wait(RECORD_AGAIN_MS, undefined, { signal: this.#closing.signal });
      }
    }
  }
}

/** What a person calls the scan: its file, or what the two files of a pair have in common. */
function labelOf(source: ScanSource): string {
  const [first = '', second] = pathsOf(source).map((path) => basename(path));
  if (second === undefined) return first;
  let common = 0;
  while (common < first.length && first[common] === second[common]) common++;
  const stem = first.slice(0, common).replace(/[\s._-]+$/, '');
  return stem === '' ? first : stem;
}
