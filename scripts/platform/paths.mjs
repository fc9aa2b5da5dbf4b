import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this script belongs to. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(
  /[/\\]$/,
  '',
);

/**
 * Where runtimes and native libraries that many checkouts can share are kept: `$PHISCAN_CACHE`,
 * else `$XDG_CACHE_HOME/phiscan`, else `~/.cache/phiscan`.
 */
export function cacheFolder() {
  const { PHISCAN_CACHE, XDG_CACHE_HOME } = process.env;
  if (PHISCAN_CACHE) return PHISCAN_CACHE;
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'phiscan');
}

/** A path inside the checkout. */
export const inRepository = (...parts) => join(repositoryRoot, ...parts);
