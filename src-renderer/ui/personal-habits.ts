/**
 * What a person has made their own on this workstation, kept in the window's own storage by
 * account. Nothing of it is a record; losing it costs a moment's work.
 */
const nameOf = (accountId: string, habit: string) => `phiscan.habits.${accountId}.${habit}`;

/** A habit as it was kept; null when there is none, or what is there can not be read. */
export function readHabit(accountId: string, habit: string): unknown {
  const kept = localStorage.getItem(nameOf(accountId, habit));
  if (kept === null) return null;
  try {
    return JSON.parse(kept) as unknown;
  } catch {
    // Cut short or edited by hand: the person starts from the defaults, as on a new workstation.
    return null;
  }
}

export function keepHabit(accountId: string, habit: string, value: unknown): void {
  localStorage.setItem(nameOf(accountId, habit), JSON.stringify(value));
}
