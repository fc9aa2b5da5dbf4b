import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { openSqliteStore } from '../../src-main/store/sqlite/open-sqlite-store';
import { demoScans } from './fixtures/demo-scans';
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

/** PHISCAN_PICTURES=docs/pictures renews the guides' pictures. */
const pictures = path.resolve(
  process.env['PHISCAN_PICTURES'] ?? path.join('test-results', 'pictures'),
);

/** What no file, message or page may hold before a decision: a threat, or its library. */
const TELLTALES = /(gun|knife|explosive|gun-part)-1-0|threats[\\/]+starter|"kind":"composite"/;

test('one projected threat is found and one is missed, neither shows before, and each bag is decided on itself', async ({
  launch,
}) => {
  test.setTimeout(300_000);
  mkdirSync(pictures, { recursive: true });
  const userFolder = mkdtempSync(path.join(tmpdir(), 'phiscan-e2e-tip-'));
  execFileSync(process.execPath, [
    path.resolve('dist/main/phiscan.js'),
    ...['tip', 'generate', '--threats', '4', '--user-data', userFolder],
  ]);
  const opened = await launch({ userFolder });
  const { page } = opened;
  await page.setViewportSize({ width: 1600, height: 900 });
  await setUpSite(page);
  await addOperator(page);
  await addSimulatedLane(page);
  await openSupervision(page, 'Projected threats');
  await expect(page.getByText('Starter library: 4 threats, 16 projections')).toBeVisible();
  await page.getByLabel('Project threats into bags').check();
  await page.getByLabel('One bag in').fill('1');
  await page.getByLabel('Reason').fill('A test of the whole path');
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await expect(
    page.getByText('About one bag in 1 carries a projected threat.').first(),
  ).toBeVisible();
  await signOut(page, SUPERVISOR.name);
  await signIn(page, OPERATOR);

  const told = await listen(page);
  const [first, second] = demoScans();
  await openScans(opened, [...(first?.files ?? []), ...(second?.files ?? [])]);
  await scored(page);
  await page.keyboard.press('+');
  // The page, what it was sent, and what lies on the disk.
  expect(/(?:rojected|omposite)/.exec(await page.content())?.[0]).toBeUndefined();
  expect(TELLTALES.exec(await page.content())?.[0]).toBeUndefined();
  expect(TELLTALES.exec(await told())?.[0]).toBeUndefined();
  expect(TELLTALES.exec(filesOf(userFolder))?.[0]).toBeUndefined();
  await page.screenshot({ path: path.join(pictures, 'tip-before.png') });

  await page.keyboard.press('s');
  await page.keyboard.press('1');
  const found = page.getByRole('alert').filter({ hasText: 'Projected threat found' });
  await expect(found).toBeVisible();
  await page.screenshot({ path: path.join(pictures, 'tip-hit.png') });
  expect(await decidedCount(page)).toBe(0);
  await page.keyboard.press('Enter');
  await expect(found).toBeHidden();
  // The bag itself, with its own word of the machine and its own decision.
  await scored(page);
  await page.keyboard.press('c');
  await expect.poll(() => decidedCount(page)).toBe(1);

  await scored(page);
  await page.keyboard.press('+');
  await page.keyboard.press('c');
  const missed = page.getByRole('alert').filter({ hasText: 'Projected threat missed' });
  await expect(missed).toBeVisible();
  await page.screenshot({ path: path.join(pictures, 'tip-miss.png') });
  await page.keyboard.press('Enter');
  await expect(missed).toBeHidden();
  await scored(page);
  await page.keyboard.press('s');
  await page.keyboard.press('1');
  await expect.poll(() => decidedCount(page)).toBe(2);
  await expect(page.getByRole('alert').filter({ hasText: 'Projected' })).toBeHidden();

  await signOut(page, OPERATOR.name);
  await signIn(page, SUPERVISOR);
  await openSupervision(page, 'Projected threats');
  const row = page.getByRole('row').filter({ hasText: OPERATOR.name });
  await expect(row.getByRole('cell')).toHaveText([/^2$/, /^1$/, /^1$/, /50 %/, /^2$/, /^1/]);
  await page.screenshot({ path: path.join(pictures, 'tip-supervisor.png') });

  await opened.app.close();
  const store = openSqliteStore(path.join(userFolder, 'records.sqlite'));
  try {
    const [checkpoint] = await store.readCheckpoints();
    const results = await store.readTipResults(checkpoint?.id ?? '', 9);
    expect(results.map(({ result }) => result)).toEqual(['miss', 'hit']);
    for (const { bagId, presentationId } of results) {
      const decisions = await store.readDecisions(bagId);
      expect(decisions).toHaveLength(1);
      expect(decisions[0]?.presentationId).not.toBe(presentationId);
      expect(await store.readOutcomes(bagId)).toHaveLength(2);
    }
  } finally {
    await store.close();
    rmSync(userFolder, { recursive: true, force: true });
  }
});

/** Waits for a bag on screen of which the machine has spoken. */
async function scored(page: Page): Promise<void> {
  await expect(page.locator('#headline')).toHaveText(/alarm|Not scored/i, { timeout: 90_000 });
}

const decidedCount = (page: Page): Promise<number> =>
  page
    .getByRole('list', { name: /last decided/ })
    .getByRole('button')
    .count();

/** Keeps all events that main sends to the page from now on. */
async function listen(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const { phiscan } = window as unknown as {
      phiscan: { on: (name: string, listener: (payload: unknown) => void) => void };
    };
    const kept: string[] = [];
    (window as unknown as { kept: string[] }).kept = kept;
    for (const name of ['app.changed', 'queue.changed', 'presentation.changed', 'trouble.raised']) {
      phiscan.on(name, (payload) => kept.push(JSON.stringify(payload)));
    }
  });
  return () => page.evaluate(() => (window as unknown as { kept: string[] }).kept.join());
}

/** All files of the program's folder but the threat library itself, as text. */
function filesOf(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name !== 'threats')
    .map((name) => {
      const file = path.join(folder, name);
      try {
        return statSync(file).isDirectory() ? filesOf(file) : readFileSync(file, 'latin1');
      } catch (error) {
        // Chromium's own sockets and locks come, go, and cannot be read.
        return String(error);
      }
    })
    .join();
}
