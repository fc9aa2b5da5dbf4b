import type { ElectronApplication } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, openScans, startShift, test } from './fixtures/phiscan-window';

const LIMIT_MB = 900;

test('all processes together stay under 900 MB while full-size scans are screened', async ({
  launch,
}) => {
  test.skip(process.platform !== 'linux', 'memory shared between processes is only told on Linux');
  const scans = mkdtempSync(path.join(tmpdir(), 'phiscan-full-size-'));
  execFileSync(process.execPath, [
    path.resolve('dist/main/phiscan.js'),
    ...['simulate', '--bags', '2', '--seed', '13', '--width', '2580', '--height', '850'],
    ...['--out', scans],
  ]);
  const opened = await launch();
  await startShift(opened.page);
  await openScans(opened, [scans]);
  const queue = opened.page.getByRole('list', { name: /Bags that wait/ });

  let highestMb = 0;
  await expect(async () => {
    highestMb = Math.max(highestMb, await memoryMb(opened.app));
    await expect(queue.getByText(/^[▲○] /)).toHaveCount(2, { timeout: 1 });
  }).toPass({ intervals: [100], timeout: 90_000 });
  highestMb = Math.max(highestMb, await memoryMb(opened.app));

  console.log(`highest memory of all processes: ${highestMb.toFixed(0)} MB`);
  expect(highestMb).toBeGreaterThan(100);
  expect(highestMb).toBeLessThan(LIMIT_MB);
  rmSync(scans, { recursive: true });
});

/** Proportional set size of every process of the program: pages that several share count once. */
async function memoryMb(app: ElectronApplication): Promise<number> {
  const pids = await app.evaluate(({ app: electronApp }) =>
    electronApp.getAppMetrics().map(({ pid }) => pid),
  );
  const kilobytes = pids.map((pid) => {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]);
  });
  return kilobytes.reduce((sum, kb) => sum + kb, 0) / 1024;
}
