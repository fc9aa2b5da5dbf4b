import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { openSqliteStore } from '../../src-main/store/sqlite/open-sqlite-store';
import { demoScans } from './fixtures/demo-scans';
import type { PhiscanWindow } from './fixtures/phiscan-window';
import {
  addOperator,
  addSimulatedLane,
  expect,
  expectWaiting,
  OPERATOR,
  openScans,
  openSupervision,
  setUpSite,
  signIn,
  signOut,
  SUPERVISOR,
  test,
} from './fixtures/phiscan-window';

const scans = demoScans();

// Each journey starts the program once or twice and scores a queue, which takes a while on a busy machine.
test.slow();

/** First run, and whatever the supervisor sets under Review; then the operator before an empty queue. */
async function startShiftUnder(
  page: Page,
  setRules: (page: Page) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await setUpSite(page);
  await addOperator(page);
  await addSimulatedLane(page);
  await openSupervision(page, 'Review');
  await setRules(page);
  await signOut(page, SUPERVISOR.name);
  await signIn(page, OPERATOR);
}

async function saveRules(page: Page, reason: string): Promise<void> {
  await page.getByLabel('Reason', { exact: true }).fill(reason);
  await page.getByRole('button', { name: 'Set these rules' }).click();
  await expect(page.getByText('The rules hold from the next bag on.')).toBeVisible();
  await expect(page.getByText(new RegExp(reason))).toBeVisible();
}

const openDemo = (opened: PhiscanWindow, which = scans): Promise<void> =>
  openScans(
    opened,
    which.flatMap(({ files }) => files),
  );

const queueOf = (page: Page): Locator => page.getByRole('list', { name: /Bags that wait/ });
const shownBag = (page: Page): Locator => page.locator('[aria-current="true"][title]');
const allScored = (page: Page): Promise<void> =>
  expect(queueOf(page).getByText(/^[▲○] /)).toHaveCount(scans.length, { timeout: 60_000 });

test('time that runs out sends the bag to search, which can be undone; a pause takes the bag away', async ({
  launch,
}) => {
  const opened = await launch();
  const { page, app, userFolder } = opened;
  await startShiftUnder(page, async () => {
    await page.getByLabel(/Seconds to decide/).fill('20');
    await page.getByRole('button', { name: 'Set these rules' }).click();
    await expect(page.getByText(/Say why/)).toBeVisible();
    await saveRules(page, 'Twenty seconds a bag');
  });
  await openDemo(opened, scans.slice(0, 2));
  await expectWaiting(page, 2);
  await expect(page.getByRole('timer')).toContainText('then: search');
  const label = (await shownBag(page).getAttribute('title')) ?? '';
  await expect(page.getByText(`Time over: ${label} goes to search.`)).toBeVisible({
    timeout: 40_000,
  });
  await page.keyboard.press('z');
  await expect(shownBag(page)).toHaveAttribute('title', label);
  await expectWaiting(page, 2);

  await page.keyboard.press('F9');
  await expect(page.getByRole('heading', { name: 'Paused' })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Scan / })).toBeHidden();
  // In a pause no key decides, and nothing is shown.
  await page.keyboard.press('c');
  await page.keyboard.press('s');
  await expect(shownBag(page)).toHaveCount(0);
  await expectWaiting(page, 2);
  await page.keyboard.press('F9');
  await expect(page.getByRole('img', { name: /^Scan / })).toBeVisible();
  await app.close();

  const store = openSqliteStore(path.join(userFolder, 'records.sqlite'));
  try {
    const bag = (await store.readUndecidedBags()).find((each) => each.label === label);
    const decisions = await store.readDecisions(bag?.id ?? '');
    expect(decisions).toMatchObject([
      { outcome: 'search', cause: 'time-limit', reason: null },
      { outcome: 'undone', cause: 'person' },
    ]);
    const kinds = (await store.readSessionEvents(10)).map(({ kind }) => kind);
    expect(kinds.slice(0, 3)).toEqual(['signed-out', 'resumed', 'paused']);
  } finally {
    await store.close();
  }
});

