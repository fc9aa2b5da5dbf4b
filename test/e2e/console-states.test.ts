import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { demoScans } from './fixtures/demo-scans';
import { violations } from './fixtures/look';
import type { PhiscanWindow } from './fixtures/phiscan-window';
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

// Each journey starts the program and scores a queue, which takes a while on a busy machine.
test.slow();

const pictures = path.resolve(import.meta.dirname, '..', '..', 'test-results', 'pictures');

/** 1920×1080 at 100, 125, 150, 175 and 200 % of the system's scale, in CSS pixels. */
const SCALES = [
  [100, 1920, 1080],
  [125, 1536, 864],
  [150, 1280, 720],
  [175, 1097, 617],
  [200, 960, 540],
] as const;

/** An operator of a simulated lane, with the demonstration scans and a broken file in the queue. */
async function startReview(opened: PhiscanWindow): Promise<void> {
  const { page } = opened;
  mkdirSync(pictures, { recursive: true });
  await page.setViewportSize({ width: 1920, height: 1080 });
  await setUpSite(page);
  await addOperator(page);
  await addSimulatedLane(page);
  await signOut(page, SUPERVISOR.name);
  await signIn(page, OPERATOR);
}

async function fillQueue(opened: PhiscanWindow): Promise<void> {
  const broken = path.join(mkdtempSync(path.join(tmpdir(), 'phiscan-broken-')), 'cut-short.png');
  const scans = demoScans();
  writeFileSync(broken, readFileSync(scans[0]?.files[0] ?? '').subarray(0, 2000));
  await openScans(opened, [...scans.flatMap(({ files }) => files), broken]);
  const ended = queueOf(opened.page).getByText(/^[▲○!] /);
  await expect(ended).toHaveCount(scans.length + 1, { timeout: 120_000 });
}

const queueOf = (page: Page) => page.getByRole('list', { name: /Bags that wait/ });

/** Each state of the console, brought about as a person does; every one is left as it was found. */
const STATES: readonly (readonly [name: string, bring: (page: Page) => Promise<void>])[] = [
  ['alarm', (page) => queueOf(page).getByText('▲ Alarm').first().click()],
  ['no-alarm', (page) => queueOf(page).getByText('○ No alarm').first().click()],
  ['unscored', (page) => queueOf(page).getByText('! Not scored').first().click()],
  [
    'contours',
    async (page) => {
      await queueOf(page).getByText('▲ Alarm').first().click();
      await page.keyboard.press('i');
      await page.keyboard.press('i');
    },
  ],
  ['hidden', (page) => page.keyboard.press('h')],
  [
    'keys',
    async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('button', { name: 'Change keys' }).click();
    },
  ],
];

async function chooseTheme(page: Page, theme: 'Light' | 'Dark'): Promise<void> {
  await page.getByRole('button', { name: `${OPERATOR.name}: theme, help, hand over` }).click();
  await page.getByText(`${theme} theme`).click();
}

test('every state of the console is free of accessibility violations in both themes', async ({
  launch,
}) => {
  const opened = await launch();
  const { page } = opened;
  await startReview(opened);
  expect(await violations(page), 'an empty queue').toEqual([]);
  await fillQueue(opened);
  for (const theme of ['dark', 'light'] as const) {
    if (theme === 'light') await chooseTheme(page, 'Light');
    for (const [name, bring] of STATES) {
      await bring(page);
      await page.waitForTimeout(250);
      await page.screenshot({ path: path.join(pictures, `console-${theme}-${name}.png`) });
      expect(await violations(page), `${name}, ${theme}`).toEqual([]);
      if (name === 'keys') await page.keyboard.press('Escape');
      if (name === 'contours') await page.keyboard.press('i');
    }
    await page.keyboard.press('h');
  }
});

test('the console can be worked at 100 to 200 %: every control in the window, none over another', async ({
  launch,
}) => {
  const opened = await launch();
  const { page } = opened;
  await startReview(opened);
  await fillQueue(opened);
  await queueOf(page).getByText('▲ Alarm').first().click();
  for (const [percent, width, height] of SCALES) {
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(300);
    await page.screenshot({ path: path.join(pictures, `console-${percent}-percent.png`) });
    expect.soft(await misplaced(page), `controls at ${percent} %`).toEqual([]);
    expect
      .soft(await pictureShare(page), `picture at ${percent} %`)
      .toBeGreaterThan(percent === 100 ? 0.5 : 0.3);
    expect.soft(await violations(page), `${percent} %`).toEqual([]);
  }
});

