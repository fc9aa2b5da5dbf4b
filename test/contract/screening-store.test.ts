import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tipResult, tipSettingsEntry } from '../fixtures/tip-records';
import { DEFAULT_REVIEW_RULES } from '../../src-shared/domain/review-rules';
import { openSqliteStore } from '../../src-main/store/sqlite/open-sqlite-store';
import { firstRecords } from '../../src-main/store/sqlite/migrations/0001-first-records';
import { recordTables } from '../../src-main/store/sqlite/record-tables';
import { describeScreeningStore } from './screening-store-suite';

const newFolder = () => mkdtemp(join(tmpdir(), 'phiscan-store-'));

describeScreeningStore({
  name: 'SQLite',
  async open() {
    const folder = await newFolder();
    const path = join(folder, 'records', 'phiscan.sqlite');
    const first = openSqliteStore(path);
    const opened = [first];
    return {
      store: first,
      reopen: async () => {
        await first.close();
        const again = openSqliteStore(path);
        opened.push(again);
        return again;
      },
      remove: async () => {
        await opened.at(-1)?.close();
        await rm(folder, { recursive: true });
      },
    };
  },
});

describe('the SQLite file of records', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await newFolder();
    path = join(folder, 'phiscan.sqlite');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const at = '2026-01-05T12:00:00.000Z';

  it('refuses to change, remove or replace a record in any table', async () => {
    const store = openSqliteStore(path);
    await store.append(
      { kind: 'site', record: { id: 's', name: 'Airport', at } },
      {
        kind: 'accountEvent',
        record: {
          id: 'e',
          accountId: 'a',
          kind: 'created',
          name: 'Ada',
          role: 'supervisor',
          secretHash: 'x',
          by: 'first run',
          at,
        },
      },
      { kind: 'sessionEvent', record: { id: 'v', kind: 'signed-in', accountId: 'a', at } },
      { kind: 'checkpoint', record: { id: 'c', name: 'North', by: 'a', at } },
      {
        kind: 'lane',
        record: {
          id: 'l',
          checkpointId: 'c',
          name: '1',
          scannerKind: 'k',
          pixelPitchMm: null,
          by: 'a',
          at,
        },
      },
      { kind: 'laneSelection', record: { id: 'x', laneId: 'l', by: 'a', at } },
      {
        kind: 'threshold',
        record: {
          id: 't',
          checkpointId: 'c',
          threshold: 0.2,
          bundleId: 'b',
          reason: 'r',
          setBy: 'a',
          setAt: at,
        },
      },
      {
        kind: 'bag',
        record: {
          id: 'g',
          laneId: 'l',
          label: 'g',
          source: { kind: 'file', path: 'g' },
          sha256: null,
          arrivedAt: at,
        },
      },
      {
        kind: 'outcome',
        record: {
          id: 'o',
          bagId: 'g',
          bundleId: 'b',
          engine: '',
          state: 'unscored',
          sha256: null,
          anomalyScoreMax: null,
          displayScoreMax: null,
          views: [],
          error: { code: 'file-empty', message: 'm' },
          elapsedMs: 1,
          at,
        },
      },
      {
        kind: 'reviewRules',
        record: {
          id: 'w',
          checkpointId: 'c',
          rules: DEFAULT_REVIEW_RULES,
          reason: 'r',
          setBy: 'a',
          setAt: at,
        },
      },
      {
        kind: 'release',
        record: {
          id: 'f',
          bagId: 'g',
          outcomeId: 'o',
          thresholdId: 't',
          reviewRulesId: 'w',
          bundleId: 'b',
          at,
        },
      },
      {
        kind: 'presentation',
        record: {
          id: 'p',
          bagId: 'g',
          accountId: 'a',
          laneId: 'l',
          sha256: null,
          thresholdId: 't',
          bundleId: 'b',
          calibrated: true,
          shownAt: at,
        },
      },
      {
        kind: 'shownAlarms',
        record: {
          id: 'h',
          presentationId: 'p',
          outcomeId: 'o',
          engine: '',
          machine: 'unscored',
          calibrated: false,
          displayScoreMax: null,
          views: [],
          error: null,
          at,
        },
      },
      {
        kind: 'decision',
        record: {
          id: 'd',
          bagId: 'g',
          presentationId: 'p',
          outcome: 'search',
          machine: 'unscored',
          note: '',
          marks: [],
          reason: null,
          cause: 'person',
          decidedBy: 'a',
          decidedAt: at,
          supersedes: null,
        },
      },
      {
        kind: 'tipSettings',
        record: tipSettingsEntry({ id: 'x', checkpointId: 'c', setBy: 'a', setAt: at }),
      },
      {
        kind: 'presentation',
        record: {
          id: 'q',
          bagId: 'g',
          accountId: 'a',
          laneId: 'l',
          sha256: null,
          thresholdId: 't',
          bundleId: 'b',
          calibrated: true,
          shownAt: at,
        },
      },
      {
        kind: 'tipResult',
        record: tipResult({
          ...{ id: 'y', bagId: 'g', presentationId: 'q', accountId: 'a', checkpointId: 'c' },
          ...{ settingsId: 'x', at },
        }),
      },
      {
        kind: 'engineEvent',
        record: { id: 'n', kind: 'loaded', bundleId: 'b', description: 'd', error: null, at },
      },
    );
    await store.close();

    // A connection of its own, as a tool for databases would make.
    const database = new DatabaseSync(path);
    try {
      for (const { table } of Object.values(recordTables)) {
        const count = () =>
          database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number };
        const kept = count().n;
        expect(kept, table).toBeGreaterThan(0);
        for (const sql of [`UPDATE ${table} SET id = 'other'`, `DELETE FROM ${table}`]) {
          expect(() => database.exec(sql), sql).toThrow(/append-only/);
        }
        expect(count().n, table).toBe(kept);
      }
    } finally {
      database.close();
    }
  });

  it('brings records of the first schema up to date, every row as it was and append-only', async () => {
    const old = new DatabaseSync(path);
    old.exec(`PRAGMA foreign_keys = ON; ${firstRecords} PRAGMA user_version = 1;
      INSERT INTO checkpoints VALUES (1, 'c', 'North', 'a', '${at}');
      INSERT INTO lanes VALUES (1, 'l', 'c', '1', 'k', NULL, 'a', '${at}');
      INSERT INTO thresholds VALUES (1, 't', 'c', 0.2, 'b', 'r', 'a', '${at}');
      INSERT INTO bags VALUES (1, 'g', 'l', 'g', '{"kind":"file","path":"g"}', NULL, '${at}');
      INSERT INTO presentations VALUES (1, 'p', 'g', 'a', 'l', NULL, 't', 'b', 1, '${at}');
      INSERT INTO presentations VALUES (2, 'q', 'g', 'a', 'l', NULL, 't', 'b', 1, '${at}');
      INSERT INTO decisions VALUES
        (3, 'd1', 'g', 'p', 'clear', 'no-alarm', 'x', 'a', '${at}', NULL),
        (5, 'd2', 'g', 'p', 'undone', 'no-alarm', '', 'a', '${at}', 'd1'),
        (7, 'd3', 'g', 'q', 'search', 'alarm', '', 'a', '${at}', 'd2');`);
    old.close();

    const store = openSqliteStore(path);
    const kept = { bagId: 'g', marks: [], reason: null, cause: 'person', decidedBy: 'a' };
    expect(await store.readDecisions('g')).toEqual([
      {
        ...{ ...kept, id: 'd1', presentationId: 'p', outcome: 'clear', machine: 'no-alarm' },
        ...{ note: 'x', decidedAt: at, supersedes: null },
      },
      {
        ...{ ...kept, id: 'd2', presentationId: 'p', outcome: 'undone', machine: 'no-alarm' },
        ...{ note: '', decidedAt: at, supersedes: 'd1' },
      },
      {
        ...{ ...kept, id: 'd3', presentationId: 'q', outcome: 'search', machine: 'alarm' },
        ...{ note: '', decidedAt: at, supersedes: 'd2' },
      },
    ]);
    const fork = { ...kept, id: 'd4', presentationId: 'p', outcome: 'undone' } as const;
    await expect(
      store.append({
        kind: 'decision',
        record: {
          ...fork,
          ...{ cause: 'person', machine: 'alarm', note: '', decidedAt: at, supersedes: 'd2' },
        },
      }),
    ).rejects.toMatchObject({ code: 'already-decided' });
    await store.close();

    const database = new DatabaseSync(path);
    expect(database.prepare('SELECT seq FROM decisions ORDER BY seq').all()).toMatchObject([
      { seq: 3 },
      { seq: 5 },
      { seq: 7 },
    ]);
    expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    for (const sql of ["UPDATE decisions SET note = 'other'", 'DELETE FROM decisions'])
      expect(() => database.exec(sql), sql).toThrow(/append-only/);
    database.close();
  });

  it('keeps a write-ahead log, so that readers and the writer do not wait for each other', () => {
    const store = openSqliteStore(path);
    const other = new DatabaseSync(path);
    expect(other.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    other.close();
    return store.close();
  });

  it('refuses records of a newer schema and leaves them as they are', async () => {
    await openSqliteStore(path).close();
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 9999');
    database.close();
    expect(() => openSqliteStore(path)).toThrow(
      expect.objectContaining({ code: 'store-schema-newer' }) as Error,
    );
    const after = new DatabaseSync(path);
    expect(after.prepare('PRAGMA user_version').get()).toMatchObject({ user_version: 9999 });
    after.close();
  });

  it('says store-full when there is no room, keeps what was there and goes on when there is', async () => {
    const store = openSqliteStore(path);
    await store.append({ kind: 'site', record: { id: 's0', name: 'Airport', at } });
    const limit = openSqliteStore(path, { maxPages: 80 });
    const long = 'n'.repeat(4000);
    let written = 0;
    const fill = async () => {
      for (let n = 1; n < 200; n++) {
        await limit.append({ kind: 'site', record: { id: `s${n}`, name: long, at } });
        written++;
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 'store-full' });
    expect(written).toBeGreaterThan(0);
    expect(await limit.readSite()).toMatchObject({ id: `s${written}` });
    await limit.close();
    await store.append({ kind: 'site', record: { id: 'after', name: 'Airport', at } });
    expect(await store.readSite()).toMatchObject({ id: 'after' });
    await store.close();
  });

  it('says store-unavailable for a file that is no database and for a folder that cannot be made', async () => {
    await writeFile(
      path,
      'this is not a database, though it is as long as a header of one is, and longer still',
    );
    const unavailable = expect.objectContaining({ code: 'store-unavailable' }) as Error;
    expect(() => openSqliteStore(path)).toThrow(unavailable);
    expect(() => openSqliteStore(join(path, 'below', 'phiscan.sqlite'))).toThrow(unavailable);
  });
});
