import type { ErrorCode } from '../../src-shared/domain/phiscan-error';
import { PhiscanError, toErrorRecord } from '../../src-shared/domain/phiscan-error';
import type { Box } from '../../src-shared/domain/screening-outcome';
import type { PicturesService } from '../services/pictures-service';
import type { SessionService } from '../services/session-service';

export interface PixelDoor {
  readonly session: SessionService;
  readonly pictures: PicturesService;
}

interface Pixels {
  readonly bytes: Uint8Array;
  /** Header → its number, or JSON in plain ASCII. */
  readonly facts: Readonly<Record<string, number | string>>;
}

/**
 * Answers a request for pixels (src-shared/contract/pixel-address.ts) for the session that is
 * signed in; a refusal is JSON with the error's code and message.
 */
export async function answerPixels(address: string, door: PixelDoor): Promise<Response> {
  try {
    const { bytes, facts } = await pixelsAt(new URL(address).pathname, door);
    const headers = new Headers({ 'content-type': 'application/octet-stream' });
    for (const [name, value] of Object.entries(facts)) headers.set(name, String(value));
    headers.set('access-control-expose-headers', Object.keys(facts).join(', '));
    // A copy, because what a process sends may be a view of a larger buffer.
    return new Response(new Uint8Array(bytes), { headers });
  } catch (fault) {
    const error = toErrorRecord(fault);
    return Response.json(error, { status: STATUS[error.code] ?? 422 });
  }
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  'not-signed-in': 403,
  'presentation-not-found': 404,
  'bag-not-found': 404,
  'request-invalid': 400,
  internal: 500,
};

async function pixelsAt(pathname: string, { session, pictures }: PixelDoor): Promise<Pixels> {
  const caller = session.require('signed-in');
  const [first = '', second = '', third, fourth, ...more] = pathname
    .slice(1)
    .split('/')
    .map(decodeURIComponent);
  if (more.length > 0) throw noSuchPixels();
  if (first === 'bag' && third === 'thumbnail' && fourth === undefined) {
    const { widthPx, heightPx, rgb } = await pictures.thumbnail(second);
    return { bytes: rgb, facts: { 'x-width-px': widthPx, 'x-height-px': heightPx } };
  }
  if (!/^\d{1,3}$/.test(second)) throw noSuchPixels();
  const viewIndex = Number(second);
  if (third === undefined) {
    const view = await pictures.view(caller, first, viewIndex);
    const size = { 'x-width-px': view.widthPx, 'x-height-px': view.heightPx };
    const facts = { ...size, 'x-channels': view.channels, 'x-view-count': view.viewCount };
    return { bytes: view.bytes, facts };
  }
  if (third !== 'tile' || fourth === undefined) throw noSuchPixels();
  const tile = await pictures.tile(caller, first, viewIndex, parseBox(fourth));
  return {
    bytes: Buffer.concat([tile.original, tile.reconstruction, tile.difference, tile.map]),
    facts: { 'x-tile-size-px': tile.tileSizePx, 'x-score-parts': JSON.stringify(tile.parts) },
  };
}

function parseBox(text: string): Box {
  const [x = NaN, y = NaN, width = NaN, height = NaN, ...more] = text.split(',').map(Number);
  if (more.length > 0 || ![x, y, width, height].every(Number.isFinite)) throw noSuchPixels();
  return { x, y, width, height };
}

const noSuchPixels = (): PhiscanError =>
  new PhiscanError('request-invalid', 'There are no pixels at this address.');
