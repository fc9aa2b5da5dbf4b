import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { DEFAULT_REVIEW_RULES } from '../../src-shared/domain/review-rules';
import type { Checkpoint, Lane, Role, ThresholdRecord } from '../../src-shared/domain/site';
import { DEFAULT_THRESHOLD } from '../../src-shared/domain/site';
import type { ScreeningStore } from '../store/screening-store';
import type {
  CheckpointRecord,
  LaneRecord,
  ReviewRulesEntry,
  SiteRecord,
  StoreRecord,
  ThresholdEntry,
} from '../store/store-record';
import type { Clock } from './clock';
import { newId } from './clock';

/** The scanner kind of a lane of which nobody has said what scanner it has; no calibration covers it. */
export const UNKNOWN_SCANNER_KIND = 'unknown';
/** What a φ record names when no model bundle was there to confirm φ for. */
export const NO_BUNDLE_ID = 'none';

export interface NewLane {
  readonly checkpointId: string;
  readonly name: string;
  readonly scannerKind: string;
  readonly pixelPitchMm: number | null;
}

/** A lane with the checkpoint that it belongs to. */
export interface LanePlace {
  readonly lane: Lane;
  readonly checkpoint: Checkpoint;
}

/** Who moves the workstation to another lane. */
export interface LaneChooser {
  readonly accountId: string;
  readonly role: Role;
}

/** The site's checkpoints and lanes with the φ in force: held in memory, written through to the store. */
export class SiteService {
  #site: SiteRecord | null = null;
  #checkpoints: readonly Checkpoint[] = [];
  #currentLaneId = '';
  /** Checkpoint → the record of the review rules in force there. */
  readonly #reviewRulesIds = new Map<string, string>();

  constructor(
    private readonly store: ScreeningStore,
    private readonly clock: Clock,
    private readonly nameOf: (accountId: string) => string,
  ) {}

  /** Reads what the store knows; call once before anything else. */
  async load(): Promise<void> {
    this.#site = await this.store.readSite();
    const lanes = await this.store.readLanes();
    const checkpoints: Checkpoint[] = [];
    for (const { id, name } of await this.store.readCheckpoints()) {
      const [threshold] = await this.store.readThresholds(id);
      if (threshold === undefined) continue;
      const own = lanes.filter(({ checkpointId }) => checkpointId === id).map(laneOf);
      const [rules] = await this.store.readReviewRules(id);
      if (rules !== undefined) this.#reviewRulesIds.set(id, rules.id);
      const review = rules?.rules ?? DEFAULT_REVIEW_RULES;
      checkpoints.push({ id, name, threshold: this.named(threshold), review, lanes: own });
    }
    this.#checkpoints = checkpoints;
    const firstLaneId = checkpoints.flatMap((checkpoint) => checkpoint.lanes)[0]?.id;
    this.#currentLaneId = (await this.store.readSelectedLaneId()) ?? firstLaneId ?? '';
  }

  get name(): string {
    return this.#site?.name ?? '';
  }

  get checkpoints(): readonly Checkpoint[] {
    return this.#checkpoints;
  }

  /** Empty before the first run has ended. */
  get currentLaneId(): string {
    return this.#currentLaneId;
  }

  /** @throws PhiscanError `checkpoint-not-found` */
  checkpoint(checkpointId: string): Checkpoint {
    const found = this.#checkpoints.find(({ id }) => id === checkpointId);
    if (found === undefined) {
      throw new PhiscanError(
        'checkpoint-not-found',
        'There is no such checkpoint. Load the list again.',
      );
    }
    return found;
  }

  /** @throws PhiscanError `lane-not-found` */
  place(laneId: string): LanePlace {
    for (const checkpoint of this.#checkpoints) {
      const lane = checkpoint.lanes.find(({ id }) => id === laneId);
      if (lane !== undefined) return { lane, checkpoint };
    }
    throw new PhiscanError('lane-not-found', 'There is no such lane. Load the list again.');
  }

