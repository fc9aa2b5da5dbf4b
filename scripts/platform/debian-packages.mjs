import { existsSync } from 'node:fs';
import { capture, findProgram, mustRunQuietly } from './run-program.mjs';
import { isRoot } from './is-root.mjs';
import { LauncherError, say } from './say.mjs';

let listsUpdated = false;

/** Whether this is a system whose packages `apt-get` installs. */
export const isDebianLike = () =>
  existsSync('/etc/debian_version') && Boolean(findProgram('apt-get'));

/**
 * Installs Debian packages as root, or throws an error with the one command to run.
 * @param {string} reason what they are for, in a few words
 * @param {readonly string[]} packages their names; `a|b` means a, or b where a does not exist
 *   (Debian and Ubuntu renamed some libraries for 64-bit time)
 */
export async function installDebianPackages(reason, packages) {
  if (!isDebianLike()) {
    const names = packages.map((name) => name.split('|').at(-1)).join(' ');
    throw new LauncherError(`${reason}: please install what Debian calls ${names}`);
  }
  if (!isRoot) {
    const names = packages.map(choosePackage).join(' ');
    throw new LauncherError(
      `${reason}: run this once, then try again:\n  sudo sh -c 'apt-get update && apt-get install -y ${names}'`,
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  if (!listsUpdated) {
    say("reading Debian's package lists");
    await mustRunQuietly('apt-get update', 'apt-get', ['update'], { env });
  }
  listsUpdated = true;
  const names = packages.map(choosePackage);
  say(`installing Debian packages (${reason}): ${names.join(' ')}`);
  const options = ['-y', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0'];
  await mustRunQuietly('apt-get install', 'apt-get', [...options, 'install', ...names], { env });
}

function choosePackage(alternatives) {
  const names = alternatives.split('|');
  return names.find(isKnownPackage) ?? names.at(-1);
}

const isKnownPackage = (name) =>
  /Candidate: (?!\(none\))/.test(capture('apt-cache', ['policy', name]).stdout);
