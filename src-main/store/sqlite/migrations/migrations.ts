import { firstRecords } from './0001-first-records';

/** In order; the schema version of a database is how many of them it has been through. */
export const migrations: readonly string[] = [firstRecords];
