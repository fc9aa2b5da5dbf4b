import { homedir } from 'node:os';
import { join } from 'node:path';

/** Names the folder where the window and the command line keep what they keep, in place of the usual one. */
export const USER_DATA_VARIABLE = 'PHISCAN_USER_DATA';

/**
 * The folder of records, added models and logs: the same for the window and for the command line,
 * where each system keeps a program's own files.
 */
export function userDataFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const named = env[USER_DATA_VARIABLE];
  if (named !== undefined && named !== '') return named;
  if (platform === 'win32') {
    return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Phiscan');
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Phiscan');
  return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'phiscan');
}

/** The records of a user-data folder. */
export const recordsPathIn = (folder: string): string => join(folder, 'records.sqlite');
/** Models that a supervisor added. */
export const modelsPathIn = (folder: string): string => join(folder, 'models');
/** Threat libraries, a folder each. */
export const threatsPathIn = (folder: string): string => join(folder, 'threats');
export const logPathIn = (folder: string): string => join(folder, 'logs', 'phiscan.log');
