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

const repository = path.resolve(import.meta.dirname, '..', '..');
/** PHISCAN_PICTURES=docs/pictures renews the guides' pictures; a plain run leaves them alone. */
const pictures = path.resolve(
  repository,
  process.env['PHISCAN_PICTURES'] ?? path.join('test-results', 'pictures'),
);

test('every screen is free of accessibility violations, and is pictured for the guides', async ({
  launch,
}) => {
  mkdirSync(pictures, { recursive: true });
  const opened = await launch();
  const { page } = opened;
  await page.setViewportSize({ width: 1600, height: 900 });

  await expect(page.getByLabel('Name of the site')).toBeVisible();
  await look(page, 'first-run');
  await setUpSite(page);
  await look(page, 'operator-empty');

  await addOperator(page);
  await look(page, 'people');
  for (const [section, name] of [
    ['Threshold φ', 'threshold'],
    ['Models', 'models'],
  ] as const) {
    await openSupervision(page, section);
    await look(page, name);
  }
  await addSimulatedLane(page);
  await look(page, 'lanes');

  await signOut(page, SUPERVISOR.name);
  await look(page, 'sign-in');
  await signIn(page, OPERATOR);
  const scans = demoScans();
  await openScans(
    opened,
    scans.flatMap(({ files }) => files),
  );
  const queue = page.getByRole('list', { name: /Bags that wait/ });
  await expect(queue.getByText(/^[▲○] /)).toHaveCount(scans.length, { timeout: 60_000 });
  await queue.getByText('▲ Alarm').first().click();
  await expect(page.getByRole('complementary', { name: 'Findings' })).toContainText('alarm');
  await look(page, 'operator-alarm');
  for (const key of ['7', 'e', 'h']) await page.keyboard.press(key);
  await look(page, 'operator-functions');
  for (const key of ['1', 't']) await page.keyboard.press(key);
  await page.mouse.click(520, 380);
  await page.mouse.click(820, 520);
  await page.keyboard.press('Escape');
  await page.keyboard.press('m');
  await page.mouse.move(800, 320);
  await look(page, 'operator-measure');
  for (const key of ['m', 't', 't', 'h']) await page.keyboard.press(key);

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await look(page, 'keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+l');
  await expect(page.getByRole('button', { name: /^Unlock/ })).toBeVisible();
  await look(page, 'locked');
});

/** Checks the screen with axe and takes its picture. */
async function look(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(250);
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
  expect(await violations(page), `accessibility of ${name}`).toEqual([]);
}
