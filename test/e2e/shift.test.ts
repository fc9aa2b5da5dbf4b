import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { openSqliteStore } from '../../src-main/store/sqlite/open-sqlite-store';
import {
  addOperator,
  addSimulatedLane,
  expect,
  OPERATOR,
  setUpSite,
  signIn,
  signOut,
  SUPERVISOR,
  test,
} from './fixtures/phiscan-window';
import { DemoLane, Screener, simulateBags } from './fixtures/shift';

/** PHISCAN_SHIFT_BAGS=200 PHISCAN_SHIFT_EVERY_MS=2000 is a whole shift. */
const BAGS = Number(process.env['PHISCAN_SHIFT_BAGS'] ?? 20);
const EVERY_MS = Number(process.env['PHISCAN_SHIFT_EVERY_MS'] ?? 700);
const SEED = 4711;

test(`a shift of ${BAGS} bags by keyboard alone, with recall, undo, a killed engine and a restart: every decision is kept, once`, async ({
  launch,
}) => {
  test.setTimeout(120_000 + BAGS * (EVERY_MS + 4_000));
  const bags = simulateBags(BAGS, SEED);
  const first = await launch();
  const { userFolder } = first;
  let { app, page } = first;
  await setUpSite(page);
  await addOperator(page);
  await addSimulatedLane(page);
  await signOut(page, SUPERVISOR.name);
  await signIn(page, OPERATOR);

  const lane = new DemoLane(page, bags, EVERY_MS);
  lane.start();
  let screener = new Screener(page);
  /** Every decision in the order in which it was taken, as the store should have it. */
  const taken: { label: string; outcome: string }[] = [];
  /** Whether this share of the shift has just been reached, for what happens once. */
  const happened = new Set<number>();
  const reached = (share: number, decided: number): boolean => {
    if (happened.has(share) || decided < Math.round(BAGS * share)) return false;
    happened.add(share);
    return true;
  };

  for (let decided = 0; decided < BAGS;) {
    const shown = await screener.look();
    if (shown === null) {
      await page.waitForTimeout(50);
      continue;
    }
    const { label, says } = shown;
    const outcome = { alarm: 'search', 'no-alarm': 'clear', unscored: 'rescan' }[says];
    // Alarms are searched by turns with the machine's region as the mark, and with a reason.
    const keys = {
      alarm: decided % 2 === 0 ? ['k', 's'] : ['s', '1'],
      'no-alarm': ['c'],
      unscored: ['F8'],
    }[says];
    await screener.decide(label, ...keys);
    taken.push({ label, outcome });
    decided++;

    if (reached(0.25, decided)) {
      await page.keyboard.press('z');
      await expect(page.locator('[aria-current="true"][title]')).toHaveAttribute('title', label);
      taken.push({ label, outcome: 'undone' });
      decided--;
    }
    if (reached(0.4, decided)) {
      await page.keyboard.press('Backspace');
      await expect(page.getByText(/^✓ Decided/)).toBeVisible();
      await page.keyboard.press('s');
      await screener.decide(label, '2');
      taken.push({ label, outcome: 'search' });
    }
    if (reached(0.5, decided)) process.kill(await inferencePid(app), 'SIGKILL');
    if (reached(0.7, decided)) {
      await lane.stop();
      // No farewell: what was answered must be on the disk.
      const ended = new Promise((resolve) => app.process().once('exit', resolve));
      app.process().kill('SIGKILL');
      await ended;
      ({ app, page } = await launch({ userFolder }));
      await signIn(page, OPERATOR);
      screener = new Screener(page);
      lane.start(page);
    }
  }
  await lane.stop();
  await expect(page.getByText('0 waiting', { exact: true })).toBeVisible();
  await app.close();

  const store = openSqliteStore(path.join(userFolder, 'records.sqlite'));
  try {
    expect(await store.readUndecidedBags()).toEqual([]);
    const inForce = await store.readDecidedBags(2 * BAGS);
    expect(inForce).toHaveLength(BAGS);
    expect(new Set(inForce.map(({ bag }) => bag.id)).size).toBe(BAGS);
    const chains = await Promise.all(inForce.map(({ bag }) => store.readDecisions(bag.id)));
    for (const [index, { bag }] of inForce.entries()) {
      const mine = taken.filter(({ label }) => label === bag.label);
      expect(
        chains[index]?.map(({ outcome }) => outcome),
        bag.label,
      ).toEqual(mine.map(({ outcome }) => outcome));
    }
    expect(chains.flat()).toHaveLength(taken.length);
    // Nothing was cleared that the machine had not scored, and every search says why.
    for (const decision of chains.flat()) {
      if (decision.outcome === 'clear') expect(decision.machine).toBe('no-alarm');
      if (decision.outcome !== 'search') continue;
      expect(decision.marks.length > 0 || decision.reason !== null).toBe(true);
    }
    const engine = (await store.readEngineEvents(50)).map(({ kind }) => kind);
    expect(engine).toContain('stopped');
  } finally {
    await store.close();
  }
});

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
