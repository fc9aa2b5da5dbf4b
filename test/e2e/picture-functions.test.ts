import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { writeDicosDx } from '../../src-main/scan-io/dicom/write-dicos-dx';
import { readScan } from '../../src-main/scan-io/read-scan';
import { COMMAND_KEYS } from '../../src-renderer/keys/command-keys';
import { functionRule, IMAGE_FUNCTIONS } from '../../src-renderer/viewer/image-function';
import { writeSmallScan } from '../fixtures/small-scan';
import { demoScans } from './fixtures/demo-scans';
import {
  addSimulatedLane,
  expect,
  expectWaiting,
  openScans,
  setUpSite,
  startShift,
  test,
  type PhiscanWindow,
} from './fixtures/phiscan-window';

const keyOf = (name: (typeof IMAGE_FUNCTIONS)[number]): string =>
  COMMAND_KEYS[functionRule(name).command].standard[0];

const picture = (page: Page) => page.getByRole('img', { name: /^Scan / });
const chip = (page: Page, name: RegExp) =>
  page.getByRole('toolbar', { name: 'Image functions' }).getByRole('button', { name });

/** One in sixteen pixels of the picture’s canvas, after the frame in flight. */
async function pixelsOf(page: Page): Promise<number[]> {
  return picture(page).evaluate(async (canvas: HTMLCanvasElement) => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const copy = document.createElement('canvas');
    [copy.width, copy.height] = [canvas.width >> 2, canvas.height >> 2];
    const context = copy.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('no 2D canvas');
    context.imageSmoothingEnabled = false;
    context.drawImage(canvas, 0, 0, copy.width, copy.height);
    return [...context.getImageData(0, 0, copy.width, copy.height).data];
  });
}

const mostApart = (one: readonly number[], other: readonly number[]): number =>
  one.length === other.length
    ? one.reduce((most, level, at) => Math.max(most, Math.abs(level - (other[at] ?? 0))), 0)
    : Number.POSITIVE_INFINITY;

const meanApart = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, level, at) => sum + Math.abs(level - (other[at] ?? 0)), 0) / one.length;

/** A shift with the first demonstration scan on screen, the window always of one size. */
async function showDemoScan(opened: PhiscanWindow): Promise<number[]> {
  const { page } = opened;
  await page.setViewportSize({ width: 1400, height: 860 });
  await startShift(page);
  await openScans(opened, demoScans()[0]?.files ?? []);
  await expectWaiting(page, 1);
  const queue = page.getByRole('list', { name: /Bags that wait/ });
  await expect(queue.getByText(/^[▲○] /)).toHaveCount(1, { timeout: 60_000 });
  await expect(page.locator('p.empty')).toHaveCount(0);
  await page.keyboard.press('h');
  await expect(page.getByText('· machine marks hidden')).toBeVisible();
  return pixelsOf(page);
}

