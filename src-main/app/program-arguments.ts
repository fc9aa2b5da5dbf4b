import { resolve } from 'node:path';

export interface ProgramArguments {
  /** What follows the program's own name, options of Chromium and of this program left out. */
  readonly positional: readonly string[];
  /** Everything that follows the program's own name, for the command line's own parser. */
  readonly own: readonly string[];
  readonly userDataFolder: string | null;
  readonly demonstrate: boolean;
  readonly outFolder: string | null;
}

/**
 * Reads the arguments that the program was started with. A package's are `[exe, …]`; Electron in a
 * checkout is given `[electron, …switches, folder of the program, …]`.
 * @param programFolder the folder named in a checkout; null in a package
 */
export function readProgramArguments(
  argv: readonly string[],
  programFolder: string | null,
): ProgramArguments {
  const all = argv.slice(1);
  const folderAt =
    programFolder === null
      ? -1
      : all.findIndex((argument) => resolve(argument) === resolve(programFolder));
  const own = all.slice(folderAt + 1);
  // Chromium's switches stand before a command as well as behind it.
  while (own[0]?.startsWith('--') && isChromiumSwitch(own[0])) own.shift();
  let userDataFolder: string | null = null;
  let outFolder: string | null = null;
  let demonstrate = false;
  const positional: string[] = [];
  for (let at = 0; at < own.length; at++) {
    const [name = '', ...rest] = (own[at] ?? '').split('=');
    const inline = rest.length > 0 ? rest.join('=') : null;
    const value = (): string | null => inline ?? own[++at] ?? null;
    if (name === '--user-data-dir') userDataFolder = value();
    else if (name === '--out') outFolder = value();
    else if (name === '--demonstrate') demonstrate = true;
    else if (!name.startsWith('--')) positional.push(own[at] ?? '');
  }
  return {
    positional,
    own,
    userDataFolder: userDataFolder && resolve(userDataFolder),
    demonstrate,
    outFolder: outFolder && resolve(outFolder),
  };
}

/** Every switch in front of the first argument that is ours is Chromium's, but for the command line's own two. */
const isChromiumSwitch = (argument: string): boolean =>
  !['--help', '--version', '--demonstrate', '--out', '--user-data-dir'].includes(
    argument.split('=')[0] ?? '',
  );
