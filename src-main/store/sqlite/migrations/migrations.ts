import { firstRecords } from './0001-first-records';
import { reviewFlow } from './0002-review-flow';
import { tip } from './0003-tip';

/** In order; the schema version of a database is how many of them it has been through. */
export const migrations: readonly string[] = [firstRecords, reviewFlow, tip];
