import type { CallAccess } from '../../src-shared/contract/contract';
import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Account, Role } from '../../src-shared/domain/site';
import type { ScreeningStore } from '../store/screening-store';
import type { SessionEventKind } from '../store/store-record';
import type { AccountsService } from './accounts-service';
import type { Clock } from './clock';
import { newId } from './clock';
import { inTurns } from './in-turns';
import { SIGN_IN_EVENT_KINDS, SIGN_IN_EVENTS_READ, signInDelayMs } from './sign-in-delay';

/** Who is signed in at this window. */
export interface Session {
  readonly accountId: string;
  readonly name: string;
  readonly role: Role;
  readonly locked: boolean;
}

/** The one session of the window: who is signed in, whether it is locked, and what that opens. */
export class SessionService {
  #current: Session | null = null;
  /** Secrets are tried one after the other, so that trying many at once does not outrun the delay. */
  readonly #oneByOne = inTurns();

  constructor(
    private readonly store: ScreeningStore,
    private readonly accounts: AccountsService,
    private readonly clock: Clock,
  ) {}

  get current(): Session | null {
    return this.#current;
  }

  /**
   * The session, when it may do what asks for this access.
   * @throws PhiscanError `not-signed-in` when nobody is or the window is locked, `role-required`
   */
  require(access: Exclude<CallAccess, 'anyone'>): Session {
    const session = this.#current;
    if (session === null) {
      throw new PhiscanError('not-signed-in', 'Nobody is signed in. Sign in first.');
    }
    if (session.locked) {
      throw new PhiscanError('not-signed-in', 'The window is locked. Unlock it first.');
    }
    switch (access) {
      case 'signed-in':
        return session;
      case 'supervisor':
        if (session.role !== 'supervisor') {
          throw new PhiscanError(
            'role-required',
            `Only a supervisor may do this; ${session.name} is signed in as an operator.`,
          );
        }
        return session;
      default:
        throw missingCaseError(access);
    }
  }

  /** Ends the session of whoever was signed in. @throws PhiscanError `setup-required`, `credentials-wrong` */
  signIn(name: string, secret: string): Promise<Session> {
    return this.#oneByOne(async () => {
      if (await this.accounts.setupRequired()) {
        throw new PhiscanError('setup-required', 'No supervisor exists yet. Make the first one.');
      }
      const account = await this.accounts.find(name);
      return this.begin(await this.#tryOut(account, secret, 'sign-in-failed'));
    });
  }

  /** Opens a session for an account whose secret was just given. */
  async begin(account: Account): Promise<Session> {
    if (this.#current !== null) await this.signOut();
    await this.#record('signed-in', account.id);
    this.#current = {
      accountId: account.id,
      name: account.name,
      role: account.role,
      locked: false,
    };
    return this.#current;
  }

  /** @throws PhiscanError `not-signed-in`, `credentials-wrong` */
  unlock(secret: string): Promise<Session> {
    return this.#oneByOne(async () => {
      const session = this.#signedIn();
      if (!session.locked) return session;
      const account = await this.accounts.find(session.name);
      await this.#tryOut(account, secret, 'unlock-failed');
      await this.#record('unlocked', session.accountId);
      this.#current = { ...session, locked: false };
      return this.#current;
    });
  }

  /** The window locks even when that cannot be recorded; the error is thrown after it has. */
  async lock(): Promise<void> {
    const session = this.#signedIn();
    if (session.locked) return;
    this.#current = { ...session, locked: true };
    await this.#record('locked', session.accountId);
  }

  /** The session ends even when that cannot be recorded; the error is thrown after it has. */
  async signOut(): Promise<void> {
    const session = this.#signedIn();
    this.#current = null;
    await this.#record('signed-out', session.accountId);
  }

  #signedIn(): Session {
    if (this.#current === null) {
      throw new PhiscanError('not-signed-in', 'Nobody is signed in. Sign in first.');
    }
    return this.#current;
  }

  /** Throws unless the secret is the account's own; every failure is recorded. */
  async #tryOut(
    account: Account | null,
    secret: string,
    failure: 'sign-in-failed' | 'unlock-failed',
  ): Promise<Account> {
    const accountId = account?.id ?? null;
    const events = await this.store.readSessionEvents(SIGN_IN_EVENTS_READ, {
      accountId,
      kinds: SIGN_IN_EVENT_KINDS,
    });
    const delayMs = signInDelayMs(events, this.clock());
    if (delayMs > 0) {
      await this.#record('sign-in-delayed', accountId);
      throw new PhiscanError(
        'credentials-wrong',
        `Too many wrong tries. Wait ${Math.ceil(delayMs / 1000)} s, then try again.`,
      );
    }
    const matches = await this.accounts.verifySecret(accountId, secret);
    if (account === null || !matches) {
      await this.#record(failure, accountId);
      throw new PhiscanError('credentials-wrong', 'The name or the secret is wrong. Try again.');
    }
    return account;
  }

  async #record(kind: SessionEventKind, accountId: string | null): Promise<void> {
    const at = this.clock().toISOString();
    await this.store.append({ kind: 'sessionEvent', record: { id: newId(), kind, accountId, at } });
  }
}
