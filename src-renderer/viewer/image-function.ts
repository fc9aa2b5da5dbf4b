import { missingCaseError } from '../../src-shared/domain/missing-case-error';
import type { Raster, ViewPicture } from './raster';

/** What the operator can make of a picture's pixels; the stored scan is never altered. */
export const IMAGE_FUNCTIONS = ['original', 'grey', 'negative'] as const;
export type ImageFunction = (typeof IMAGE_FUNCTIONS)[number];

/** Brightness of a colour: ITU-R BT.601 luma, the weights that JPEG exports of scanners use. */
function luma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** The picture as an image function shows it, opaque. */
export function applyImageFunction(picture: ViewPicture, imageFunction: ImageFunction): Raster {
  const { widthPx, heightPx, rgb } = picture;
  const pixels = widthPx * heightPx;
  const rgba = new Uint8ClampedArray(pixels * 4);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const from = pixel * 3;
    const to = pixel * 4;
    const red = rgb[from] ?? 0;
    const green = rgb[from + 1] ?? 0;
    const blue = rgb[from + 2] ?? 0;
    switch (imageFunction) {
      case 'original':
        rgba[to] = red;
        rgba[to + 1] = green;
        rgba[to + 2] = blue;
        break;
      case 'grey':
        rgba[to] = rgba[to + 1] = rgba[to + 2] = luma(red, green, blue);
        break;
      case 'negative':
        rgba[to] = rgba[to + 1] = rgba[to + 2] = 255 - luma(red, green, blue);
        break;
      default:
        throw missingCaseError(imageFunction);
    }
    rgba[to + 3] = 255;
  }
  return { widthPx, heightPx, rgba };
}

/** What open beam looks like under a function: the ground on which the picture lies. */
export function groundOf(imageFunction: ImageFunction): 'light' | 'dark' {
  return imageFunction === 'negative' ? 'dark' : 'light';
}
