import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import { recordsPathIn, userDataFolder } from '../app/user-data-folder';
import { AccountsService } from '../services/accounts-service';
import { SECRET_RULE } from '../services/secret-rule';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store';
import { COMPUTER_ADMINISTRATOR } from '../store/store-record';
import type { CommandLine, RegisterCommand } from './command-line';
import { writeLine } from './command-line';

interface CreateSupervisorOptions {
  readonly name: string;
  readonly userData: string;
}

/** `phiscan create-supervisor`: for whoever administers the computer, when the only supervisor is lost. */
export const registerCreateSupervisor: RegisterCommand = (program, commandLine) => {
  program
    .command('create-supervisor')
    .description('Make a supervisor account when no supervisor can sign in any more.')
    .requiredOption('--name <name>', 'name of the account')
    .option('--user-data <folder>', 'folder of the records', userDataFolder())
    .addHelpText(
      'after',
      `\nThe PIN or password is asked for, or read as the first line of the standard input. ${SECRET_RULE}\nThe account stands in the records as made by the administrator of this computer.`,
    )
    .action((options: CreateSupervisorOptions) => createSupervisor(options, commandLine));
};

/**
 * Appends the account, with who made it.
 * @throws PhiscanError `store-unavailable`, `setup-required`, `account-exists`,
 *   `credentials-too-weak`, `arguments-invalid`
 */
export async function createSupervisor(
  { name, userData }: CreateSupervisorOptions,
  commandLine: CommandLine,
  input: NodeJS.ReadStream | Readable = process.stdin,
): Promise<void> {
  const path = recordsPathIn(userData);
  if (!existsSync(path)) {
    throw new PhiscanError(
      'store-unavailable',
      `There are no records in ${userData}. Start Phiscan: it makes the first supervisor itself. If the records lie elsewhere, name their folder with --user-data.`,
    );
  }
  const store = openSqliteStore(path);
  try {
    const accounts = new AccountsService(store, () => new Date());
    if (await accounts.setupRequired()) {
      throw new PhiscanError(
        'setup-required',
        'This site has never had a supervisor. Start Phiscan: it makes the first one itself.',
      );
    }
    const secret = await askSecret(commandLine, input);
    const by = `${COMPUTER_ADMINISTRATOR} (${userInfo().username})`;
    const account = await accounts.create({ name, role: 'supervisor', secret }, by);
    await writeLine(
      commandLine.stdout,
      `${account.name} can sign in as a supervisor now. The records say that it was made by the ${by}.`,
    );
  } finally {
    await store.close();
  }
}

/** Asks twice without showing it on a terminal; elsewhere takes the first line. */
async function askSecret(
  { stderr, signal }: CommandLine,
  input: NodeJS.ReadStream | Readable,
): Promise<string> {
  if (!('isTTY' in input && input.isTTY)) {
    for await (const line of createInterface({ input })) return line;
    return '';
  }
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const terminal = createInterface({ input, output: silent, terminal: true });
  const ask = async (question: string): Promise<string> => {
    stderr.write(question);
    const answer = await terminal.question('', { signal });
    stderr.write('\n');
    return answer;
  };
  try {
    const secret = await ask('PIN or password: ');
    if ((await ask('The same again: ')) === secret) return secret;
  } finally {
    terminal.close();
  }
  throw new PhiscanError('arguments-invalid', 'The two are not the same. Start again.');
}
