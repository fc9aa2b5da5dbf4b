import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';

/** What the simulator writes beside the scans it makes. */
const SIMULATION_FILE = 'simulation.json';

const simulationSchema = z.looseObject({
  simulatorVersion: z.string(),
  seed: z.int(),
  bags: z.union([z.int(), z.array(z.unknown())]),
  threat: z.string(),
});

export interface SimulationFacts {
  /** `none`, or the kind of threats that the folder holds. */
  readonly threats: string;
  /** Simulator version, seed and number of bags in a sentence, for the manifest. */
  readonly summary: string;
}

/**
 * What a folder's simulation.json says, or null for a folder that the simulator did not make.
 * @throws PhiscanError `arguments-invalid` when the file is there and cannot be understood: whether
 * the folder holds threats is then not known.
 */
export async function readSimulationFacts(directory: string): Promise<SimulationFacts | null> {
  const file = path.join(directory, SIMULATION_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    const { simulatorVersion, seed, bags, threat } = simulationSchema.parse(JSON.parse(text));
    const count = typeof bags === 'number' ? bags : bags.length;
    return {
      threats: threat,
      summary: `simulator ${simulatorVersion}, seed ${seed}, ${count} bags, threat ${threat}`,
    };
  } catch (cause) {
    throw new PhiscanError(
      'arguments-invalid',
      `${file} should say which threats were simulated, and cannot be understood. ` +
        'Simulate the folder again, or remove the file if all its scans are benign.',
      { cause },
    );
  }
}
