import { describe, expect, it } from 'vitest';
import { requireStrongSecret } from '../../src-main/services/secret-rule';

describe('requireStrongSecret', () => {
  const weak = expect.objectContaining({ code: 'credentials-too-weak' }) as Error;

  it.each(['170296', '40028117', 'abcdefgh', 'tür zwölf'])(
    'takes %s from an operator',
    (secret) => {
      expect(() => requireStrongSecret('operator', secret)).not.toThrow();
    },
  );

  it.each(['17029', 'abcdefg', '111111', '123456', '987654', 'aaaaaaaa'])(
    'refuses %s from an operator',
    (secret) => {
      expect(() => requireStrongSecret('operator', secret)).toThrow(weak);
    },
  );

  it('asks eight digits of a supervisor', () => {
    expect(() => requireStrongSecret('supervisor', '170296')).toThrow(weak);
    expect(() => requireStrongSecret('supervisor', '17029643')).not.toThrow();
  });
});
