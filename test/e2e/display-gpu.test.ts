import { _electron, expect, test } from '@playwright/test';
import { decode } from 'fast-png';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { DISPLAY_SCENES } from '../fixtures/display-scenes';
import type { GpuDrawing } from './fixtures/gpu-page';

const pictures = path.resolve(import.meta.dirname, '..', 'golden', 'pictures');

/**
 * Levels of 255 by which a channel may differ from the golden picture, which the CPU draws to the
 * last bit: graphics blend between samples with fewer bits (8 of a share on most).
 */
const TOLERANCE = 2;
const MEAN_TOLERANCE = 0.1;

const MAIN = `
import { app, BrowserWindow } from 'electron';
app.whenReady().then(() => new BrowserWindow({ show: false }).loadFile('page.html'));
`;

test('WebGL2 draws every image function as the CPU does', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'phiscan-gpu-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      lib: {
        entry: path.resolve(import.meta.dirname, 'fixtures', 'gpu-page.ts'),
        formats: ['iife'],
        name: 'gpuPage',
        fileName: () => 'page.js',
      },
    },
  });
  writeFileSync(path.join(folder, 'page.html'), '<script src="page.js"></script>');
  writeFileSync(path.join(folder, 'main.mjs'), MAIN);
  const program = { name: 'gpu-page', version: '1.0.0', main: 'main.mjs' };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(program));

  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({ args: [...asRoot, folder], cwd: folder });
  try {
    const page = await app.firstWindow();
    await page.waitForFunction('window.drawScenes !== undefined');
    const drawing = await page.evaluate<GpuDrawing | null>('window.drawScenes()');
    if (drawing === null) throw new Error('This Electron has no WebGL2: nothing was compared.');
    test.info().annotations.push({ type: 'renderer', description: drawing.renderer });
    expect(drawing.scenes.map(({ name }) => name)).toEqual(DISPLAY_SCENES.map(({ name }) => name));
    for (const { name, widthPx, heightPx, rgba } of drawing.scenes) {
      const golden = decode(readFileSync(path.join(pictures, `${name}.png`)));
      expect({ widthPx, heightPx }, name).toEqual({
        widthPx: golden.width,
        heightPx: golden.height,
      });
      const { most, mean } = differences(rgba, golden.data);
      expect(most, `${name}: the largest difference`).toBeLessThanOrEqual(TOLERANCE);
      expect(mean, `${name}: the mean difference`).toBeLessThanOrEqual(MEAN_TOLERANCE);
    }
    // Lost graphics say so, and the CPU draws meanwhile.
    const draws = await page.evaluate<readonly boolean[]>('window.drawThroughLoss()');
    expect(draws).toEqual([true, false, false, true]);
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Of RGBA and the golden picture's RGB. */
function differences(
  rgba: readonly number[],
  golden: ArrayLike<number>,
): { most: number; mean: number } {
  let most = 0;
  let sum = 0;
  for (let at = 0; at < golden.length; at += 1) {
    const drawn = rgba[Math.floor(at / 3) * 4 + (at % 3)] ?? NaN;
    const difference = Math.abs(drawn - (golden[at] ?? NaN));
    most = Math.max(most, difference);
    sum += difference;
  }
  return { most, mean: sum / golden.length };
}
