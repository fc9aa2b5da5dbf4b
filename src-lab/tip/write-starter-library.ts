import { mkdir } from 'node:fs/promises';
import { ThreatLibraryWriter } from '../../src-main/scan-io/tip/threat-library-folder';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';
import type { ThreatLibrary } from '../../src-shared/tip/threat-library';
import { SIMULATOR_VERSION } from '../simulator/simulator-version';
import { starterThreat } from './starter-threat';

export interface StarterPlan {
  readonly directory: string;
  readonly seed: number;
  readonly threats: number;
}

/**
 * Makes a threat library from simulated threats: no pixel of it comes from a real scan.
 * @throws PhiscanError `cancelled` when the signal aborts; what was written until then is no library
 */
export async function writeStarterLibrary(
  { directory, seed, threats }: StarterPlan,
  onProgress: (done: number, total: number) => void,
  signal?: AbortSignal,
): Promise<ThreatLibrary> {
  await mkdir(directory, { recursive: true });
  const writer = new ThreatLibraryWriter(directory);
  for (let index = 0; index < threats; index++) {
    if (signal?.aborted === true) {
      throw new PhiscanError('cancelled', 'The library was not finished. Make it again.');
    }
    const { attitudes, ...threat } = starterThreat(seed, index);
    await writer.add(threat, attitudes);
    onProgress(index + 1, threats);
  }
  return writer.finish({
    name: 'Starter library',
    origin: 'simulated',
    description: `${threats} simulated threats, seed ${seed}, simulator ${SIMULATOR_VERSION}`,
  });
}
