import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMPUTER_ADMINISTRATOR, FIRST_RUN } from '../../src-main/store/store-record';
import type { SmallLane } from '../fixtures/small-lane';
import { OPERATOR, openSmallLane, signInOperator, SUPERVISOR } from '../fixtures/small-lane';

describe('accounts and the session', () => {
  let lane: SmallLane;
  beforeEach(async () => {
    lane = await openSmallLane('none');
  });
  afterEach(() => lane.remove());

  const kinds = async () =>
    (await lane.screening.store.readSessionEvents(100)).map(({ kind }) => kind).reverse();

  it('makes the first supervisor once, with no default secret', async () => {
    const { screening } = lane;
    expect(await screening.accounts.setupRequired()).toBe(true);
    await expect(screening.session.signIn('admin', 'admin')).rejects.toMatchObject({
      code: 'setup-required',
    });
    await expect(
      screening.setUp({ siteName: 'A', name: 'Sue', secret: '1234' }),
    ).rejects.toMatchObject({
      code: 'credentials-too-weak',
    });
    expect(await screening.store.readSite()).toBeNull();
    const twice = await Promise.allSettled([
      screening.setUp({ siteName: 'Airport', ...SUPERVISOR }),
      screening.setUp({ siteName: 'Mine', name: 'Mallory', secret: 'also long enough' }),
    ]);
    expect(twice.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(screening.session.current).toMatchObject({ name: 'Sue', role: 'supervisor' });
    expect(screening.site.name).toBe('Airport');
    const [created] = await screening.store.readAccountEvents();
    expect(created).toMatchObject({ kind: 'created', by: FIRST_RUN, role: 'supervisor' });
    expect(created?.secretHash).toMatch(/^\$argon2id\$/);
    expect(created?.secretHash).not.toContain(SUPERVISOR.secret);
  });

  it('records who signs in and out, locks and unlocks, and every failure', async () => {
    const { screening } = lane;
    await signInOperator(screening);
    const { session } = screening;
    await session.lock();
    await expect(session.unlock('000001')).rejects.toMatchObject({ code: 'credentials-wrong' });
    await session.unlock(OPERATOR.secret);
    await session.signOut();
    const wrong = {
      code: 'credentials-wrong',
      message: 'The name or the secret is wrong. Try again.',
    };
    await expect(session.signIn(OPERATOR.name, 'wrong one')).rejects.toMatchObject(wrong);
    await expect(session.signIn('Nobody', OPERATOR.secret)).rejects.toMatchObject(wrong);
    await session.signIn(' OLI ', OPERATOR.secret);
    expect(await kinds()).toEqual([
      'signed-in',
      'signed-out',
      'signed-in',
      'locked',
      'unlock-failed',
      'unlocked',
      'signed-out',
      'sign-in-failed',
      'sign-in-failed',
      'signed-in',
    ]);
    const strangers = await screening.store.readSessionEvents(9, { accountId: null });
    expect(strangers).toHaveLength(1);
  });

  it('slows guessing down, also over a restart, and records the tries it did not look at', async () => {
    await signInOperator(lane.screening);
    await lane.screening.session.signOut();
    const guesses = Array.from({ length: 6 }, (_, at) =>
      lane.screening.session.signIn(OPERATOR.name, `guess number ${at}`),
    );
    const answers = await Promise.allSettled(guesses);
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    expect((await kinds()).slice(-6)).toEqual([
      ...Array<string>(5).fill('sign-in-failed'),
      'sign-in-delayed',
    ]);
    await lane.restart();
    await expect(
      lane.screening.session.signIn(OPERATOR.name, OPERATOR.secret),
    ).rejects.toMatchObject({ message: expect.stringMatching(/Wait \d+ s/) as string });
    lane.advance(5_001);
    await lane.screening.session.signIn(OPERATOR.name, OPERATOR.secret);
    expect(lane.screening.session.current?.name).toBe(OPERATOR.name);
  });

  it('opens to a role what is that role’s, and nothing while it is locked', async () => {
    const { screening } = lane;
    await signInOperator(screening);
    const { session } = screening;
    expect(session.require('signed-in').name).toBe(OPERATOR.name);
    expect(() => session.require('supervisor')).toThrow(
      expect.objectContaining({ code: 'role-required' }) as Error,
    );
    await session.lock();
    const closed = expect.objectContaining({ code: 'not-signed-in' }) as Error;
    expect(() => session.require('signed-in')).toThrow(closed);
    await session.signOut();
    expect(() => session.require('signed-in')).toThrow(closed);
  });

  it('deactivates an account for good, but never the last supervisor', async () => {
    const { screening } = lane;
    await signInOperator(screening);
    const [sue, oli] = await screening.accounts.list();
    if (!sue || !oli) throw new Error('two accounts were made');
    await screening.accounts.deactivate(oli.id, sue.id);
    await screening.session.signOut();
    await expect(screening.session.signIn(OPERATOR.name, OPERATOR.secret)).rejects.toMatchObject({
      code: 'credentials-wrong',
    });
    await expect(screening.accounts.deactivate(sue.id, sue.id)).rejects.toMatchObject({
      code: 'request-invalid',
    });
    await expect(
      screening.accounts.create({ ...OPERATOR, role: 'operator' }, sue.id),
    ).rejects.toMatchObject({ code: 'account-exists' });
    const rescue = { name: 'Rescue', role: 'supervisor' as const, secret: 'a new long one' };
    await screening.accounts.create(rescue, COMPUTER_ADMINISTRATOR);
    expect((await screening.accounts.deactivate(sue.id, sue.id)).active).toBe(false);
  });
});
