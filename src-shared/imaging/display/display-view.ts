import type { PixelKind } from '../../domain/scan';
import { MAX_ATTENUATION } from '../material-wedges';

/**
 * A view as the viewer draws it: its own samples, and the same in halving sizes, so that a small
 * picture of a large view reads few of them.
 */
export interface DisplayView {
  readonly kind: PixelKind;
  readonly widthPx: number;
  readonly heightPx: number;
  /** From the view's own size downwards; never empty. */
  readonly levels: readonly DisplayLevel[];
}

/** One size of a view: each pixel of level n is the mean of 2ⁿ × 2ⁿ pixels of the view. */
export interface DisplayLevel {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Row-major; the channels of a pixel lie together. */
  readonly samples: DisplaySamples;
}

/**
 * Counts as roots of attenuation (low and high of a dual-energy view, or the only one), or red,
 * green and blue as delivered. The root spreads 16 bits as the eye needs them: a sample s in
 * [0, 65,535] is an attenuation −ln T of MAX_ATTENUATION · (s / 65,535)², finest where it is thin.
 */
export type DisplaySamples = Uint16Array | Uint8Array;

/** Samples of a pixel. */
export const CHANNELS: Readonly<Record<PixelKind, 1 | 2 | 3>> = {
  'dual-energy': 2,
  'single-energy': 1,
  rgb: 3,
};

/** Full scale of a sample. */
export const FULL_SCALE: Readonly<Record<PixelKind, number>> = {
  'dual-energy': 65_535,
  'single-energy': 65_535,
  rgb: 255,
};

/** Attenuation of a sample's share of full scale. */
export function attenuationOfShare(share: number): number {
  return MAX_ATTENUATION * share * share;
}

/** Halving ends at the first level whose longest side is no longer than this. */
const SMALLEST_SIDE_PX = 256;

/** Width and height of every level of a view of that size, its own first. */
export function levelSizes(widthPx: number, heightPx: number): readonly [number, number][] {
  const sizes: [number, number][] = [[widthPx, heightPx]];
  let [width, height] = [widthPx, heightPx];
  while (Math.max(width, height) > SMALLEST_SIDE_PX) {
    [width, height] = [Math.ceil(width / 2), Math.ceil(height / 2)];
    sizes.push([width, height]);
  }
  return sizes;
}

/**
 * The level that is drawn at a scale of screen pixels a view pixel: the smallest that still has a
 * pixel of its own for every screen pixel, so that no thin wire is lost between samples.
 */
export function levelForScale(view: DisplayView, scale: number): number {
  const wanted = Math.floor(Math.log2(1 / scale) + 1e-9);
  return Math.min(Math.max(wanted, 0), view.levels.length - 1);
}
