import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { demoScans } from './fixtures/demo-scans';
import { expect, openScans, startShift, test } from './fixtures/phiscan-window';

test('killing the inference process leaves the window alive, its scan not scored, the next one scored', async ({
  launch,
}) => {
  const opened = await launch();
  const { page, app } = opened;
  await startShift(page);
  await expect(page.getByText('ready', { exact: true })).toBeVisible({ timeout: 30_000 });

  const folder = manyScans(12);
  await openScans(opened, [folder]);
  const queue = page.getByRole('list', { name: /Bags that wait/ });
  await expect(queue.getByText('Scoring')).toBeVisible();
  process.kill(await inferencePid(app), 'SIGKILL');

  await expect(queue.getByText('! Not scored')).toHaveCount(1);
  await expect(queue.getByText(/^[▲○] /)).toHaveCount(11, { timeout: 90_000 });
  await expect(queue.getByText('the engine stopped')).toHaveCount(1);
});

/** A folder of links to the demonstration scans, long enough that scoring is still going on. */
function manyScans(count: number): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'phiscan-many-'));
  mkdirSync(folder, { recursive: true });
  const scans = demoScans();
  for (let at = 0; at < count; at++) {
    const scan = scans[at % scans.length];
    for (const file of scan?.files ?? []) {
      const energy = file.endsWith('_low.png') ? 'low' : 'high';
      symlinkSync(file, path.join(folder, `bag-${String(at).padStart(3, '0')}_${energy}.png`));
    }
  }
  return folder;
}

async function inferencePid(app: ElectronApplication): Promise<number> {
  const pid = await app.evaluate(
    ({ app: electronApp }) =>
      electronApp
        .getAppMetrics()
        .find((metric) => metric.type === 'Utility' && metric.name === 'Phiscan screening host')
        ?.pid,
  );
  if (pid === undefined) throw new Error('no inference process is running');
  return pid;
}
