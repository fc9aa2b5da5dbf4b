import { PhiscanError } from '../../../src-shared/domain/phiscan-error';

/** SQLite's primary result codes (https://sqlite.org/rescode.html) that mean something of their own here. */
const SQLITE_FULL = 13;
const SQLITE_CONSTRAINT = 19;

/** What SQLite threw, as a PhiscanError that says what to do. */
export function storeFault(thrown: unknown, location: string): PhiscanError {
  if (thrown instanceof PhiscanError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code = primaryCode(thrown);
  if (code === SQLITE_FULL) {
    return new PhiscanError(
      'store-full',
      `The disk that holds the records (${location}) is full: nothing was recorded. Free some space on it, then do it again.`,
      { cause: thrown },
    );
  }
  if (code === SQLITE_CONSTRAINT) {
    if (/decisions\./.test(message)) {
      return new PhiscanError(
        'already-decided',
        'This bag was decided already. Recall it to decide again.',
        { cause: thrown },
      );
    }
    if (/account_events\./.test(message)) {
      return new PhiscanError(
        'account-exists',
        'There is an account of this name. Choose another name.',
        { cause: thrown },
      );
    }
  }
  return new PhiscanError(
    'store-unavailable',
    `The records in ${location} could not be read or written: ${message}. Nothing was recorded. Look at the disk and the folder's rights, then do it again.`,
    { cause: thrown },
  );
}

function primaryCode(thrown: unknown): number | null {
  if (!(thrown instanceof Error) || !('errcode' in thrown)) return null;
  return typeof thrown.errcode === 'number' ? thrown.errcode & 0xff : null;
}
