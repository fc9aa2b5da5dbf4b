import { LauncherError } from './say.mjs';

const oldestNode = [20, 19];

/** Whether this Node is `major.minor` or newer. */
export function nodeIsAtLeast(major, minor) {
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** Refuses a Node that the program does not run on. */
export function requireNodeVersion() {
  if (nodeIsAtLeast(...oldestNode)) return;
  throw new LauncherError(
    `Phiscan needs Node ${oldestNode.join('.')} or newer; this is ${process.versions.node}. Install a newer one and try again.`,
  );
}