  /**
   * Appends a new site with one checkpoint and one lane, together with the records of who makes it.
   * Nothing is known of the lane's scanner yet, so it counts as not calibrated.
   */
  async setUp(
    name: string,
    by: string,
    bundleId: string,
    together: readonly StoreRecord[],
  ): Promise<void> {
    const at = this.clock().toISOString();
    const checkpoint = { id: newId(), name: 'Checkpoint 1', by, at };
    const lane = {
      id: newId(),
      checkpointId: checkpoint.id,
      name: 'Lane 1',
      scannerKind: UNKNOWN_SCANNER_KIND,
      pixelPitchMm: null,
      by,
      at,
    };
    await this.store.append(
      ...together,
      { kind: 'site', record: { id: newId(), name: name.trim(), at } },
      { kind: 'checkpoint', record: checkpoint },
      { kind: 'threshold', record: this.#firstThreshold(checkpoint, bundleId) },
      { kind: 'lane', record: lane },
      { kind: 'laneSelection', record: { id: newId(), laneId: lane.id, by, at } },
    );
    await this.load();
  }

  /** A new checkpoint begins at the default φ, for the bundle given. */
  async addCheckpoint(name: string, by: string, bundleId: string): Promise<Checkpoint> {
    const record = { id: newId(), name: name.trim(), by, at: this.clock().toISOString() };
    const threshold = this.#firstThreshold(record, bundleId);
    await this.store.append(
      { kind: 'checkpoint', record },
      { kind: 'threshold', record: threshold },
    );
    const { id, name: stored } = record;
    const review = DEFAULT_REVIEW_RULES;
    const checkpoint = { id, name: stored, threshold: this.named(threshold), review, lanes: [] };
    this.#checkpoints = [...this.#checkpoints, checkpoint];
    return checkpoint;
  }

  /** @throws PhiscanError `checkpoint-not-found` */
  async addLane(lane: NewLane, by: string): Promise<Lane> {
    const checkpoint = this.checkpoint(lane.checkpointId);
    const record: LaneRecord = { ...lane, id: newId(), by, at: this.clock().toISOString() };
    await this.store.append({ kind: 'lane', record });
    const added = laneOf(record);
    this.#replace({ ...checkpoint, lanes: [...checkpoint.lanes, added] });
    return added;
  }

  /**
   * Bags that arrive from now on belong to this lane. An operator moves among the lanes of the
   * workstation's checkpoint alone: another checkpoint may have another φ in force.
   * @throws PhiscanError `lane-not-found`, `role-required`
   */
  async selectLane(laneId: string, { accountId: by, role }: LaneChooser): Promise<void> {
    const { checkpoint } = this.place(laneId);
    if (laneId === this.#currentLaneId) return;
    if (role !== 'supervisor' && checkpoint.id !== this.place(this.#currentLaneId).checkpoint.id) {
      throw new PhiscanError(
        'role-required',
        'A supervisor moves the workstation to another checkpoint; an operator chooses among the lanes of this one. Ask a supervisor.',
      );
    }
    const at = this.clock().toISOString();
    await this.store.append({ kind: 'laneSelection', record: { id: newId(), laneId, by, at } });
    this.#currentLaneId = laneId;
  }

  /** A φ record with the name of who set it. */
  named(entry: ThresholdEntry): ThresholdRecord {
    return { ...entry, setByName: this.nameOf(entry.setBy) };
  }

  /** Appends a φ record, which is in force from then on. */
  async setThreshold(record: ThresholdEntry): Promise<ThresholdRecord> {
    await this.store.append({ kind: 'threshold', record });
    const threshold = this.named(record);
    this.#replace({ ...this.checkpoint(record.checkpointId), threshold });
    return threshold;
  }

  /** Appends review rules, which are in force from then on. */
  async setReviewRules(record: ReviewRulesEntry): Promise<void> {
    await this.store.append({ kind: 'reviewRules', record });
    this.#reviewRulesIds.set(record.checkpointId, record.id);
    this.#replace({ ...this.checkpoint(record.checkpointId), review: record.rules });
  }

  /** The record of the review rules in force; null while those of installation hold. */
  reviewRulesId(checkpointId: string): string | null {
    return this.#reviewRulesIds.get(checkpointId) ?? null;
  }

  #firstThreshold({ id, by, at }: CheckpointRecord, bundleId: string): ThresholdEntry {
    return {
      id: newId(),
      checkpointId: id,
      threshold: DEFAULT_THRESHOLD,
      bundleId,
      reason: 'φ at installation',
      setBy: by,
      setAt: at,
    };
  }

  #replace(changed: Checkpoint): void {
    this.#checkpoints = this.#checkpoints.map((known) =>
      known.id === changed.id ? changed : known,
    );
  }
}

const laneOf = ({ id, checkpointId, name, scannerKind, pixelPitchMm }: LaneRecord): Lane => ({
  id,
  checkpointId,
  name,
  scannerKind,
  pixelPitchMm,
});
