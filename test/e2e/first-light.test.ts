import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from '@playwright/test';
import { decode } from 'fast-png';
import { openSqliteStore } from '../../src-main/store/sqlite/open-sqlite-store';
import { demoScans } from './fixtures/demo-scans';
import {
  expect,
  expectWaiting,
  OPERATOR,
  openScans,
  signIn,
  startShift,
  test,
} from './fixtures/phiscan-window';

/** A marked region shows at least this many pixels of heat; a bare picture not a tenth of it. */
const MARKED_PX = 300;

/** Pixels of the layer over the picture that let it shine through: heat, and the frames' soft edges. */
function heatPixels(png: Uint8Array): number {
  const { channels, data } = decode(png);
  let tinted = 0;
  for (let at = 3; at < data.length; at += channels) {
    const opacity = (data[at] ?? 0) / 255;
    if (opacity >= 0.08 && opacity < 0.9) tinted += 1;
  }
  return tinted;
}

async function canvasPng(canvas: Locator): Promise<Uint8Array> {
  const url = await canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

test('a scan goes from file to heatmap to decision, and the record outlives the program', async ({
  launch,
}) => {
  const opened = await launch();
  const { page, app, userFolder } = opened;
  await startShift(page);
  await expect(page.getByText('No bag waits.')).toBeVisible();

  const scans = demoScans();
  await openScans(
    opened,
    scans.flatMap(({ files }) => files),
  );
  await expectWaiting(page, scans.length);

  // Every bag is scored; none of them may end as not scored.
  const queue = page.getByRole('list', { name: /Bags that wait/ });
  await expect(queue.getByText(/^[▲○] /)).toHaveCount(scans.length, { timeout: 60_000 });

  // The heatmap of a bag that alarms is on the picture until H takes it away.
  await queue.getByRole('button').filter({ hasText: '▲' }).first().click();
  await expect(queue.locator('[aria-current="true"]')).toContainText('▲');
  const overlay = page.locator('canvas[data-overlay]');
  const heat = async () => heatPixels(await canvasPng(overlay));
  await expect.poll(heat).toBeGreaterThan(MARKED_PX);
  // Without heat the frame stays; it alone proves no heatmap.
  const slider = page.getByRole('slider');
  const opacity = await slider.inputValue();
  const marked = await heat();
  await slider.fill('0');
  await expect.poll(heat).toBeLessThan(marked - MARKED_PX);
  await slider.fill(opacity);
  await expect.poll(heat).toBe(marked);
  await slider.blur();
  await page.keyboard.press('h');
  await expect(page.getByText('· machine marks hidden')).toBeVisible();
  await expect.poll(heat).toBeLessThan(MARKED_PX / 10);
  await page.keyboard.press('h');
  await expect.poll(heat).toBeGreaterThan(MARKED_PX);

  // A search without a mark names its reason; one held key decides one bag only.
  await page.keyboard.press('s');
  await expect(page.getByRole('heading', { name: 'Search: why?' })).toBeVisible();
  await expectWaiting(page, scans.length);
  await page.keyboard.down('1');
  await page.keyboard.down('1');
  await page.keyboard.down('1');
  await page.keyboard.up('1');
  await expectWaiting(page, scans.length - 1);

  // Undo brings it back; the second decision supersedes.
  await page.keyboard.press('z');
  await expectWaiting(page, scans.length);
  await page.keyboard.press('c');
  await expectWaiting(page, scans.length - 1);

  // Recall shows the decided bag again, and a new decision replaces the old one.
  await page.keyboard.press('Backspace');
  await expect(page.getByText(/Decided clear by/)).toBeVisible();
  await page.keyboard.press('s');
  await page.keyboard.press('2');
  await expect(page.getByText(/Decided clear by/)).toBeHidden();
  await app.close();

  const store = openSqliteStore(path.join(userFolder, 'records.sqlite'));
  try {
    const decided = await store.readDecidedBags(10);
    expect(decided).toHaveLength(1);
    const bagId = decided[0]?.bag.id ?? '';
    const decisions = await store.readDecisions(bagId);
    expect(decisions.map(({ outcome }) => outcome)).toEqual([
      'search',
      'undone',
      'clear',
      'search',
    ]);
    // Each decision but the first names the one that it replaces.
    expect(decisions.map(({ supersedes }) => supersedes)).toEqual([
      null,
      ...decisions.slice(0, -1).map(({ id }) => id),
    ]);
    expect(await store.readUndecidedBags()).toHaveLength(scans.length - 1);
  } finally {
    await store.close();
  }

  // Started again, the undecided bags are back in the queue.
  const again = await launch({ userFolder });
  await signIn(again.page, OPERATOR);
  await expectWaiting(again.page, scans.length - 1);
});

test('a file given on the command line waits in the queue, and rubbish is not scored, never clear', async ({
  launch,
}) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'phiscan-rubbish-'));
  const [scan] = demoScans();
  if (scan === undefined) throw new Error('assets/demo holds no scan');
  const whole = readFileSync(scan.files[0] ?? '');
  writeFileSync(path.join(folder, 'cut-short.png'), whole.subarray(0, whole.length / 2));
  writeFileSync(path.join(folder, 'nothing.png'), '');
  writeFileSync(path.join(folder, 'paper.png'), '%PDF-1.7\nnot a scan');
  copyFileSync(scan.files[0] ?? '', path.join(folder, 'alone_low.png'));

  const { page, app, userFolder } = await launch({ args: [folder] });
  await startShift(page);
  await expectWaiting(page, 4);
  const queue = page.getByRole('list', { name: /Bags that wait/ });
  await expect(queue.getByText('! Not scored')).toHaveCount(4);
  await expect(page.getByRole('complementary', { name: 'Findings' })).toContainText('Not scored');
  await expect(page.getByText('Decide by eye or scan again.')).toBeVisible();

  await page.keyboard.press('c');
  await expectWaiting(page, 3);
  await app.close();

  const store = openSqliteStore(path.join(userFolder, 'records.sqlite'));
  try {
    const [decided] = await store.readDecidedBags(1);
    expect(decided?.decision).toMatchObject({ outcome: 'clear', machine: 'unscored' });
  } finally {
    await store.close();
  }
});
