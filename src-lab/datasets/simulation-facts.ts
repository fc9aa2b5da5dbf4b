import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PhiscanError } from '../../src-shared/domain/phiscan-error';

/** What the simulator writes beside the scans it makes. */
const SIMULATION_FILE = 'simulation.json';

const bagListSchema = z.array(z.looseObject({ threats: z.array(z.unknown()) }));

/** The bags are listed as `entries`, or in place of their number. */
const simulationSchema = z.looseObject({
  simulatorVersion: z.string(),
  seed: z.int(),
  first: z.int().default(0),
  threat: z.string(),
  bags: z.union([z.int(), bagListSchema]),
  entries: bagListSchema.optional(),
});

export interface SimulationFacts {
  /** Whether any bag of the folder holds a simulated threat. */
  readonly hasThreats: boolean;
  /** Simulator version, seed, number of bags and threats in a few words, for the manifest. */
  readonly summary: string;
}

/**
 * What a folder's simulation.json says, or null for a folder that the simulator did not fill.
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
    const { simulatorVersion, seed, first, threat, bags, entries } = simulationSchema.parse(
      JSON.parse(text),
    );
    const listed = entries ?? (typeof bags === 'number' ? [] : bags);
    const count = entries?.length ?? (typeof bags === 'number' ? bags : bags.length);
    return {
      hasThreats: threat !== 'none' || listed.some(({ threats }) => threats.length > 0),
      summary:
        `simulator ${simulatorVersion}, seed ${seed}, ${count} bags from ${first}, ` +
        `threat ${threat}`,
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