test('every image function is one key, shows on its chip, and goes back without a trace', async ({
  launch,
}) => {
  const opened = await launch();
  const { page } = opened;
  const original = await showDemoScan(opened);
  const pressed = page.locator('.chip[aria-pressed="true"]');
  await expect(pressed).toHaveCount(2);

  for (const name of IMAGE_FUNCTIONS) {
    if (name === 'original' || name === 'colour') continue;
    await page.keyboard.press(keyOf(name));
    await expect(chip(page, /^Original/)).toHaveAttribute('aria-pressed', 'false');
    expect(
      mostApart(await pixelsOf(page), original),
      `${name} changes the picture`,
    ).toBeGreaterThan(24);
    await page.keyboard.press(keyOf('original'));
    await expect(chip(page, /^Original/)).toHaveAttribute('aria-pressed', 'true');
    expect(mostApart(await pixelsOf(page), original), `${name} goes back`).toBe(0);
  }

  // Steps combine; the held key lifts them all and lets them fall back into place.
  for (const name of ['metal', 'edges', 'negative'] as const) {
    await page.keyboard.press(keyOf(name));
  }
  await page.keyboard.press('PageDown');
  const combined = await pixelsOf(page);
  await expect(chip(page, /^Window \d/)).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.down('1');
  expect(mostApart(await pixelsOf(page), original)).toBe(0);
  await page.waitForTimeout(350);
  await page.keyboard.up('1');
  expect(mostApart(await pixelsOf(page), combined)).toBe(0);
  await page.keyboard.down('g');
  await page.waitForTimeout(350);
  await page.keyboard.up('g');
  expect(mostApart(await pixelsOf(page), combined)).toBe(0);
  await page.keyboard.press('1');

  // A preset is empty until it is kept, and then brings the same picture back.
  await page.keyboard.press('F6');
  await expect(page.getByText('Preset 2 is empty. Shift F6 keeps what is on.')).toBeVisible();
  for (const key of ['3', 'e']) await page.keyboard.press(key);
  const greyEdges = await pixelsOf(page);
  await page.keyboard.press('Shift+F6');
  await expect(page.getByText('Kept as preset 2: Grey · Edges')).toBeVisible();
  await page.keyboard.press('1');
  await page.keyboard.press('F6');
  expect(mostApart(await pixelsOf(page), greyEdges)).toBe(0);
  await page.keyboard.press('1');

  // Turned four times and flipped twice, it lies as before.
  await page.keyboard.press('r');
  expect(mostApart(await pixelsOf(page), original)).toBeGreaterThan(100);
  for (const key of ['r', 'r', 'r', 'x', 'x']) await page.keyboard.press(key);
  expect(mostApart(await pixelsOf(page), original)).toBe(0);
  await page.keyboard.press('a');
  await page.keyboard.press('0');
  expect(mostApart(await pixelsOf(page), original)).toBe(0);

  // The places where the pointer is read.
  const box = await picture(page).boundingBox();
  if (box === null) throw new Error('the picture has a place');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(page.getByText(/\d % low and [\d.]+ % high energy pass/)).toBeVisible();
  await page.keyboard.press('m');
  await expect(page.locator('canvas[style*="300px"]')).toBeVisible();
});

test('a computer without WebGL2 shows the same pictures', async ({ launch }) => {
  const withGpu = await launch();
  const one = await showDemoScan(withGpu);
  await withGpu.page.keyboard.press('e');
  const edges = await pixelsOf(withGpu.page);
  await withGpu.app.close();

  const without = await launch({ args: ['--disable-gpu', '--disable-software-rasterizer'] });
  const other = await showDemoScan(without);
  const hasWebgl = await without.page.evaluate(
    () => document.createElement('canvas').getContext('webgl2') !== null,
  );
  expect(hasWebgl).toBe(false);
  expect(mostApart(one, other)).toBeLessThanOrEqual(2);
  await without.page.keyboard.press('e');
  expect(mostApart(edges, await pixelsOf(without.page))).toBeLessThanOrEqual(2);
});

test('lengths are millimetres where scan or lane say how large a pixel is, and pixels where not', async ({
  launch,
}) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'phiscan-measure-'));
  execFileSync(process.execPath, [
    path.resolve('dist/main/phiscan.js'),
    ...['simulate', '--bags', '1', '--seed', '5', '--width', '300', '--height', '200'],
    ...['--format', 'dicos', '--out', folder],
  ]);
  const opened = await launch();
  const { page } = opened;
  await startShift(page);
  await openScans(opened, [folder]);
  await expectWaiting(page, 1);
  await expect(page.getByText(/300 × 200 px · [\d.]+ mm a pixel/)).toBeVisible();
  await measureByKeys(page);
  await expect(page.locator('svg text').first()).toHaveText(/^\d+ mm$/);

  await openScans(opened, [await writeSmallScan(folder, 'colours.png')]);
  await expectWaiting(page, 2);
  await page
    .getByRole('list', { name: /Bags that wait/ })
    .getByRole('button')
    .nth(1)
    .click();
  await expect(page.getByText(/96 × 80 px · pixel pitch not known/)).toBeVisible();
  await measureByKeys(page);
  await expect(page.locator('svg text').first()).toHaveText(/^\d+ pixels$/);

  // Colours of the scanner's own hold no two energies: what needs them says so.
  await expect(chip(page, /^Organic/)).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('5');
  await expect(
    page.getByText(/^Organic: this scan is a picture in the scanner’s own/),
  ).toBeVisible();
  await page.keyboard.press('4');
  await expect(page.getByText(/^Organic: /)).toHaveCount(0);
  rmSync(folder, { recursive: true });
});

