import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type {
  DecidedBag,
  DecidedCount,
  ScreeningStore,
  SessionEventFilter,
} from '../screening-store';
import type { StoreRecord, StoreRecordKind, StoreRecords } from '../store-record';
import type { Row } from './record-rows';
import { insertOf, recordOf } from './record-rows';
import { storeFault } from './store-fault';

/** Each bag's decision that nothing supersedes: the one in force, unless it is `undone`. */
const LAST_DECISION = `decisions d ON d.bag_id = b.id
  AND NOT EXISTS (SELECT 1 FROM decisions later WHERE later.supersedes = d.id)`;

/** The records in one SQLite file (WAL, synchronous = FULL); `openSqliteStore` makes it. */
export class SqliteStore implements ScreeningStore {
  readonly #statements = new Map<string, StatementSyncInstance>();

  constructor(
    private readonly database: DatabaseSyncInstance,
    readonly location: string,
  ) {}

  append(...records: readonly StoreRecord[]): Promise<void> {
    return this.#answer(() => {
      this.database.exec('BEGIN IMMEDIATE');
      try {
        for (const record of records) {
          const { sql, values } = insertOf(record);
          this.#statement(sql).run(...values);
        }
        this.database.exec('COMMIT');
      } catch (error) {
        // A full disk can end the transaction by itself.
        if (this.database.isTransaction) this.database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  readSite() {
    return this.#one('site', 'SELECT * FROM sites ORDER BY seq DESC LIMIT 1');
  }

  readCheckpoints() {
    return this.#all('checkpoint', 'SELECT * FROM checkpoints ORDER BY seq');
  }

  readLanes() {
    return this.#all('lane', 'SELECT * FROM lanes ORDER BY seq');
  }

  async readSelectedLaneId(): Promise<string | null> {
    const sql = 'SELECT * FROM lane_selections ORDER BY seq DESC LIMIT 1';
    return (await this.#one('laneSelection', sql))?.laneId ?? null;
  }

  readAccountEvents() {
    return this.#all('accountEvent', 'SELECT * FROM account_events ORDER BY seq');
  }

  readSessionEvents(limit: number, which: SessionEventFilter = {}) {
    const conditions: string[] = [];
    const values: (string | number | null)[] = [];
    if (which.accountId !== undefined) {
      conditions.push('account_id IS ?');
      values.push(which.accountId);
    }
    if (which.kinds !== undefined) {
      conditions.push(`kind IN (${which.kinds.map(() => '?').join(', ')})`);
      values.push(...which.kinds);
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const sql = `SELECT * FROM session_events ${where} ORDER BY seq DESC LIMIT ?`;
    return this.#all('sessionEvent', sql, ...values, limit);
  }

  readThresholds(checkpointId: string) {
    const sql = 'SELECT * FROM thresholds WHERE checkpoint_id = ? ORDER BY seq DESC';
    return this.#all('threshold', sql, checkpointId);
  }

  readReviewRules(checkpointId: string) {
    const sql = 'SELECT * FROM review_rules WHERE checkpoint_id = ? ORDER BY seq DESC';
    return this.#all('reviewRules', sql, checkpointId);
  }

  readUndecidedBags() {
    return this.#all(
      'bag',
      `SELECT b.* FROM bags b LEFT JOIN ${LAST_DECISION}
       WHERE (d.id IS NULL OR d.outcome = 'undone')
         AND NOT EXISTS (SELECT 1 FROM releases r WHERE r.bag_id = b.id) ORDER BY b.seq`,
    );
  }

  async readDecidedBags(limit: number): Promise<DecidedBag[]> {
    const decisions = await this.#all(
      'decision',
      `SELECT d.* FROM decisions d
       WHERE d.outcome <> 'undone'
         AND NOT EXISTS (SELECT 1 FROM decisions later WHERE later.supersedes = d.id)
       ORDER BY d.seq DESC LIMIT ?`,
      limit,
    );
    const decided: DecidedBag[] = [];
    for (const decision of decisions) {
      const bag = await this.readBag(decision.bagId);
      if (bag !== null) decided.push({ bag, decision });
    }
    return decided;
  }

  readBag(bagId: string) {
    return this.#one('bag', 'SELECT * FROM bags WHERE id = ?', bagId);
  }

  readOutcomes(bagId: string) {
    return this.#all('outcome', 'SELECT * FROM outcomes WHERE bag_id = ? ORDER BY seq', bagId);
  }

  readPresentations(bagId: string) {
    const sql = 'SELECT * FROM presentations WHERE bag_id = ? ORDER BY seq';
    return this.#all('presentation', sql, bagId);
  }

  readShownAlarms(presentationId: string) {
    const sql = 'SELECT * FROM shown_alarms WHERE presentation_id = ? ORDER BY seq';
    return this.#all('shownAlarms', sql, presentationId);
  }

  readDecisions(bagId: string) {
    return this.#all('decision', 'SELECT * FROM decisions WHERE bag_id = ? ORDER BY seq', bagId);
  }

  readPresentationsTo(accountId: string, since: string) {
    const sql = `SELECT * FROM presentations WHERE account_id = ? AND shown_at >= ?
      ORDER BY shown_at, seq`;
    return this.#all('presentation', sql, accountId, since);
  }

  readReleases(limit: number) {
    return this.#all('release', 'SELECT * FROM releases ORDER BY seq DESC LIMIT ?', limit);
  }

  readTipSettings(checkpointId: string) {
    const sql = 'SELECT * FROM tip_settings WHERE checkpoint_id = ? ORDER BY seq DESC';
    return this.#all('tipSettings', sql, checkpointId);
  }

  readTipResults(checkpointId: string, limit: number) {
    const sql = 'SELECT * FROM tip_results WHERE checkpoint_id = ? ORDER BY seq DESC LIMIT ?';
    return this.#all('tipResult', sql, checkpointId, limit);
  }

  readTipResultOf(bagId: string) {
    return this.#one('tipResult', 'SELECT * FROM tip_results WHERE bag_id = ?', bagId);
  }

  countDecidedBags(checkpointId: string): Promise<DecidedCount[]> {
    return this.#answer(() => {
      const rows: unknown[] = this.#statement(
        `SELECT d.decided_by AS accountId, d.outcome AS outcome, COUNT(*) AS bags
         FROM bags b JOIN lanes l ON l.id = b.lane_id JOIN ${LAST_DECISION}
         WHERE l.checkpoint_id = ? AND d.outcome <> 'undone' AND d.cause = 'person'
         GROUP BY d.decided_by, d.outcome ORDER BY d.decided_by, d.outcome`,
      ).all(checkpointId);
      return rows as DecidedCount[];
    });
  }

  readEngineEvents(limit: number) {
    const sql = 'SELECT * FROM engine_events ORDER BY seq DESC LIMIT ?';
    return this.#all('engineEvent', sql, limit);
  }

  close(): Promise<void> {
    return this.#answer(() => {
      this.#statements.clear();
      if (this.database.isOpen) this.database.close();
    });
  }

  #all<K extends StoreRecordKind>(
    kind: K,
    sql: string,
    ...values: (string | number | null)[]
  ): Promise<StoreRecords[K][]> {
    return this.#answer(() => {
      const rows = this.#statement(sql).all(...values) as readonly Row[];
      return rows.map((row) => recordOf(kind, row));
    });
  }

  async #one<K extends StoreRecordKind>(
    kind: K,
    sql: string,
    ...values: (string | number | null)[]
  ): Promise<StoreRecords[K] | null> {
    return (await this.#all(kind, sql, ...values))[0] ?? null;
  }

  #statement(sql: string): StatementSyncInstance {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  /** SQLite answers at once; the interface waits, as a database over a network must. */
  #answer<T>(work: () => T): Promise<T> {
    return Promise.resolve().then(() => {
      try {
        return work();
      } catch (error) {
        throw storeFault(error, this.location);
      }
    });
  }
}
