import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSimulationFacts } from '../../src-lab/datasets/simulation-facts';

describe('what a folder says of its simulation', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'phiscan-simulation-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const write = (text: string): Promise<void> =>
    writeFile(path.join(folder, 'simulation.json'), text);

  it('is nothing where no simulator wrote', async () => {
    expect(await readSimulationFacts(folder)).toBeNull();
  });

  it.each([
    ['none', [{ threats: [] }, { threats: [] }], false],
    ['gun', [{ threats: [{ class: 'gun' }] }, { threats: [] }], true],
    ['gun', [{ threats: [] }, { threats: [] }], true],
    ['none', [{ threats: [] }, { threats: [{ class: 'knife' }] }], true],
  ])('names version, seed, bags and threats: %s', async (threat, list, hasThreats) => {
    const facts = { simulatorVersion: '1.2.0', seed: 7, threat, more: 1 };
    await write(JSON.stringify({ ...facts, first: 40, bags: 3, entries: list }));
    expect(await readSimulationFacts(folder)).toEqual({
      hasThreats,
      summary: `simulator 1.2.0, seed 7, 2 bags from 40, threat ${threat}`,
    });
    await write(JSON.stringify({ ...facts, bags: list }));
    expect(await readSimulationFacts(folder)).toEqual({
      hasThreats,
      summary: `simulator 1.2.0, seed 7, 2 bags from 0, threat ${threat}`,
    });
  });

  it.each(['', '{"simulatorVersion":"1.2.0"}', '[]'])(
    'is refused when unclear: %s',
    async (text) => {
      await write(text);
      await expect(readSimulationFacts(folder)).rejects.toMatchObject({
        code: 'arguments-invalid',
      });
    },
  );
});
