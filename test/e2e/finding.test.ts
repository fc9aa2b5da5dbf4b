import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { decode } from 'fast-png';
import { demoScans } from './fixtures/demo-scans';
import {
  addOperator,
  addSimulatedLane,
  expect,
  OPERATOR,
  openScans,
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
/** To be looked at; no guide shows them. */
const others = path.join(repository, 'test-results', 'pictures');

/** Pixels of the layer over the picture: none drawn on, let through in part, or covered. */
async function layerPixels(
  page: Page,
): Promise<{ clear: number; tinted: number; covered: number }> {
  const url = await page
    .locator('canvas[data-overlay]')
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const { channels, data } = decode(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
  const counts = { clear: 0, tinted: 0, covered: 0 };
  for (let at = 3; at < data.length; at += channels) {
    const opacity = (data[at] ?? 0) / 255;
    if (opacity < 0.02) counts.clear += 1;
    else if (opacity < 0.9) counts.tinted += 1;
    else counts.covered += 1;
  }
  return counts;
}

test.slow();

test('the finding is shown as heat, as the area above φ and as lines, stepped through, and hidden by one key', async ({
  launch,
}) => {
  for (const folder of [pictures, others]) mkdirSync(folder, { recursive: true });
  const opened = await launch();
  const { page } = opened;
  await page.setViewportSize({ width: 1600, height: 900 });
  await setUpSite(page);
  await addOperator(page);
  await addSimulatedLane(page);
  await signOut(page, SUPERVISOR.name);
  await signIn(page, OPERATOR);
  const scans = demoScans();
  await openScans(
    opened,
    scans.flatMap(({ files }) => files),
  );
  const queue = page.getByRole('list', { name: /Bags that wait/ });
  await expect(queue.getByText(/^[▲○] /)).toHaveCount(scans.length, { timeout: 120_000 });
  await queue.getByRole('button').filter({ hasText: '▲' }).first().click();
  const findings = page.getByRole('complementary', { name: 'Findings' });
  await expect(findings).toContainText(/▲ \d+ alarm/);

  // Heat lets the picture through everywhere but under lines.
  await expect.poll(async () => (await layerPixels(page)).tinted).toBeGreaterThan(2_000);
  const heat = await layerPixels(page);
  await page.screenshot({ path: path.join(others, 'finding-heat.png') });

  // What the score is made of stands beside the region, with the three pictures of its tile.
  await expect(findings.getByText('A(x)', { exact: true })).toBeVisible();
  for (const name of ['scan', 'rebuilt', 'difference']) {
    await expect(findings.getByRole('img', { name, exact: true })).toBeVisible();
  }

  await page.keyboard.press('i');
  await expect(page.getByRole('button', { name: /Marks shown as: Above φ/ })).toBeVisible();
  await expect.poll(async () => (await layerPixels(page)).tinted).toBeLessThan(heat.tinted / 2);
  expect((await layerPixels(page)).covered).toBeGreaterThan(heat.covered);
  await page.screenshot({ path: path.join(pictures, 'finding-threshold.png') });

  await page.keyboard.press('i');
  await expect(page.getByRole('button', { name: /Marks shown as: Contours/ })).toBeVisible();
  await page.waitForTimeout(200);
  await page.screenshot({ path: path.join(pictures, 'finding-contours.png') });

  // One key hides every mark and one key brings all back.
  await page.keyboard.press('h');
  await expect.poll(async () => (await layerPixels(page)).tinted).toBe(0);
  expect((await layerPixels(page)).covered).toBe(0);
  await page.screenshot({ path: path.join(others, 'finding-hidden.png') });
  await page.keyboard.press('h');
  await expect.poll(async () => (await layerPixels(page)).covered).toBeGreaterThan(0);

  // Regions are stepped through with a key, round and round.
  const cards = findings.getByRole('list', { name: 'Alarm regions in order of score' });
  const count = await cards.getByRole('listitem').count();
  const selected = () => cards.locator('[aria-pressed="true"]').innerText();
  await expect(cards.locator('[aria-pressed="true"]')).toContainText('1 · score');
  for (let step = 1; step <= count; step += 1) {
    await page.keyboard.press('.');
    expect(await selected()).toContain(`${(step % count) + 1} · score`);
  }
  await page.keyboard.press(',');
  expect(await selected()).toContain(`${count} · score`);
});
