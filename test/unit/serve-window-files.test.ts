import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveWindowFile } from '../../src-main/ipc/serve-window-files';

describe('serveWindowFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phiscan-page-'));
    await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
    await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html>');
    await writeFile(join(folder, 'dist', 'assets', 'index.js'), '1');
    await writeFile(join(folder, 'dist', 'secret.key'), 'no type is known for this');
    await writeFile(join(folder, 'package.json'), '{}');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const get = (path: string) => serveWindowFile(`app://phiscan${path}`, join(folder, 'dist'));

  it('serves the page at its root with the strict headers', async () => {
    const response = await get('/');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<!doctype html>');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await get('/assets/index.js?v=1')).status).toBe(200);
  });

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/assets/..%2f..%2fpackage.json',
  ])('serves nothing outside its folder: %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it.each(['/none.js', '/secret.key', '/assets'])('has nothing at %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});
