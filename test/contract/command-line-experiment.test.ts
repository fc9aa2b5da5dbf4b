import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../fixtures/run-command';
import { tensorflowPresent } from '../fixtures/tensorflow-present';
import { writeSmallMnist } from '../fixtures/write-public-sets';

let folder: string;
let datasets: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phiscan-experiment-'));
  datasets = join(folder, 'datasets');
  await mkdir(datasets);
  await writeSmallMnist(datasets, 20);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const TINY = ['--ngf', '4', '--nz', '8', '--epochs', '1', '--batch', '32', '--no-times'];

describe.runIf(tensorflowPresent())('phiscan experiment', () => {
  test('prints the table that it writes, of the classes and seeds asked for', async () => {
    const out = join(folder, 'mnist');
    const argv = ['experiment', 'mnist', '--out', out, '--datasets', datasets, ...TINY];
    const run = await runCommand(...argv, '--methods', 'vae', '--classes', '3,9', '--seeds', '4');
    expect(run.exitCode).toBe(0);
    expect(run.stdout.trim()).toBe((await readFile(join(out, 'table-mnist.md'), 'utf8')).trim());
    expect(run.stdout).toMatch(/\| method +\| 3 +\| 9 +\| mean of the classes \| paper +\|/);
    expect(run.stdout).toContain('--methods vae --classes 3,9 --seeds 4 --epochs 1 --batch 32');
    expect(run.stderr).toContain('Run 2 of 2: mnist-vae-9-seed4');
  });

  test('sweeps the size of the latent vector', async () => {
    const out = join(folder, 'sweep');
    const argv = ['experiment', 'sweep-nz', '--out', out, '--datasets', datasets, ...TINY];
    const run = await runCommand(...argv, '--nz-values', '4,8', '--seeds', '0', '--methods', 'vae');
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/\| vae +\| nz 4 +\| \d\.\d{3}/);
    expect(run.stdout).toMatch(/\| vae +\| nz 8 +\| \d\.\d{3}/);
  });
});

describe('phiscan experiment refuses', () => {
  test.each([
    ['another experiment', ['cifar100', '--out', 'x']],
    ['another method', ['uba', '--out', 'x', '--methods', 'vae,magic']],
    ['a run over 90 minutes', ['uba', '--out', 'x', '--minutes-per-run', '91']],
    ['to go without a folder', ['uba']],
  ])('%s', async (_, argv) => {
    expect((await runCommand('experiment', ...argv)).exitCode).toBe(2);
  });
});
