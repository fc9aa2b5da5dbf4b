import { join } from 'node:path';
import type { HostState } from '../engine/host/host-client';
import { HostClient } from '../engine/host/host-client';
import type { HostLauncher } from '../engine/host/host-launcher';
import { Feed } from '../services/feed';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store';
import type { Screening } from './create-screening';
import { createScreening } from './create-screening';
import { modelsPathIn, recordsPathIn, threatsPathIn } from './user-data-folder';

export interface ScreeningFolders {
  readonly userData: string;
  /** Where dist/ and models/ lie. */
  readonly programFolder: string;
}

/**
 * The services on this computer's records and models, scoring in a process of their own.
 * @param preferredBundleId the shipped bundle that a new checkpoint begins with
 * @throws PhiscanError `store-schema-newer`, `store-unavailable`
 */
export async function openScreening(
  { userData, programFolder }: ScreeningFolders,
  launcher: HostLauncher,
  preferredBundleId: string | null,
): Promise<Screening> {
  const hostStates = new Feed<HostState>();
  const screener = new HostClient({
    launcher,
    onStateChange: (state) => {
      hostStates.publish(state);
    },
  });
  return createScreening({
    store: openSqliteStore(recordsPathIn(userData)),
    screener,
    // Native code cannot read inside the archive; what it reads lies unpacked beside it.
    bundleDirectories: [
      join(programFolder.replace(/app\.asar$/, 'app.asar.unpacked'), 'models'),
      modelsPathIn(userData),
    ],
    preferredBundleId,
    threatsDirectory: threatsPathIn(userData),
    clock: () => new Date(),
    engine: 'auto',
    hostStates,
  });
}
