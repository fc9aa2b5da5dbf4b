import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { demoScans } from '../e2e/fixtures/demo-scans';
import { expect, expectWaiting, openScans, startShift, test } from '../e2e/fixtures/phiscan-window';
import { percentiles, writeFigures } from './write-figures';

const BAGS = Number(process.env['PHISCAN_BENCH_BAGS'] ?? 200);
/** Bags that arrive at once; all are scored before the first of them is decided. */
const BATCH = 50;
/** A person looks at a bag for longer than this. */
const LOOK_MS = 400;

/**
 * From the key that decides to the end of the frame in which the next bag's picture is drawn, and
 * the memory of all processes after the first batch of bags and after the last.
 */
test('switching bags', async ({ launch }) => {
  const opened = await launch();
  const { app, page } = opened;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await startShift(page);
  await page.evaluate(installTiming);

  const switchMs: number[] = [];
  const memoryMb: (number | null)[] = [];
  for (let done = 0; done < BAGS;) {
    const count = Math.min(BATCH, BAGS - done);
    const folder = linkedScans(done, count);
    await openScans(opened, [folder]);
    await expectWaiting(page, count);
    const queue = page.getByRole('list', { name: /Bags that wait/ });
    await expect(queue.getByText(/^[▲○] /)).toHaveCount(count, { timeout: 10 * 60_000 });
    for (let left = count; left > 0; left--) {
      await page.waitForTimeout(LOOK_MS);
      if (left === 1) await page.keyboard.press('c');
      else switchMs.push(await timedSwitch(page));
    }
    await expectWaiting(page, 0);
    done += count;
    memoryMb.push(await steadyMemoryMb(app, page));
    rmSync(folder, { recursive: true });
  }
  const [memoryMbFirst] = memoryMb;
  writeFigures('switch', {
    switchMs: percentiles(switchMs),
    memoryMbFirst,
    memoryMbLast: memoryMb.at(-1),
    memoryMb,
    bags: BAGS,
  });
});

/** A folder of links to the demonstration scans under names of their own. */
function linkedScans(first: number, count: number): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'phiscan-bench-bags-'));
  const scans = demoScans();
  for (let at = first; at < first + count; at++) {
    for (const file of scans[at % scans.length]?.files ?? []) {
      const energy = file.endsWith('_low.png') ? 'low' : 'high';
      symlinkSync(file, path.join(folder, `bag-${String(at).padStart(5, '0')}_${energy}.png`));
    }
  }
  return folder;
}

interface Timing {
  start: () => void;
  ended: Promise<number>;
}

/** Runs in the page: times from a key that decides to the frame that shows another bag's picture. */
function installTiming(): void {
  const shownBag = (): string =>
    document.querySelector('[aria-current="true"][title]')?.getAttribute('title') ?? '';
  /** Words stand on the stage while there is no picture. */
  const hasPicture = (): boolean => document.querySelector('p.empty') === null;
  const timing: Timing = {
    ended: Promise.resolve(0),
    start() {
      const before = shownBag();
      timing.ended = new Promise((resolve) => {
        let startedMs = 0;
        window.addEventListener('keydown', () => (startedMs = performance.now()), {
          capture: true,
          once: true,
        });
        const look = (): void => {
          if (shownBag() === before || shownBag() === '' || !hasPicture()) {
            requestAnimationFrame(look);
            return;
          }
          // What this frame draws is drawn when the next task runs.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            resolve(performance.now() - startedMs);
            port1.close();
          };
          port2.postMessage(null);
        };
        requestAnimationFrame(look);
      });
    },
  };
  Object.assign(window, { switchTiming: timing });
}

async function timedSwitch(page: Page): Promise<number> {
  await page.evaluate(() => {
    (window as unknown as { switchTiming: Timing }).switchTiming.start();
  });
  await page.keyboard.press('c');
  return page.evaluate(() => (window as unknown as { switchTiming: Timing }).switchTiming.ended);
}

/** After a collection in the window, proportional set sizes: pages that several processes share count once. */
async function steadyMemoryMb(app: ElectronApplication, page: Page): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  await page.requestGC();
  await page.waitForTimeout(1_000);
  const pids = await app.evaluate(({ app: electronApp }) =>
    electronApp.getAppMetrics().map(({ pid }) => pid),
  );
  const kilobytes = pids.map((pid) => {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]);
  });
  const total = kilobytes.reduce((sum, kb) => sum + kb, 0);
  expect(total).toBeGreaterThan(0);
  return Math.round(total / 1024);
}
