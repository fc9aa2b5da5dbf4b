import { hash, verify } from '@node-rs/argon2';
import { foldName } from '../../src-shared/domain/fold-name';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { Account, Role } from '../../src-shared/domain/site';
import type { ScreeningStore } from '../store/screening-store';
import type { AccountEvent, StoreRecord } from '../store/store-record';
import type { Clock } from './clock';
import { newId } from './clock';
import { requireStrongSecret } from './secret-rule';

export interface NewAccount {
  readonly name: string;
  readonly role: Role;
  readonly secret: string;
}

interface KnownAccount extends Account {
  readonly secretHash: string;
}

/** Who may sign in. Accounts are made and deactivated, never removed: records name them. */
export class AccountsService {
  /** Checked against when a name is unknown, so that an answer's time does not tell which names exist. */
  readonly #nobodysHash = hash(newId());

  readonly #names = new Map<string, string>();

  constructor(
    private readonly store: ScreeningStore,
    private readonly clock: Clock,
  ) {}

  /** True until the first supervisor has been made. */
  async setupRequired(): Promise<boolean> {
    const events = await this.store.readAccountEvents();
    return !events.some(({ kind, role }) => kind === 'created' && role === 'supervisor');
  }

  /** The name of an account that has been read or made; the id itself of any other. */
  readonly nameOf = (accountId: string): string => this.#names.get(accountId) ?? accountId;

  async list(): Promise<Account[]> {
    return (await this.#known()).map(withoutHash);
  }

  /** By name, whatever its case; deactivated ones too. */
  async find(name: string): Promise<Account | null> {
    const folded = foldName(name);
    const known = (await this.#known()).find((account) => foldName(account.name) === folded);
    return known === undefined ? null : withoutHash(known);
  }

  /**
   * @param by account id of the supervisor, or what else stands in the record
   * @throws PhiscanError `account-exists`, `credentials-too-weak`
   */
  async create(account: NewAccount, by: string): Promise<Account> {
    const prepared = await this.prepare(account, by);
    await this.store.append(prepared.record);
    return prepared.account;
  }

  /** A new account's record, for appending together with others. @throws as `create` does. */
  async prepare(
    { name, role, secret }: NewAccount,
    by: string,
  ): Promise<{ account: Account; record: StoreRecord }> {
    requireStrongSecret(role, secret);
    const trimmed = name.trim();
    if ((await this.find(trimmed)) !== null) {
      throw new PhiscanError(
        'account-exists',
        `There is an account named ${trimmed}. Choose another name; a name stays with its records for good.`,
      );
    }
    const event: AccountEvent = {
      id: newId(),
      accountId: newId(),
      kind: 'created',
      name: trimmed,
      role,
      secretHash: await hash(secret),
      by,
      at: this.clock().toISOString(),
    };
    this.#names.set(event.accountId, trimmed);
    const account = { id: event.accountId, name: trimmed, role, active: true, createdAt: event.at };
    return { account, record: { kind: 'accountEvent', record: event } };
  }

  /**
   * The account can no longer sign in; its records stay.
   * @throws PhiscanError `account-not-found`, `request-invalid` for the last active supervisor
   */
  async deactivate(accountId: string, by: string): Promise<Account> {
    const known = await this.#known();
    const account = known.find(({ id }) => id === accountId);
    if (account === undefined) {
      throw new PhiscanError('account-not-found', 'There is no such account. Load the list again.');
    }
    if (!account.active) return withoutHash(account);
    const others = known.filter(
      ({ id, role, active }) => id !== accountId && active && role === 'supervisor',
    );
    if (account.role === 'supervisor' && others.length === 0) {
      throw new PhiscanError(
        'request-invalid',
        `${account.name} is the only supervisor. Make another supervisor first.`,
      );
    }
    const event: AccountEvent = {
      id: newId(),
      accountId,
      kind: 'deactivated',
      name: account.name,
      role: account.role,
      secretHash: null,
      by,
      at: this.clock().toISOString(),
    };
    await this.store.append({ kind: 'accountEvent', record: event });
    return { ...withoutHash(account), active: false };
  }

  /** Whether the secret is the account's own; null for an account that is unknown. Takes as long either way. */
  async verifySecret(accountId: string | null, secret: string): Promise<boolean> {
    const account = (await this.#known()).find(({ id }) => id === accountId);
    const matches = await verify(account?.secretHash ?? (await this.#nobodysHash), secret);
    return matches && account?.active === true;
  }

  async #known(): Promise<KnownAccount[]> {
    const accounts = new Map<string, KnownAccount>();
    for (const event of await this.store.readAccountEvents()) {
      const { accountId: id, name, role, at, secretHash } = event;
      const before = accounts.get(id);
      switch (event.kind) {
        case 'created':
          accounts.set(id, {
            id,
            name,
            role,
            active: true,
            createdAt: at,
            secretHash: secretHash ?? '',
          });
          break;
        case 'secret-set':
          if (before && secretHash !== null) accounts.set(id, { ...before, secretHash });
          break;
        case 'deactivated':
          if (before) accounts.set(id, { ...before, active: false });
          break;
      }
    }
    for (const { id, name } of accounts.values()) this.#names.set(id, name);
    return [...accounts.values()];
  }
}

const withoutHash = ({ id, name, role, active, createdAt }: KnownAccount): Account => ({
  id,
  name,
  role,
  active,
  createdAt,
});
