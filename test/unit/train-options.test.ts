import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { DEFAULT_DENOISING_SETTINGS } from '../../src-lab/ganomaly/denoising-settings';
import { registerTrain } from '../../src-main/cli/train';

const GUIDE = readFileSync('docs/training.md', 'utf8');

/** The cells after the name of an option, as the guide's tables hold it. */
function rowOf(option: string): string[] {
  const rows = GUIDE.split('\n').filter((line) => line.startsWith('|'));
  const line = rows.find((row) => row.split('|')[1]?.includes(`\`${option}\``));
  return (line ?? '').split('|').map((cell) => cell.trim());
}

test('the guide tells of every option of train', () => {
  const program = new Command();
  registerTrain(program, {
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    signal: new AbortController().signal,
    exitWith: () => undefined,
  });
  const options = program.commands[0]?.options.map(({ long }) => long ?? '') ?? [];
  expect(options.length).toBeGreaterThan(30);
  for (const option of options) expect(GUIDE, option).toContain(`\`${option}`);
});

test('the guide gives the defaults of a training for a map', () => {
  const { architecture, ...settings } = DEFAULT_DENOISING_SETTINGS;
  const { comparator } = architecture;
  const crops = (count: number) => count.toLocaleString('en-GB');
  expect(rowOf('--generator-crops')[2]).toBe(crops(settings.generatorCrops));
  expect(rowOf('--comparator-crops')[2]).toContain(crops(settings.comparatorCrops));
  expect(rowOf('--members')[2]).toBe(`${comparator?.members}`);
  expect(rowOf('--comparator-width')[2]).toBe(
    `${comparator?.width}, ${comparator?.depth}, ${comparator?.extraBlocks}`,
  );
  expect(rowOf('--hold-out')[3]).toBe(`${settings.holdOut}`);
  expect(rowOf('--batch')[3]).toBe(`${settings.batchSize}`);
  expect(rowOf('--isize')[3]).toBe(`${architecture.isize}, ${architecture.ngf}`);
  expect(rowOf('--solids')[2]).toBe(settings.solidFamilies.join(','));
  const { meanRadius, turns } = settings.mapScore;
  expect(rowOf('--mean-radius')[2]).toBe(`${meanRadius}, ${turns}`);
});
