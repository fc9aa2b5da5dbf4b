import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.map': 'application/json',
};

/** What the window may load and do: its own files, its pixels, and nothing else. */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self' app://pixels",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html',
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** Answers a request for a file of the window with files of one folder alone. */
export async function serveWindowFile(address: string, folder: string): Promise<Response> {
  const { pathname } = new URL(address);
  const asked = decodeURIComponent(pathname === '/' ? '/index.html' : pathname);
  const path = normalize(join(folder, asked));
  const contentType = CONTENT_TYPES[extname(path)];
  if (!path.startsWith(folder + sep) || contentType === undefined) return notFound();
  try {
    const bytes = await readFile(path);
    return new Response(new Uint8Array(bytes), {
      headers: { ...HEADERS, 'content-type': contentType },
    });
  } catch (fault) {
    if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return notFound();
    throw fault;
  }
}

const notFound = (): Response => new Response('Not found', { status: 404, headers: HEADERS });
