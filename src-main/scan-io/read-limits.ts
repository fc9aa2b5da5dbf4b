import { PhiscanError } from '../../src-shared/domain/phiscan-error';

/** What a scan may measure at most; checked against headers, before anything is allocated. */
export interface ReadLimits {
  readonly maxFileBytes: number;
  readonly minSidePx: number;
  readonly maxSidePx: number;
  /** Of all views of a scan together; both energies of a view count once. */
  readonly maxPixels: number;
  readonly maxViews: number;
}

/**
 * A lane's view is about 2,600 × 900 pixels; the limits leave an order of magnitude. The smallest
 * side is what still shows something of an object: narrower views are padded with open beam to a
 * tile when they are screened.
 */
export const DEFAULT_READ_LIMITS: ReadLimits = {
  maxFileBytes: 512 * 1024 * 1024,
  minSidePx: 16,
  maxSidePx: 16_384,
  maxPixels: 32_000_000,

  maxViews: 16,
};

/**
 * Refuses sides that a header states before a pixel of them is allocated.
 * @throws PhiscanError picture-too-small or picture-too-large
 */
export function checkPictureSize(widthPx: number, heightPx: number, limits: ReadLimits): void {
  const size = `${String(widthPx)} × ${String(heightPx)} pixels`;
  if (widthPx < limits.minSidePx || heightPx < limits.minSidePx) {
    throw new PhiscanError(
      'picture-too-small',
      `The picture is ${size}; a view needs at least ${String(limits.minSidePx)} on each side to show anything. Scan the bag again or decide by eye.`,
    );
  }
  if (
    widthPx > limits.maxSidePx ||
    heightPx > limits.maxSidePx ||
    widthPx * heightPx > limits.maxPixels
  ) {
    throw new PhiscanError(
      'picture-too-large',
      `The picture says it is ${size}; Phiscan reads up to ${String(limits.maxSidePx)} on a side and ${String(Math.floor(limits.maxPixels / 1e6))} million in all. Export the scan at the scanner's own size.`,
    );
  }
}

/**
 * Refuses more views, or more pixels in all views, than a scanner makes of a bag.
 * @param count views; frames of a dual-energy object count half
 * @throws PhiscanError picture-too-large
 */
export function checkViews(
  count: number,
  widthPx: number,
  heightPx: number,
  limits: ReadLimits,
): void {
  const isTooMuch = count * widthPx * heightPx > limits.maxPixels;
  if (count <= limits.maxViews && !isTooMuch) return;
  throw new PhiscanError(
    'picture-too-large',
    `The file says it holds ${String(count)} views of ${String(widthPx)} × ${String(heightPx)} pixels; Phiscan reads up to ${String(limits.maxViews)} views of one bag and ${String(Math.floor(limits.maxPixels / 1e6))} million pixels in all. Export one bag to a file.`,
  );
}
