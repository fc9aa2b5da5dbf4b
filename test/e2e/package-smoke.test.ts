import { FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';
import { chromium, expect, test } from '@playwright/test';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Starts the packaged program as a person would. Its inspector is fused off, so that Playwright
 * talks to the window alone, over Chromium's remote debugging.
 */
const folder = process.env['PHISCAN_PACKAGED'] ?? '';
const executable = join(folder, 'phiscan');
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const demoScans = join(import.meta.dirname, '..', '..', 'assets', 'demo');

test.skip(folder === '', 'no packaged program here: `npm test` and `npm run package` make one');

let userFolder: string;

test.beforeEach(() => {
  userFolder = mkdtempSync(join(tmpdir(), 'phiscan-package-'));
});

test.afterEach(() => {
  rmSync(userFolder, { recursive: true, force: true });
});

test('the packaged window opens and shows the program', async () => {
  const program = spawn(
    executable,
    [...asRoot, '--remote-debugging-port=0', `--user-data-dir=${userFolder}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    const browser = await chromium.connectOverCDP(await debuggingAddress(program));
    const context = browser.contexts()[0];
    const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
    if (page === undefined) throw new Error('the packaged program opened no window');
    await expect(page).toHaveTitle(/Phiscan/);
    await expect(page.locator('#app')).not.toBeEmpty();
    expect(page.url()).toMatch(/^app:\/\//);
    expect(await page.evaluate(() => 'require' in window || 'process' in window)).toBe(false);
    await browser.close();
  } finally {
    const ended = once(program, 'exit');
    program.kill();
    await ended;
  }
});

test('the packaged program scores scans from the command line, without a display', () => {
  const env = { ...process.env };
  delete env['DISPLAY'];
  delete env['WAYLAND_DISPLAY'];
  const printed = execFileSync(executable, [...asRoot, 'score', demoScans, '--json'], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    expect(line).toMatchObject({ engine: 'onnx' });
    expect(line['anomalyScoreMax']).toEqual(expect.any(Number));
  }
});

test('the packaged program cannot be run as Node, inspected or made to load other code', async () => {
  const fuses = await getCurrentFuseWire(executable);
  const off = '0'.charCodeAt(0);
  const on = '1'.charCodeAt(0);
  expect(fuses).toMatchObject({
    version: FuseVersion.V1,
    [FuseV1Options.RunAsNode]: off,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: off,
    [FuseV1Options.EnableNodeCliInspectArguments]: off,
    [FuseV1Options.OnlyLoadAppFromAsar]: on,
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: off,
  });
});

/** The address that Chromium prints once it listens. */
function debuggingAddress(program: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    program.stderr?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const address = /^DevTools listening on (ws:\/\/\S+)$/m.exec(printed)?.[1];
      if (address !== undefined) resolve(address);
    });
    program.once('exit', (code) => {
      reject(new Error(`the packaged program ended with ${String(code)}:\n${printed}`));
    });
  });
}
