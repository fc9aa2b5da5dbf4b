import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { COMMAND_KEYS } from '../../src-renderer/keys/command-keys';
import { functionRule, IMAGE_FUNCTIONS } from '../../src-renderer/viewer/image-function';
import { expect, openScans, startShift, test } from '../e2e/fixtures/phiscan-window';
import { percentiles, writeFigures } from './write-figures';

/** A 20-megapixel view. */
const WIDTH_PX = 5000;
const HEIGHT_PX = 4000;
const ROUNDS = 6;

/**
 * From the key of an image function to its picture of a 20-megapixel view drawn in a window of
 * 1920 × 1080: all functions in turn, each on and off again, and while zoomed in. The first round
 * makes tables and textures and is not counted.
 */
test('drawing image functions', async ({ launch }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'phiscan-bench-view-'));
  execFileSync(process.execPath, [
    path.resolve('dist/main/phiscan.js'),
    ...['simulate', '--bags', '1', '--seed', '13'],
    ...['--width', String(WIDTH_PX), '--height', String(HEIGHT_PX), '--out', folder],
  ]);
  const opened = await launch();
  const { page } = opened;
  await page.setViewportSize({ width: 1920, height: 1080 });
  await startShift(page);
  await openScans(opened, [folder]);
  const queue = page.getByRole('list', { name: /Bags that wait/ });
  await expect(queue.getByText(/^[▲○!] /)).toHaveCount(1, { timeout: 10 * 60_000 });
  const canvas = page.getByRole('img', { name: /^Scan / });
  await expect(canvas).toBeVisible();
  await expect(page.getByText(`${WIDTH_PX} × ${HEIGHT_PX} px`)).toBeVisible();

  await page.evaluate(installFrameTiming);
  const keys = IMAGE_FUNCTIONS.map((name) => COMMAND_KEYS[functionRule(name).command].standard[0]);
  const frames: number[] = [];
  const zoomed: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const isZoomed = round > ROUNDS / 2;
    if (round === ROUNDS / 2 + 1) {
      await page.keyboard.press('a');
      for (const key of keys) await timedFrame(page, key);
      await page.keyboard.press('1');
    }
    for (const key of [...keys, ...keys]) {
      const ms = await timedFrame(page, key);
      if (round > 0) (isZoomed ? zoomed : frames).push(ms);
    }
  }
  const [load = NaN] = loadavg();
  writeFigures('frame', {
    functionFrameMs: percentiles([...frames, ...zoomed]),
    functionFrameFittedMs: percentiles(frames),
    functionFrameOneToOneMs: percentiles(zoomed),
    functionFrames: frames.length + zoomed.length,
    functionView: `${WIDTH_PX}×${HEIGHT_PX}`,
    loadAverage: Math.round(load * 10) / 10,
  });
  rmSync(folder, { recursive: true });
});

interface FrameTiming {
  start: () => void;
  ended: Promise<number>;
}

/** Runs in the page: times from a key to the picture's canvas drawn, every pixel of it. */
function installFrameTiming(): void {
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const picture = document.querySelector<HTMLCanvasElement>('canvas[role="img"]');
  if (probe === null || picture === null) throw new Error('there is no picture to time');
  const timing: FrameTiming = {
    ended: Promise.resolve(0),
    start() {
      timing.ended = new Promise((resolve) => {
        const onKey = (): void => {
          const startedMs = performance.now();
          requestAnimationFrame(() => {
            // The next task runs after everything that this frame draws has been asked for.
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => {
              probe.drawImage(picture, 0, 0, 1, 1, 0, 0, 1, 1);
              // Reading a pixel waits until it is drawn.
              probe.getImageData(0, 0, 1, 1);
              resolve(performance.now() - startedMs);
              port1.close();
            };
            port2.postMessage(null);
          });
        };
        window.addEventListener('keydown', onKey, { capture: true, once: true });
      });
    },
  };
  Object.assign(window, { frameTiming: timing });
}

async function timedFrame(page: Page, key: string): Promise<number> {
  await page.evaluate(() => {
    (window as unknown as { frameTiming: FrameTiming }).frameTiming.start();
  });
  await page.keyboard.press(key);
  const ms = await page.evaluate(
    () => (window as unknown as { frameTiming: FrameTiming }).frameTiming.ended,
  );
  // One frame is over before the next key.
  await page.waitForTimeout(30);
  return ms;
}
