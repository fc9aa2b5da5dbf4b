import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSyncInstance } from '@photostructure/sqlite';
import { DatabaseSync } from '@photostructure/sqlite';
import { PhiscanError } from '../../../src-shared/domain/phiscan-error';
import { migrations } from './migrations/migrations';
import { SqliteStore } from './sqlite-store';
import { storeFault } from './store-fault';

export interface SqliteStoreLimits {
  /** Most pages that the file may grow to (SQLite's max_page_count), for a disk that is shared. */
  readonly maxPages?: number;
  /** How long a write waits for another process that writes; 5 s where not said. */
  readonly busyTimeoutMs?: number;
}

const DEFAULT_BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens the records at `path`, making the file and its folder (for its owner's eyes alone) and
 * bringing an older schema up to date.
 * @throws PhiscanError `store-schema-newer` when a newer Phiscan wrote the file,
 *   `store-unavailable` when it can't be opened or is not a database.
 */
export function openSqliteStore(path: string, limits: SqliteStoreLimits = {}): SqliteStore {
  let database: DatabaseSyncInstance | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    database = new DatabaseSync(path);
    // FULL makes a commit wait for the disk: a decision that was answered survives a power cut.
    // recursive_triggers lets the append-only triggers see a REPLACE too.
    database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
      PRAGMA recursive_triggers = ON;
      PRAGMA busy_timeout = ${limits.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS};
    `);
    if (limits.maxPages !== undefined) {
      database.exec(`PRAGMA max_page_count = ${limits.maxPages}`);
    }
    migrate(database, path);
    return new SqliteStore(database, path);
  } catch (error) {
    database?.close();
    throw storeFault(error, path);
  }
}

function migrate(database: DatabaseSyncInstance, path: string): void {
  // IMMEDIATE, so that two processes that open a new file at once do not both make its tables.
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = schemaVersion(database);
    if (version > migrations.length) {
      throw new PhiscanError(
        'store-schema-newer',
        `The records in ${path} have schema ${version}; this Phiscan knows schemas up to ${migrations.length}. Start the newer Phiscan that wrote them.`,
      );
    }
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function schemaVersion(database: DatabaseSyncInstance): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}
