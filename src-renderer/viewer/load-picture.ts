import { pixelAddress } from '../../src-shared/contract/pixel-address';
import type { ErrorRecord } from '../../src-shared/domain/phiscan-error';
import { kindOfChannels, parseDisplayBytes } from '../../src-shared/imaging/display/display-bytes';
import type { DisplayView } from '../../src-shared/imaging/display/display-view';
import type { ViewPicture } from './raster';

/** A view's samples, and how many views the bag has (1 where the answer does not say). */
export interface FetchedView {
  readonly view: DisplayView;
  readonly viewCount: number;
}

function numberHeader(response: Response, name: string): number | null {
  const value = Number(response.headers.get(name));
  return Number.isInteger(value) && value > 0 ? value : null;
}

/** Fetches pixels; null when main has none to give (the file could not be decoded, the bag is gone). */
async function fetchPixels(address: string, signal: AbortSignal): Promise<Response | null> {
  const response = await fetch(address, { signal });
  return response.ok ? response : null;
}

async function toPicture(response: Response): Promise<ViewPicture | null> {
  const widthPx = numberHeader(response, 'x-width-px');
  const heightPx = numberHeader(response, 'x-height-px');
  const rgb = new Uint8Array(await response.arrayBuffer());
  if (widthPx === null || heightPx === null || rgb.length !== widthPx * heightPx * 3) return null;
  return { widthPx, heightPx, rgb };
}

/** Why main gives no picture. */
export interface RefusedView {
  readonly refusal: ErrorRecord;
}

/** The picture of one view of a presentation, why main refuses it, or null for an answer that is no picture. */
export async function loadView(
  presentationId: string,
  viewIndex: number,
  signal: AbortSignal,
): Promise<FetchedView | RefusedView | null> {
  const response = await fetch(pixelAddress.view(presentationId, viewIndex), { signal });
  if (!response.ok) return { refusal: (await response.json()) as ErrorRecord };
  const widthPx = numberHeader(response, 'x-width-px');
  const heightPx = numberHeader(response, 'x-height-px');
  const kind = kindOfChannels(numberHeader(response, 'x-channels') ?? 0);
  if (widthPx === null || heightPx === null || kind === null) return null;
  const view = parseDisplayBytes(kind, widthPx, heightPx, await response.arrayBuffer());
  return view && { view, viewCount: numberHeader(response, 'x-view-count') ?? 1 };
}

/** The small picture of a bag in the queue, or null when there is none. */
export async function loadThumbnail(
  bagId: string,
  signal: AbortSignal,
): Promise<ViewPicture | null> {
  const response = await fetchPixels(pixelAddress.thumbnail(bagId), signal);
  return response === null ? null : toPicture(response);
}
