import { foldName } from '../../../src-shared/domain/fold-name';
import type { StoreRecord, StoreRecordKind, StoreRecords } from '../store-record';
import { recordTables } from './record-tables';

type ColumnValue = string | number | null;
export type Row = Readonly<Record<string, unknown>>;

const columnOf = (field: string): string =>
  field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The INSERT of one record and its values, in the same order. */
export function insertOf({ kind, record }: StoreRecord): { sql: string; values: ColumnValue[] } {
  const { table, fields } = recordTables[kind];
  const given = record as unknown as Readonly<Record<string, unknown>>;
  const columns: string[] = [];
  const values: ColumnValue[] = [];
  for (const [field, form] of Object.entries(fields)) {
    columns.push(columnOf(field));
    values.push(encode(given[field], form));
  }
  if (kind === 'accountEvent') {
    columns.push('folded_name');
    values.push(foldName(record.name));
  }
  const places = values.map(() => '?').join(', ');
  return { sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`, values };
}

/** A row of the kind's table as the record that was appended. */
export function recordOf<K extends StoreRecordKind>(kind: K, row: Row): StoreRecords[K] {
  const record: Record<string, unknown> = {};
  for (const [field, form] of Object.entries(recordTables[kind].fields)) {
    record[field] = decode(row[columnOf(field)], form);
  }
  // Only `insertOf` writes these tables, from the same list of fields.
  return record as unknown as StoreRecords[K];
}

function encode(value: unknown, form: string): ColumnValue {
  if (value === null) return null;
  if (form === 'json') return JSON.stringify(value);
  if (form === 'boolean') return value === true ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`A plain field holds text, a number or null, not ${typeof value}.`);
}

function decode(value: unknown, form: string): unknown {
  if (form === 'json') return typeof value === 'string' ? JSON.parse(value) : null;
  if (form === 'boolean') return value === 1;
  return value;
}
