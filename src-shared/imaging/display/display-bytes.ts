import type { PixelKind } from '../../domain/scan';
import {
  CHANNELS,
  levelSizes,
  type DisplayLevel,
  type DisplaySamples,
  type DisplayView,
} from './display-view';

/** All levels of a view one after the other, its own size first; 16-bit samples as this machine holds them. */
export function displayBytes({ levels }: DisplayView): Uint8Array<ArrayBuffer> {
  const length = levels.reduce((sum, { samples }) => sum + samples.byteLength, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const { samples } of levels) {
    bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), at);
    at += samples.byteLength;
  }
  return bytes;
}

/** The view that bytes were made of, or null when they are not of that kind and size. */
export function parseDisplayBytes(
  kind: PixelKind,
  widthPx: number,
  heightPx: number,
  bytes: ArrayBuffer,
): DisplayView | null {
  const levels: DisplayLevel[] = [];
  let at = 0;
  for (const [width, height] of levelSizes(widthPx, heightPx)) {
    const count = width * height * CHANNELS[kind];
    const byteLength = kind === 'rgb' ? count : 2 * count;
    if (at + byteLength > bytes.byteLength) return null;
    const samples: DisplaySamples =
      kind === 'rgb' ? new Uint8Array(bytes, at, count) : new Uint16Array(bytes, at, count);
    levels.push({ widthPx: width, heightPx: height, samples });
    at += byteLength;
  }
  return at === bytes.byteLength ? { kind, widthPx, heightPx, levels } : null;
}

/** The kind of pixels that has so many samples, or null. */
export function kindOfChannels(channels: number): PixelKind | null {
  const kinds: readonly PixelKind[] = ['dual-energy', 'single-energy', 'rgb'];
  return kinds.find((kind) => CHANNELS[kind] === channels) ?? null;
}