test('a scan that does not say how large its pixels are has them from its lane', async ({
  launch,
}) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'phiscan-lane-pitch-'));
  const opened = await launch();
  const { page } = opened;
  await setUpSite(page);
  await addSimulatedLane(page);
  await page.getByRole('navigation', { name: 'Sections' }).getByText('Screening').click();
  await openScans(opened, [await writeSmallScan(folder, 'colours.png')]);
  await expect(page.getByText('96 × 80 px · 1 mm a pixel, by the lane')).toBeVisible();
  await measureByKeys(page);
  await expect(page.locator('svg text').first()).toHaveText(/^\d+ mm$/);
  rmSync(folder, { recursive: true });
});

test('four views zoom and change together, stand two by two and alone, and have small pictures', async ({
  launch,
}) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'phiscan-views-'));
  const [lowPath = '', highPath = ''] = demoScans()[0]?.files ?? [];
  const { views } = await readScan({ kind: 'pair', lowPath, highPath });
  const [view] = views;
  if (view === undefined) throw new Error('the demonstration scan has a view');
  const file = path.join(folder, 'four.dcs');
  writeFileSync(file, writeDicosDx([view, view, view, view]));
  const opened = await launch();
  const { page } = opened;
  await page.setViewportSize({ width: 1400, height: 860 });
  await startShift(page);
  await openScans(opened, [file]);
  const captions = page.getByText(/^View \d of 4/);
  await expect(captions).toHaveCount(4);
  const thumbnails = page.getByRole('group', { name: 'Views of the bag' }).getByRole('button');
  await expect(thumbnails).toHaveCount(4);
  await page.keyboard.press('h');

  // Places, captions aside, show the same: the views move as one.
  for (const key of ['3', '+', '+', 'r']) await page.keyboard.press(key);
  const [first = [], ...others] = await page.evaluate(readQuarters);
  expect(meanApart(first, first.toReversed())).toBeGreaterThan(20);
  // Half a pixel, at most, lies between the places.
  for (const other of others) expect(meanApart(first, other)).toBeLessThan(10);

  const shown = async () => captions.allTextContents().then((all) => all.map((one) => one[5]));
  for (const expected of ['12', '34', '1', '2', '3', '4', '1234']) {
    await page.keyboard.press('v');
    await expect.poll(shown).toEqual(Array.from(expected));
  }
  await thumbnails.nth(2).click();
  await expect.poll(shown).toEqual(['3']);
  await expect(thumbnails.nth(2)).toHaveAttribute('aria-pressed', 'true');
  await thumbnails.nth(2).click();
  await expect.poll(shown).toEqual(Array.from('1234'));
  rmSync(folder, { recursive: true });
});

/** Runs in the page: what the middle of each quarter of the picture's canvas shows. */
async function readQuarters(): Promise<number[][]> {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const picture = document.querySelector<HTMLCanvasElement>('canvas[role="img"]');
  if (picture === null) throw new Error('there is no picture');
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [picture.width, picture.height];
  const context = copy.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no 2D canvas');
  context.drawImage(picture, 0, 0);
  const side = 80;
  return [0.25, 0.75].flatMap((y) =>
    [0.25, 0.75].map((x) => {
      const left = Math.round(picture.width * x - side / 2);
      const top = Math.round(picture.height * y - side / 2);
      return [...context.getImageData(left, top, side, side).data];
    }),
  );
}

/** Takes the ruler, sets two points by keys alone, and lays it down. */
async function measureByKeys(page: Page): Promise<void> {
  await page.keyboard.press('t');
  await page.keyboard.press('Enter');
  for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
}
