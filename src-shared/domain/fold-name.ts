/** An account's name as names are compared: no two accounts differ by case or by look-alike forms alone. */
export const foldName = (name: string): string => name.normalize('NFKC').trim().toLowerCase();
