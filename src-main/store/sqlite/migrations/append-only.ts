/** Triggers that keep the rows of a table as they were written. */
export const appendOnly = (table: string): string => `
CREATE TRIGGER ${table}_never_changed BEFORE UPDATE ON ${table}
BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER ${table}_never_removed BEFORE DELETE ON ${table}
BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;`;
