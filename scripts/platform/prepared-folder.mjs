import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const stampName = '.prepared';

/** Whether prepareFolder has finished this folder. */
export const isPrepared = (folder) => existsSync(join(folder, stampName));

/**
 * Fills a folder once. The work is done beside it and renamed into place when whole, so that a
 * broken-off run leaves nothing that looks ready and two runs at once do not disturb each other.
 * @param {string} folder the final place
 * @param {(workFolder: string) => Promise<void>} fill writes what belongs there
 */
export async function prepareFolder(folder, fill) {
  if (isPrepared(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const workFolder = `${folder}.partial-${process.pid}`;
  await rm(workFolder, { recursive: true, force: true });
  await mkdir(workFolder);
  try {
    await fill(workFolder);
    await writeFile(join(workFolder, stampName), `${new Date().toISOString()}\n`);
    if (isPrepared(folder)) return;
    await rm(folder, { recursive: true, force: true });
    await rename(workFolder, folder);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}
