import { protocol } from 'electron';
import { PIXELS_SCHEME } from '../../src-shared/contract/pixel-address';
import type { PixelDoor } from './answer-pixels';
import { answerPixels } from './answer-pixels';
import { serveWindowFile } from './serve-window-files';

/** The origin of the window's own files. */
export const WINDOW_ORIGIN = `${PIXELS_SCHEME}://phiscan`;

/** Makes `app:` a proper scheme; must be called before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: PIXELS_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true },
    },
  ]);
}

/**
 * Serves `app://phiscan/…` (the window's files) and `app://pixels/…`.
 * @param windowOrigin the page that may read pixels: WINDOW_ORIGIN, or the development server's
 */
export function serveAppProtocol(
  windowFolder: string,
  windowOrigin: string,
  door: PixelDoor,
): void {
  protocol.handle(PIXELS_SCHEME, async ({ url, method }) => {
    const { host } = new URL(url);
    if (method !== 'GET') return new Response('Only GET', { status: 405 });
    if (host === 'phiscan') return serveWindowFile(url, windowFolder);
    if (host !== 'pixels') return new Response('Not found', { status: 404 });
    const response = await answerPixels(url, door);
    response.headers.set('access-control-allow-origin', windowOrigin);
    response.headers.set('cross-origin-resource-policy', 'cross-origin');
    response.headers.set('x-content-type-options', 'nosniff');
    response.headers.set('cache-control', 'no-store');
    return response;
  });
}