test('marks drawn by mouse and by keys go with the decision and are shown when it is recalled', async ({
  launch,
}) => {
  const opened = await launch();
  const { page, app, userFolder } = opened;
  await startShiftUnder(page);
  await openDemo(opened);
  await allScored(page);
  const label = (await shownBag(page).getAttribute('title')) ?? '';
  const box = await page.getByRole('img', { name: /^Scan / }).boundingBox();
  if (box === null) throw new Error('the picture has a place');
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };

  await page.keyboard.press('w');
  await page.mouse.move(middle.x - 60, middle.y - 40);
  await page.mouse.down();
  await page.mouse.move(middle.x + 60, middle.y + 40, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByText('1 mark', { exact: true })).toBeVisible();
  await page.keyboard.press('q');
  await page.keyboard.press('Enter');
  for (let step = 0; step < 3; step++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.keyboard.press('p');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByText('3 marks', { exact: true })).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(page.getByText('2 marks', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');

  // A mark says why: no reason is asked for.
  await page.keyboard.press('s');
  await expectWaiting(page, scans.length - 1);
  await page.keyboard.press('Backspace');
  await expect(page.getByText(/Decided search by/)).toBeVisible();
  await expect(page.locator('svg[data-marks] rect.mark')).toHaveCount(1);
  await expect(page.locator('svg[data-marks] polyline.mark')).toHaveCount(1);
  await app.close();

  const store = openSqliteStore(path.join(userFolder, 'records.sqlite'));
  try {
    const [decided] = await store.readDecidedBags(1);
    expect(decided?.bag.label).toBe(label);
    const [drawn, line] = decided?.decision.marks ?? [];
    if (drawn?.kind !== 'box' || line?.kind !== 'line') throw new Error('a box and a line');
    expect(decided?.decision.reason).toBeNull();
    // 120 × 80 screen pixels, at whatever scale the view was fitted.
    expect(drawn.width / drawn.height).toBeCloseTo(1.5, 1);
    const [from, to] = [line.points[0], line.points.at(-1)];
    expect((to?.x ?? 0) - (from?.x ?? 0)).toBeCloseTo((drawn.width / 120) * 48, 0);
    expect(to?.y).toBe(from?.y);
  } finally {
    await store.close();
  }
});

test('where only alarms are reviewed, the others are released by the machine and shown to nobody', async ({
  launch,
}) => {
  const opened = await launch();
  const { page, app, userFolder } = opened;
  await startShiftUnder(page, async () => {
    await page.getByLabel('Alarms only: the machine releases the others').check();
    await saveRules(page, 'A trial of one week');
  });
  await openDemo(opened);
  await expect(page.getByText(/\d released by machine/)).toBeVisible({ timeout: 60_000 });
  await expect(queueOf(page).getByText(/Scoring|Waiting/)).toHaveCount(0, { timeout: 60_000 });
  await expect(shownBag(page)).toBeVisible();
  await app.close();

  const store = openSqliteStore(path.join(userFolder, 'records.sqlite'));
  try {
    const left = await store.readUndecidedBags();
    const released = await store.readReleases(100);
    expect(released.length).toBeGreaterThan(0);
    expect(left.length + released.length).toBe(scans.length);
    expect(await store.readDecidedBags(100)).toEqual([]);
    for (const { bagId } of released) expect(await store.readPresentations(bagId)).toEqual([]);
    const [checkpoint] = await store.readCheckpoints();
    const [threshold] = await store.readThresholds(checkpoint?.id ?? '');
    for (const { id } of left) {
      const outcome = (await store.readOutcomes(id)).at(-1);
      const isOpaque = outcome?.views.some(
        (view) => view.state === 'scored' && view.opaque.length > 0,
      );
      const isAlarm = (outcome?.displayScoreMax ?? 1) > (threshold?.threshold ?? 1);
      expect(isAlarm || isOpaque, id).toBe(true);
    }
  } finally {
    await store.close();
  }
});

test('after the duty time a hand-over is asked for before the next bag, and recorded', async ({
  launch,
}) => {
  const first = await launch();
  await startShiftUnder(first.page);
  await openDemo(first);
  await allScored(first.page);
  await first.app.close();
  const { userFolder } = first;
  await reviewedBefore(userFolder, 24);

  const { page, app } = await launch({ userFolder });
  await signIn(page, OPERATOR);
  await expect(page.getByRole('banner').getByText(/^2[45]:/)).toBeVisible();
  await allScored(page);
  // The bag on screen is decided first.
  await page.keyboard.press('c');
  await expect(page.getByRole('heading', { name: '20 minutes of review are over' })).toBeVisible();
  await expect(shownBag(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Go on for now' }).press('Enter');
  await expect(shownBag(page)).toHaveCount(1);
  await app.close();

  const store = openSqliteStore(path.join(userFolder, 'records.sqlite'));
  try {
    const kinds = (await store.readSessionEvents(4)).map(({ kind }) => kind);
    expect(kinds).toEqual(['signed-out', 'hand-over-declined', 'hand-over-asked', 'signed-in']);
    expect(await store.readUndecidedBags()).toHaveLength(scans.length - 1);
  } finally {
    await store.close();
  }
});

/** Records that the operator was shown a bag every five minutes since so many minutes ago. */
async function reviewedBefore(userFolder: string, minutesAgo: number): Promise<void> {
  const store = openSqliteStore(path.join(userFolder, 'records.sqlite'));
  try {
    const [bag] = await store.readUndecidedBags();
    const [shown] = await store.readPresentations(bag?.id ?? '');
    if (shown === undefined) throw new Error('the first bag was shown');
    for (let minutes = minutesAgo; minutes > 0; minutes -= 5) {
      const shownAt = new Date(Date.now() - minutes * 60_000).toISOString();
      const record = { ...shown, id: `earlier-${minutes}`, shownAt };
      await store.append({ kind: 'presentation', record });
    }
  } finally {
    await store.close();
  }
}