/** Controls that reach out of the window, are cut off by nothing that scrolls, or lie over another. */
function misplaced(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const nameOf = (element: Element) =>
      (element.getAttribute('aria-label') ?? element.textContent).trim().replace(/\s+/g, ' ');
    const wrong: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) wrong.push('the page scrolls sideways');
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      (/auto|scroll/.test(
        getComputedStyle(element).overflowY + getComputedStyle(element).overflowX,
      ) ||
        scrolls(element.parentElement));
    const controls = [...document.querySelectorAll('button, input, textarea, select')].filter(
      (element) => element.getClientRects().length > 0 && !scrolls(element),
    );
    const boxes = controls.map((element) => ({ element, box: element.getBoundingClientRect() }));
    for (const { element, box } of boxes) {
      const isOut =
        box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1;
      if (isOut) wrong.push(`out of the window: ${nameOf(element)}`);
      const over = boxes.find(
        (other) =>
          other.element !== element &&
          !other.element.contains(element) &&
          !element.contains(other.element) &&
          Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left) > 1 &&
          Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top) > 1,
      );
      if (over !== undefined) wrong.push(`${nameOf(element)} lies over ${nameOf(over.element)}`);
    }
    return wrong;
  });
}

/** The part of the window that the picture's place takes. */
function pictureShare(page: Page): Promise<number> {
  return page.evaluate(() => {
    const box = document
      .querySelector('canvas[data-overlay]')
      ?.closest('.place')
      ?.getBoundingClientRect();
    return box === undefined ? 0 : (box.width * box.height) / (innerWidth * innerHeight);
  });
}

test('nothing moves for longer than a blink, and nothing at all where motion is unwanted', async ({
  launch,
}) => {
  const opened = await launch();
  const { page } = opened;
  await startReview(opened);
  const longest = () =>
    page.evaluate(() =>
      [...document.querySelectorAll('*')].reduce((most, element) => {
        const style = getComputedStyle(element);
        const seconds = [style.transitionDuration, style.animationDuration]
          .flatMap((list) => list.split(','))
          .map((duration) => Number.parseFloat(duration) * (duration.includes('ms') ? 0.001 : 1));
        return Math.max(most, ...seconds);
      }, 0),
    );
  expect(await longest()).toBeLessThanOrEqual(0.12);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await longest()).toBe(0);
});

test('keys can be changed, are refused where another command has them, follow the person, and print', async ({
  launch,
}) => {
  const opened = await launch();
  const { page, app, userFolder } = opened;
  await startReview(opened);
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  await dialog.getByRole('button', { name: 'Change keys' }).click();

  await dialog.getByRole('button', { name: /^Clear the bag: C\./ }).click();
  await page.keyboard.press('s');
  await expect(dialog.getByRole('status')).toContainText(
    'S is the key for: Send the bag to search',
  );
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('status')).toContainText('This key can not be taken');
  await page.keyboard.press('F2');
  await expect(dialog.getByRole('status')).toContainText('Clear the bag: F2 from now on.');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: /^Clear/ })).toContainText('F2');

  // The list prints as it stands, on white.
  await page.keyboard.press('?');
  const pdf = await app.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const printed = await window?.webContents.printToPDF({ pageSize: 'A4' });
    return printed?.length ?? 0;
  });
  expect(pdf).toBeGreaterThan(5_000);
  await page.emulateMedia({ media: 'print' });
  await page.screenshot({ path: path.join(pictures, 'keys-printed.png') });
  await page.emulateMedia({ media: 'screen' });
  await page.keyboard.press('Escape');
  await app.close();

  // After a restart they are still this person's, and no one else's.
  const again = await launch({ userFolder });
  await expect(again.page.getByRole('button', { name: /^Sign in/ })).toBeVisible();
  await signIn(again.page, SUPERVISOR);
  await expect(again.page.getByRole('button', { name: /^Clear/ })).toContainText('C');
  await signOut(again.page, SUPERVISOR.name);
  await signIn(again.page, OPERATOR);
  await expect(again.page.getByRole('button', { name: /^Clear/ })).toContainText('F2');
  await again.page.keyboard.press('?');
  await again.page.getByLabel('Mouse at the left').check();
  await again.page.keyboard.press('Escape');
  await expect(again.page.getByRole('button', { name: /^Clear/ })).toContainText('J');
});
