import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Role } from '../../src-shared/domain/site';

/** The rule in words, as every refusal and the guide give it. */
export const SECRET_RULE =
  'An operator needs a PIN of at least 6 digits or a password of at least 8 characters, a supervisor at least 8 of either. One character repeated, or digits in a row such as 123456, are not enough.';

/** @throws PhiscanError `credentials-too-weak` with the whole rule. */
export function requireStrongSecret(role: Role, secret: string): void {
  const isPin = /^\d+$/.test(secret);
  const least = isPin && role === 'operator' ? 6 : 8;
  if (secret.length < least || isRepeated(secret) || isRow(secret)) {
    throw new PhiscanError('credentials-too-weak', SECRET_RULE);
  }
}

const isRepeated = (secret: string): boolean => new Set(secret).size === 1;

/** 234567, 98765432: each digit one above, or each one below, the digit before. */
function isRow(secret: string): boolean {
  if (!/^\d+$/.test(secret)) return false;
  const digits = Array.from(secret, Number);
  const steps = new Set(digits.slice(1).map((digit, at) => digit - (digits[at] ?? digit)));
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
}
