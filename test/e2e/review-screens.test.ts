import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { demoScans } from './fixtures/demo-scans';
import { violations } from './fixtures/look';
import {
  addOperator,
  addSimulatedLane,
  expect,
  OPERATOR,
  openScans,
  openSupervision,
  setUpSite,
  signIn,
  signOut,
  SUPERVISOR,
  test,
} from './fixtures/phiscan-window';

test.slow();

const repository = path.resolve(import.meta.dirname, '..', '..');
/** PHISCAN_PICTURES=docs/pictures renews the guides' pictures; a plain run leaves them alone. */
const pictures = path.resolve(
  repository,
  process.env['PHISCAN_PICTURES'] ?? path.join('test-results', 'pictures'),
);

test('the screens of review are free of accessibility violations, and pictured for the guides', async ({
  launch,
}) => {
  mkdirSync(pictures, { recursive: true });
  const opened = await launch();
  const { page } = opened;
  await page.setViewportSize({ width: 1600, height: 900 });
  await setUpSite(page);
  await addOperator(page);
  await addSimulatedLane(page);
  await openSupervision(page, 'Review');
  await page.getByLabel(/Seconds to decide/).fill('600');
  await page.getByLabel('Reason', { exact: true }).fill('A limit that nobody reaches');
  await page.getByRole('button', { name: 'Set these rules' }).click();
  await expect(page.getByText('The rules hold from the next bag on.')).toBeVisible();
  await look(page, 'review');

  await signOut(page, SUPERVISOR.name);
  await signIn(page, OPERATOR);
  const scans = demoScans();
  await openScans(
    opened,
    scans.flatMap(({ files }) => files),
  );
  const queue = page.getByRole('list', { name: /Bags that wait/ });
  await expect(queue.getByText(/^[▲○] /)).toHaveCount(scans.length, { timeout: 60_000 });
  await queue.getByText('▲ Alarm').first().click();
  await expect(page.getByRole('timer')).toContainText('then: search');

  await page.keyboard.press('s');
  await expect(page.getByRole('heading', { name: 'Search: why?' })).toBeVisible();
  await look(page, 'operator-reason');
  await page.keyboard.press('Escape');
  await page.keyboard.press('k');
  await page.keyboard.press('w');
  await page.mouse.move(640, 300);
  await page.mouse.down();
  await page.mouse.move(760, 390, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.press('p');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByText('3 marks', { exact: true })).toBeVisible();
  await look(page, 'operator-marks');
  await page.keyboard.press('Escape');
  await page.keyboard.press('F9');
  await expect(page.getByRole('heading', { name: 'Paused' })).toBeVisible();
  await look(page, 'operator-paused');
});

/** Checks the screen with axe and takes its picture. */
async function look(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(250);
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
  expect(await violations(page), `accessibility of ${name}`).toEqual([]);
}
